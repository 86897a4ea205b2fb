import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { activationMessage } from "../../../src/rrd/activation.ts";
import type { Chunk } from "../../../src/rrd/chunk.ts";
import { encodeChunk } from "../../../src/rrd/chunk-encoder.ts";
import { Footer } from "../../../src/rrd/footer.ts";
import { RrdFileWriter } from "../../../src/rrd/rrd-file-writer.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import { storeInfoMessage } from "../../../src/rrd/store-info.ts";
import { parseStreamFooter, STREAM_FOOTER_BYTES } from "../../../src/rrd/stream-footer.ts";
import { describeWithOracle, dump, expectVerified, rerun } from "../../oracle.ts";
import { type ChunkParts, chunkOf, isRecursive, level, scalars, store, text } from "./chunks.ts";
import { manifestsOf } from "./manifests.ts";

const other: StoreId = { kind: "recording", applicationId: "shop demo requests", recordingId: "0af7" };
const blueprint: StoreId = { kind: "blueprint", applicationId: "shop demo", recordingId: "dashboard" };

/** Writes a file and returns its bytes. */
function written(write: (writer: RrdFileWriter) => void, writeFooter = true): Uint8Array {
  const bytes = new ByteWriter();
  const writer = new RrdFileWriter((part) => bytes.raw(part), { writeFooter });
  write(writer);
  writer.finish();
  writer.finish();
  return bytes.written().slice();
}

const withChunks = (...chunks: readonly (readonly [StoreId, Chunk])[]): Uint8Array =>
  written((writer) => {
    for (const id of new Set(chunks.map(([id]) => id))) writer.write(storeInfoMessage(id));
    for (const [id, chunk] of chunks) writer.write(encodeChunk(id, chunk));
  });

const scalar = (times: ChunkParts["times"], entityPath = "/a"): Chunk =>
  chunkOf({
    entityPath,
    ...(times && { times }),
    components: [
      {
        descriptor: scalars,
        type: "Float64",
        rows: Array.from({ length: Object.values(times ?? {})[0]?.values.length ?? 1 }, (_, at) => [at]),
      },
    ],
  });

const sequence = (...values: bigint[]) => ({ type: "sequence" as const, values });

/** Everything that a manifest has a column or a flag for. */
function zoo(): Uint8Array {
  return withChunks(
    [
      store,
      chunkOf({
        entityPath: "/__properties",
        components: [
          {
            descriptor: {
              archetype: "rerun.archetypes.RecordingInfo",
              component: "RecordingInfo:name",
              componentType: "rerun.components.Name",
            },
            type: "Utf8",
            rows: [["the run"]],
          },
        ],
      }),
    ],
    [
      store,
      chunkOf({
        entityPath: "/__properties/camera\\ pos",
        components: [{ descriptor: { component: "http.method" }, type: "Int64", rows: [[1n]] }],
      }),
    ],
    [
      store,
      chunkOf({
        entityPath: "/logs/a\\ b",
        times: {
          log_time: { type: "timestamp", values: [1_700_000_000_000_000_001n, 1_700_000_000_000_000_000n] },
          "my-time.x": { type: "duration", values: [-5n, 5n] },
        },
        components: [
          { descriptor: level, type: "Utf8", rows: [null, ["INFO"]] },
          { descriptor: text, type: "Utf8", rows: [["a"], ["b"]] },
        ],
      }),
    ],
    [
      store,
      chunkOf({
        entityPath: "/logs/a\\ b",
        times: { log_time: { type: "timestamp", values: [5n, 6n, 7n] } },
        components: [
          { descriptor: level, type: "Utf8", rows: [null, null, null] },
          { descriptor: text, type: "Utf8", rows: [null, ["c"], null] },
        ],
      }),
    ],
    [store, scalar({ frame: sequence(3n, 1n, 2n), log_time: { type: "timestamp", values: [1n, 2n, 3n] } }, "/plot")],
    [store, scalar({ frame: sequence(-(2n ** 63n) + 1n, 2n ** 63n - 1n) }, "/plot")],
    [
      store,
      chunkOf({
        entityPath: "/plot",
        times: { frame: sequence(9n) },
        components: [{ descriptor: isRecursive, type: "Boolean", rows: [[true]] }],
      }),
    ],
    [
      store,
      chunkOf({
        entityPath: "/empty",
        times: { frame: sequence(1n, 2n) },
        components: [
          { descriptor: { component: "never" }, type: "Float32", rows: [[], []] },
          { descriptor: { archetype: "My.Thing", component: "My.Thing:field" }, type: "Utf8", rows: [["x"], []] },
        ],
      }),
    ],
    [other, scalar({ frame: sequence(1n) }, "/trace")],
    [other, scalar(undefined, "/trace/static")],
  );
}

describe("the stream", () => {
  it("is the same bytes for the same messages (I9)", () => {
    const messages = [storeInfoMessage(store), storeInfoMessage(store)];
    expect(messages[0]).toEqual(messages[1]);
    const chunk = scalar({ frame: sequence(1n, 2n) });
    expect(withChunks([store, chunk])).toEqual(withChunks([store, chunk]));
  });

  it("is only a prefix without footer: what is whole stays valid (I2)", () => {
    const messages = [storeInfoMessage(store), activationMessage(blueprint, { makeActive: true, makeDefault: false })];
    const write = (writer: RrdFileWriter) => messages.forEach((message) => void writer.write(message));
    const [plain, footed] = [written(write, false), written(write, true)];
    expect(footed.subarray(0, plain.length)).toEqual(plain);
    expect(parseStreamFooter(plain, plain.length - STREAM_FOOTER_BYTES)).toBeUndefined();
  });

  it("has an empty footer if there is no chunk", () => {
    const bytes = written((writer) => writer.write(storeInfoMessage(store)));
    expect(parseStreamFooter(bytes, bytes.length - STREAM_FOOTER_BYTES)).toMatchObject({
      length: 0,
      checksum: 0x2a973671,
    });
  });
});

describe("the footer", () => {
  it("is left out where names collide, as by the official file sink", () => {
    const bytes = withChunks([store, scalar({ "a-b": sequence(1n), a_b: sequence(1n) })]);
    expect(() => manifestsOf(bytes)).toThrow("no footer");
  });

  it("is given up, with its memory, when a file has too many chunks (I7)", () => {
    const footer = new Footer(100);
    const message = encodeChunk(store, scalar({ frame: sequence(1n) }));
    for (let chunk = 0; chunk < 7; chunk++) footer.add(message, 12);
    expect(footer.encode()).toBeInstanceOf(Uint8Array);
    footer.add(message, 12);
    footer.add(message, 12);
    expect(footer.encode()).toBeUndefined();
  });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-rrd-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function onDisk(bytes: Uint8Array): string {
  const path = join(folder, "run.rrd");
  writeFileSync(path, bytes);
  return path;
}

describeWithOracle("a file, judged by the official tools (I10)", () => {
  it("verifies without a warning, with several stores, static, empty, cleared and unsorted columns", () => {
    const path = onDisk(zoo());
    for (const args of [["verify"], ["stats"], ["print", "-vvv"]]) {
      const { status, output } = rerun("rrd", ...args, path);
      expect(output).not.toMatch(/WARN|ERROR/);
      expect(status).toBe(0);
    }
    expect(rerun("rrd", "print", "-vvv", path).output).toContain("otel-rerun");
  });

  it("has the manifests that the official tool computes for the same chunks", () => {
    const bytes = zoo();
    const rewritten = join(folder, "official.rrd");
    expect(rerun("rrd", "merge", onDisk(bytes), "-o", rewritten)).toMatchObject({ status: 0 });
    const byStore = (file: Uint8Array) => [...manifestsOf(file)].sort((a, b) => (a.store < b.store ? -1 : 1));
    const [ours, official] = [byStore(bytes), byStore(readFileSync(rewritten))];
    expect(ours.map((manifest) => manifest.store)).toEqual(official.map((manifest) => manifest.store));
    for (const [at, manifest] of ours.entries()) {
      expect(manifest.columns).toEqual(official[at]?.columns);
      expect(manifest.rows).toEqual(official[at]?.rows);
      expect(manifest.schema).toEqual(official[at]?.schema);
    }
  });

  it("is read back by the official SDK, value for value", () => {
    const stores = dump(onDisk(zoo()));
    expect(stores.map(({ applicationId, recordingId }) => [applicationId, recordingId])).toEqual(
      expect.arrayContaining([
        ["shop demo", "run"],
        ["shop demo requests", "0af7"],
      ]),
    );
    const logs = stores
      .find(({ recordingId }) => recordingId === "run")
      ?.chunks.filter(({ entity }) => entity === "/logs/a\\ b");
    expect(logs?.map(({ components }) => components["TextLog:text"])).toEqual([
      [["a"], ["b"]],
      [null, ["c"], null],
    ]);
  });

  it("is valid with a blueprint and its activation", () => {
    const chunk = scalar({ blueprint: sequence(0n) }, "/x");
    const path = onDisk(
      written((writer) => {
        writer.write(storeInfoMessage(blueprint));
        writer.write(encodeChunk(blueprint, chunk));
        writer.write(activationMessage(blueprint, { makeActive: true, makeDefault: true }));
      }),
    );
    expectVerified(path);
    expect(dump(path)[0]).toMatchObject({ kind: "blueprint", applicationId: "shop demo", recordingId: "dashboard" });
  });
});
