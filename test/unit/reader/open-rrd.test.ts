import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openRrd, RerunError, type RrdInput } from "../../../src/reader.ts";
import { encodeMessageHeader, MessageKind } from "../../../src/rrd/frame.ts";
import { all, golden, goldenFiles, goldenPath, joined, rows, uncompressed, written } from "./streams.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-reader-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const name = "catalog_text.rrd";
const bytes = golden(name);

async function* pieces(of: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < of.length; at += size) yield of.subarray(at, at + size);
}

/** Without End and footer, as a process leaves it that was killed. */
async function unfinished(of: Uint8Array): Promise<Uint8Array> {
  return written(await all((await openRrd(of)).messages()), false);
}

describe("what can be opened", () => {
  const inputs: [string, () => RrdInput][] = [
    ["a path", () => goldenPath(name)],
    ["a file: URL", () => pathToFileURL(goldenPath(name))],
    ["bytes", () => bytes],
    ["bytes at an odd address", () => joined(Uint8Array.of(1), bytes).subarray(1)],
    ["a stream of single bytes", () => pieces(bytes, 1)],
    ["a web stream", () => new Blob([new Uint8Array(bytes)]).stream()],
  ];
  it.each(inputs)("%s", async (_, input) => {
    const reader = await openRrd(input());
    expect(reader.recordings()).toEqual([
      { kind: "recording", applicationId: "golden_catalog", recordingId: "catalog_text" },
    ]);
    expect(await rows(reader)).toEqual(await rows(await openRrd(bytes)));
  });

  it("refuses everything else with a typed error", async () => {
    const wrong = (input: unknown): Promise<unknown> => openRrd(input as RrdInput).catch((error) => error.code);
    expect(await wrong(42)).toBe("ERR_RERUN_ARGUMENT");
    expect(await wrong(["text"].values())).toBe("ERR_RERUN_ARGUMENT");
    expect(await wrong(new Blob(["text"]).stream().pipeThrough(new TextDecoderStream()))).toBe("ERR_RERUN_ARGUMENT");
    expect(await wrong(join(folder, "missing.rrd"))).toBe("ERR_RERUN_FILE");
    expect(await wrong(folder)).toBe("ERR_RERUN_FILE");
    expect(await wrong(new TextEncoder().encode("no recording"))).toBe("ERR_RERUN_FORMAT");
    expect(await wrong(bytes.subarray(0, 7))).toBe("ERR_RERUN_FORMAT");
    expect(await wrong(joined(Uint8Array.of(0x52, 0x52, 0x46, 0x31), bytes.subarray(4)))).toBe("ERR_RERUN_FORMAT");
  });

  it("nothing at all is a recording that has not begun", async () => {
    const reader = await openRrd(new Uint8Array(0));
    expect([reader.recordings(), await rows(reader), reader.truncatedAt]).toEqual([[], [], undefined]);
  });
});

it.each(goldenFiles)("%s: the same rows unpacked, and without an index", async (file) => {
  const original = golden(file);
  const expected = await rows(await openRrd(original));
  expect(await rows(await openRrd(await uncompressed(original)))).toEqual(expected);
  const reader = await openRrd(await unfinished(original));
  expect(await rows(reader)).toEqual(expected);
  expect(reader.problems).toEqual([]);
});

describe("laziness", () => {
  it("decodes no chunk that nobody asks for", async () => {
    const damaged = bytes.slice();
    const [, , second] = await all((await openRrd(damaged)).messages());
    if (second?.kind !== "arrow") throw new Error("the file has changed");
    damaged.fill(0xff, second.payload.byteOffset + 60, second.payload.byteOffset + second.payload.length - 40);
    const reader = await openRrd(damaged);
    expect(reader.recordings()).toHaveLength(1);
    const other = (await rows(await openRrd(bytes))).at(-1);
    const [entityPath] = JSON.parse(other as string) as [string];
    expect(await all(reader.chunks({ entityPath }))).toHaveLength(1);
    await expect(rows(reader)).rejects.toMatchObject({ code: "ERR_RERUN_FORMAT" });
  });

  it("gives the chunks of one recording, or of one entity", async () => {
    const reader = await openRrd(golden("blueprint_embedded.rrd"));
    const kinds = await all(reader.chunks({ kind: "blueprint" }));
    const ofOne = await all(reader.chunks({ entityPath: "/plot/a" }));
    expect([kinds.length, ofOne.map(({ numRows }) => numRows)]).toEqual([7, [2]]);
    for (const entityPath of ["plot/a", "plot//a/", ["plot", "a"]]) {
      expect(await all(reader.chunks({ entityPath }))).toHaveLength(ofOne.length);
    }
    expect(await all(reader.chunks({ recordingId: "of nobody" }))).toEqual([]);
  });

  it("says so when the file becomes shorter while it is read", async () => {
    const path = join(folder, "shrinking.rrd");
    writeFileSync(path, bytes);
    const reader = await openRrd(path);
    truncateSync(path, 100);
    await expect(rows(reader)).rejects.toMatchObject({ code: "ERR_RERUN_FORMAT" });
  });
});

describe("an index that is wrong", () => {
  it("is not used, and said so, when its checksum does not fit", async () => {
    const wrong = bytes.slice();
    wrong[wrong.length - 16]! ^= 1;
    const reader = await openRrd(wrong);
    expect(await rows(reader)).toEqual(await rows(await openRrd(bytes)));
    expect(reader.problems).toMatchObject([{ kind: "index" }]);
  });

  it("is not used when it leads astray, although its checksum fits", async () => {
    const messages = await all((await openRrd(bytes)).messages());
    const file = written(messages, true);
    // a byte longer in front of all chunks: every offset of the index is off by the unknown message
    const extra = joined(encodeMessageHeader(3, 0).fill(9, 0, 1));
    const moved = joined(file.subarray(0, 12), extra, file.subarray(12));
    const reader = await openRrd(moved);
    expect(await rows(reader)).toEqual(await rows(await openRrd(bytes)));
    expect(reader.problems.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["unknown", "index"]));
  });
});

describe("streams that follow each other in one file", () => {
  const one = golden("catalog_text.rrd");
  const two = golden("catalog_plots.rrd");

  it.each(["both finished", "the first unfinished", "an old end without a footer between"])("%s", async (how) => {
    const first = {
      "both finished": one,
      "the first unfinished": await unfinished(one),
      "an old end without a footer between": joined(await unfinished(one), encodeMessageHeader(MessageKind.End, 0)),
    }[how] as Uint8Array;
    const reader = await openRrd(joined(first, two));
    expect(reader.recordings().map(({ recordingId }) => recordingId)).toEqual(["catalog_text", "catalog_plots"]);
    expect(await rows(reader)).toEqual([...(await rows(await openRrd(one))), ...(await rows(await openRrd(two)))]);
    expect(reader.problems.filter(({ kind }) => kind !== "index")).toEqual([]);
  });
});

it("passes over kinds of messages that come after our time, and says so", async () => {
  const file = await unfinished(bytes);
  const unknown = joined(
    Uint8Array.of(77),
    new Uint8Array(7),
    encodeMessageHeader(0, 3).subarray(8),
    Uint8Array.of(1, 2, 3),
  );
  const reader = await openRrd(joined(file, unknown, file.subarray(12)));
  expect(reader.problems).toMatchObject([{ kind: "unknown", offset: file.length, length: unknown.length }]);
  expect(await rows(reader)).toHaveLength(2 * (await rows(await openRrd(bytes))).length);
});

it("asks for rows that are there", async () => {
  const [chunk] = await all((await openRrd(bytes)).chunks());
  for (const row of [-1, chunk!.numRows, 0.5]) {
    expect(() => chunk!.components[0]!.get(row)).toThrow(RerunError);
    expect(() => chunk!.timelines[0]!.get(row)).toThrow(RerunError);
  }
});
