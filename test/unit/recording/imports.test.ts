import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC as flechetteFromIPC } from "@uwdata/flechette";
import * as arrow from "apache-arrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Points3D, Scalars, TextLog } from "../../../src/archetypes/index.ts";
import { ThreadTransport } from "../../../src/pipeline/thread-transport.ts";
import type { Transport } from "../../../src/pipeline/transport.ts";
import { startWriterThread } from "../../../src/pipeline/writer-thread/start-writer-thread.ts";
import type { WriterThreadData } from "../../../src/pipeline/writer-thread/thread-messages.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { timeColumn } from "../../../src/recording/time/time-column.ts";
import { warn } from "../../../src/recording/warnings.ts";
import { openRrd } from "../../../src/rrd/reader/open-rrd.ts";
import { createTransport } from "../../../src/writer-entry.ts";
import { describeWithOracle, dump, expectVerified } from "../../oracle.ts";
import { clipFrames, mp4Clip } from "../archetypes/mp4-clip.ts";
import { writerThreadSource } from "../pipeline/threaded.ts";
import { collectWarnings, useFakeTransport } from "./fake-transport.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-imports-"));

/** Where the writer is; the sources alone have no program for a thread. */
const WRITERS: readonly (readonly [string, () => Promise<() => Transport>])[] = [
  ["on the application's own thread", async () => createTransport],
  [
    "on a thread of its own",
    async () => {
      const program = await writerThreadSource();
      const start = (data: WriterThreadData) => startWriterThread(program, data);
      return () => new ThreadTransport({ start, onWarning: warn });
    },
  ],
];

/** A recording with points at two frames and a static text, as a file. */
async function source(name: string): Promise<string> {
  const path = join(folder, `${name}.rrd`);
  const rec = new RecordingStream("source", { recordingId: "source", sendProperties: false });
  rec.save(path);
  for (const frame of [1, 2]) {
    rec.log("points", new Points3D([[frame, 0, 0]], { labels: ["ü"] }), { time: { frame: { sequence: frame } } });
  }
  rec.log("note", new TextLog("static"), { static: true });
  await rec.shutdown({});
  return path;
}

async function rows(bytes: Uint8Array) {
  const found = [];
  const reader = await openRrd(bytes);
  for await (const chunk of reader.chunks({ kind: "recording" })) {
    for (let row = 0; row < chunk.numRows; row++) {
      const times = Object.fromEntries(
        chunk.timelines.filter(({ name }) => name !== "log_time").map(({ name, times }) => [name, times[row]]),
      );
      for (const column of chunk.components) found.push([chunk.entityPath, times, column.component, column.get(row)]);
    }
  }
  return { stores: reader.recordings(), rows: found };
}

describe.each(WRITERS)("with the writer %s", (_, makes) => {
  let warnings: ReturnType<typeof collectWarnings>;
  beforeEach(async () => {
    useFakeTransport();
    processState().hooks.createTransport = await makes();
    warnings = collectWarnings();
  });
  afterEach(async () => {
    const { transport } = processState();
    if (transport instanceof ThreadTransport) await transport.thread?.kill();
    warnings.stop();
  });

  describe("sendChunks", () => {
    it("takes a reader, a list, one chunk and a stream; identity is the destination's, rows stay as they are", async () => {
      const path = await source("chunks");
      const reader = await openRrd(path);
      const chunks = [];
      for await (const chunk of reader.chunks()) chunks.push(chunk);
      const expected = (await rows(readFileSync(path))).rows;
      for (const input of [reader, chunks, reader.chunks()]) {
        const rec = new RecordingStream("target", { recordingId: "target", sendProperties: false });
        const memory = rec.memoryRecording();
        await rec.sendChunks(input);
        const copied = await rows(memory.drainAsBytes());
        expect(copied.stores).toEqual([{ kind: "recording", applicationId: "target", recordingId: "target" }]);
        expect(copied.rows).toEqual(expected);
        await rec.shutdown({});
      }
      const rec = new RecordingStream("target", { sendProperties: false });
      const memory = rec.memoryRecording();
      await rec.sendChunks(chunks[0]!);
      expect((await rows(memory.drainAsBytes())).rows).toHaveLength(chunks[0]!.numRows * chunks[0]!.components.length);
      await rec.shutdown({});
    });

    it("rejects what is no chunk", async () => {
      const rec = new RecordingStream("target");
      for (const input of [null, 7, [{}], "chunks"]) {
        await expect(rec.sendChunks(input as never)).rejects.toMatchObject({ code: "ERR_RERUN_DATA" });
      }
      await new RecordingStream("off", { enabled: false }).sendChunks(null as never);
    });
  });

  describe("logFile", () => {
    const TRIANGLE =
      "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n";

    it("logs texts, images, models, videos and sounds by the archetype that carries them", async () => {
      const rec = new RecordingStream("files", { sendProperties: false, strict: true });
      const memory = rec.memoryRecording();
      const path = join(folder, "note.md");
      writeFileSync(path, "# Title");
      await rec.logFile(path, { entityPathPrefix: "docs/own notes" });
      await rec.logFileFromContents("dot.png", Uint8Array.of(1, 2));
      await rec.logFileFromContents("a/tri.stl", Buffer.from(TRIANGLE), { time: { frame: { sequence: 3 } } });
      await rec.logFileFromContents("drive.mp4", mp4Clip());
      await rec.logFileFromContents("beep.wav", Uint8Array.of(4));
      const found = (await rows(memory.drainAsBytes())).rows;
      const at = (entity: string) => found.filter(([path]) => path === entity).map(([, ...rest]) => rest);
      const parts = path.split("/").filter((part) => part !== "");
      expect(at(`/docs/own\\ notes/${parts.join("/")}`)).toEqual([
        [{}, "TextDocument:media_type", ["text/markdown"]],
        [{}, "TextDocument:text", ["# Title"]],
      ]);
      expect(at("/dot.png").map(([, component]) => component)).toEqual([
        "EncodedImage:blob",
        "EncodedImage:media_type",
      ]);
      expect(at("/a/tri.stl")[1]).toEqual([{ frame: 3n }, "Asset3D:media_type", ["model/stl"]]);
      expect(at("/drive.mp4")[1]).toEqual([{}, "AssetVideo:media_type", ["video/mp4"]]);
      const frames = at("/drive.mp4").slice(2);
      expect(frames[1]).toEqual([{ video: 40_000_000n }, "VideoFrameReference:timestamp", [40_000_000n]]);
      expect(frames).toHaveLength(clipFrames().length);
      expect(at("/beep.wav")[1]).toEqual([{}, "AssetAudio:media_type", ["audio/wav"]]);
      await rec.shutdown({});
    });

    it.each([
      ["txt", "TextDocument:media_type", "text/plain"],
      ["md", "TextDocument:media_type", "text/markdown"],
      ["png", "EncodedImage:media_type", "image/png"],
      ["jpg", "EncodedImage:media_type", "image/jpeg"],
      ["jpeg", "EncodedImage:media_type", "image/jpeg"],
      ["tif", "EncodedImage:media_type", "image/tiff"],
      ["tiff", "EncodedImage:media_type", "image/tiff"],
      ["glb", "Asset3D:media_type", "model/gltf-binary"],
      ["gltf", "Asset3D:media_type", "model/gltf+json"],
      ["obj", "Asset3D:media_type", "model/obj"],
      ["stl", "Asset3D:media_type", "model/stl"],
      ["mp4", "AssetVideo:media_type", "video/mp4"],
      ["aac", "AssetAudio:media_type", "audio/aac"],
      ["flac", "AssetAudio:media_type", "audio/flac"],
      ["m4a", "AssetAudio:media_type", "audio/mp4"],
      ["mp3", "AssetAudio:media_type", "audio/mpeg"],
      ["ogg", "AssetAudio:media_type", "audio/ogg"],
      ["wav", "AssetAudio:media_type", "audio/wav"],
    ])(
      "a file that ends in .%s is static, with its bytes and its media type, however the ending is written",
      async (ending, component, mediaType) => {
        const contents = ending === "mp4" ? mp4Clip() : Buffer.from(`bytes of ${ending}`);
        for (const name of [`file.${ending}`, `FILE.${ending.toUpperCase()}`]) {
          const rec = new RecordingStream("files", { sendProperties: false, strict: true });
          const memory = rec.memoryRecording();
          const path = join(folder, name);
          writeFileSync(path, contents);
          await rec.logFile(path);
          await rec.logFileFromContents(name, contents);
          const found = (await rows(memory.drainAsBytes())).rows.filter(
            ([, times]) => Object.keys(times as object).length === 0,
          );
          const bytesOf = ([, , name, value]: (typeof found)[number]) =>
            name === "TextDocument:text"
              ? Buffer.from((value as string[])[0]!)
              : Buffer.from((value as Uint8Array[])[0]!);
          const types = found.filter(([, , name]) => name === component);
          expect(types.map(([, , , value]) => value)).toEqual([[mediaType], [mediaType]]);
          const payloads = found.filter(([, , name]) => /:(blob|text)$/.test(name as string));
          expect(payloads.map(bytesOf)).toEqual([Buffer.from(contents), Buffer.from(contents)]);
          await rec.shutdown({});
        }
        expect(warnings.messages).toEqual([]);
      },
    );

    it("takes a recording in, its blueprint for this application", async () => {
      const rec = new RecordingStream("files", { recordingId: "r", sendProperties: false, strict: true });
      const memory = rec.memoryRecording();
      await rec.logFile(await source("import"));
      await rec.logFile(join(import.meta.dirname, "../../golden/blueprint_layout.rbl"));
      const { stores, rows: found } = await rows(memory.drainAsBytes());
      expect(stores).toEqual([
        { kind: "recording", applicationId: "files", recordingId: "r" },
        { kind: "blueprint", applicationId: "files", recordingId: expect.any(String) },
      ]);
      expect(found.filter(([path]) => path === "/points")).toHaveLength(4);
      await rec.shutdown({});
    });

    it("a type that is not known, a missing file and a damaged recording: typed in strict mode, else a warning", async () => {
      const rec = new RecordingStream("files", { strict: true });
      const cut = readFileSync(await source("cut"));
      const cases = [
        ["ERR_RERUN_ARGUMENT", () => rec.logFileFromContents("data.xyz", Uint8Array.of(1))],
        ["ERR_RERUN_FILE", () => rec.logFile(join(folder, "missing.png"))],
        ["ERR_RERUN_FILE", () => rec.logFile(join(folder, "missing.rrd"))],
        ["ERR_RERUN_FORMAT", () => rec.logFileFromContents("no.mp4", Uint8Array.of(1, 2, 3))],
        ["ERR_RERUN_FORMAT", () => rec.logFileFromContents("no.rrd", Uint8Array.of(1, 2, 3))],
        ["ERR_RERUN_FORMAT", () => rec.logFileFromContents("cut.rrd", cut.subarray(0, cut.length / 2))],
      ] as const;
      for (const [code, call] of cases) await expect(call()).rejects.toMatchObject({ code });
      await expect(rec.logFileFromContents("data.xyz", Uint8Array.of(1))).rejects.toThrow(/rrd, rbl, txt, md, png/);
      await rec.logFileFromContents("data.xyz", Uint8Array.of(1), { strict: false });
      expect(warnings.messages).toEqual([expect.stringContaining("data.xyz is of no type")]);
      await rec.shutdown({});
    });

    it("two files that cannot be logged are two warnings, which name the line of the call", async () => {
      const rec = new RecordingStream("files");
      for (const name of ["a.ply", "b.urdf"]) await rec.logFileFromContents(name, Uint8Array.of(1));
      for (const name of ["missing1.png", "missing2.png"]) await rec.logFile(join(folder, name));
      const text = join(folder, "text.txt");
      writeFileSync(text, "hello");
      const wrong = { time: { frame: { sequence: 0.5 } } };
      for (let i = 0; i < 2; i++) await rec.logFile(text, wrong);
      await expect(rec.logFile(text, { ...wrong, strict: true })).rejects.toMatchObject({ code: "ERR_RERUN_TIMELINE" });
      for (const [i, text] of ["a.ply", "b.urdf", "missing1.png", "missing2.png", "0.5"].entries()) {
        expect(warnings.messages[i]).toContain(text);
        expect(warnings.messages[i]).toMatch(/\(at .*imports\.test\.ts:\d+:\d+\)$/);
      }
      expect(warnings.messages).toHaveLength(5);
      await rec.shutdown({});
    });
  });

  describe("sendRecordBatch", () => {
    const table = new arrow.Table({
      frame: arrow.vectorFromArray([10n, 20n, 30n], new arrow.Int64()),
      "/a:Scalars:scalars": arrow.vectorFromArray([1.5, null, 3.5], new arrow.Float64()),
      "/b:names": arrow.vectorFromArray(
        [["x"], ["y", "z"], null],
        new arrow.List(new arrow.Field("item", new arrow.Utf8(), true)),
      ),
      flag: arrow.vectorFromArray([true, false, true], new arrow.Bool()),
      position: arrow.vectorFromArray(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        new arrow.FixedSizeList(2, new arrow.Field("item", new arrow.Float32(), true)),
      ),
    });
    const options = { index: "frame", entityPath: "rest" } as const;
    const send = async (input: never, given: object = options) => {
      const rec = new RecordingStream("arrow", { sendProperties: false });
      const memory = rec.memoryRecording();
      await rec.sendRecordBatch(input, given);
      const bytes = memory.drainAsBytes();
      await rec.shutdown({});
      return bytes;
    };
    const ipc = arrow.tableToIPC(table, "stream");
    const forms = [
      ["an IPC stream", ipc],
      ["a table of apache-arrow", table],
      ["a table of flechette", flechetteFromIPC(ipc)],
    ] as const;

    it.each(forms)("takes %s", async (_, input) => {
      const found = (await rows(await send(input as never))).rows;
      const at = (component: string) =>
        found
          .filter(([, , name]) => name === component)
          .map(([path, times, , values]) => [path, times, values && [...(values as [])]]);
      const frames = [{ frame: 10n }, { frame: 20n }, { frame: 30n }];
      expect(at("Scalars:scalars")).toEqual([[1.5], null, [3.5]].map((values, i) => ["/a", frames[i], values]));
      expect(at("names")).toEqual([["x"], ["y", "z"], null].map((values, i) => ["/b", frames[i], values]));
      expect(at("flag")).toEqual([[true], [false], [true]].map((values, i) => ["/rest", frames[i], values]));
      expect(at("position").map(([, , value]) => Array.from((value as [ArrayLike<number>])[0]))).toEqual([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
    });

    it("sendDataFrame takes what makes a table, batches one by one, and tables as they are", async () => {
      async function* batches() {
        yield* table.batches;
        yield* table.batches;
      }
      const sent = async (frame: never) => {
        const rec = new RecordingStream("frames", { sendProperties: false });
        const memory = rec.memoryRecording();
        await rec.sendDataFrame(frame, options);
        const found = (await rows(memory.drainAsBytes())).rows.filter(([, , name]) => name === "flag");
        await rec.shutdown({});
        return found.map(([, , , values]) => values);
      };
      const flags = [[true], [false], [true]];
      for (const frame of [{ toArrow: () => table }, { toArrow: async () => ipc }, [table], table, ipc]) {
        expect(await sent(frame as never)).toEqual(flags);
      }
      expect(await sent(batches() as never)).toEqual([...flags, ...flags]);
      for (const nothing of [null, 7, { rows: [] }]) {
        await expect(sent(nothing as never)).rejects.toMatchObject({ code: "ERR_RERUN_DATA" });
      }
    });

    it("takes a slice, a single batch, dictionaries of texts, and times in other units", async () => {
      const slice = (await rows(await send(table.slice(1, 3) as never))).rows;
      expect(slice.filter(([, , name]) => name === "flag").map(([, , , values]) => values)).toEqual([[false], [true]]);
      expect(slice.filter(([, , name]) => name === "names").map(([, , , values]) => values)).toEqual([
        ["y", "z"],
        null,
      ]);
      expect((await rows(await send(table.batches[0] as never))).rows).toHaveLength(12);
      const other = new arrow.Table({
        at: arrow.vectorFromArray([new Date(1000), new Date(2000)], new arrow.TimestampMillisecond()),
        text: arrow.vectorFromArray(["a", null], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
      });
      for (const input of [other, arrow.tableToIPC(other, "stream")]) {
        const found = (await rows(await send(input as never, { index: "at", entityPath: "x" }))).rows;
        expect(found).toEqual([
          ["/x", { at: 1_000_000_000n }, "text", ["a"]],
          ["/x", { at: 2_000_000_000n }, "text", null],
        ]);
      }
    });

    it("index: null makes static rows; contradictions are typed errors", async () => {
      const scalars = new arrow.Table({ "/a:x": arrow.vectorFromArray([1], new arrow.Float64()) });
      expect((await rows(await send(scalars as never, { index: null }))).rows).toEqual([
        ["/a", {}, "x", Float64Array.of(1)].map((v) => (v instanceof Float64Array ? [...v] : v)),
      ]);
      const date = new arrow.Table({ d: arrow.vectorFromArray([new Date(0)], new arrow.DateDay()) });
      const refused = async (input: unknown, given: object) => send(input as never, given).catch(({ code }) => code);
      expect(await refused(scalars, {})).toBe("ERR_RERUN_ARGUMENT");
      expect(await refused(table, { index: "no such" })).toBe("ERR_RERUN_ARGUMENT");
      expect(await refused(table, { index: "frame" })).toBe("ERR_RERUN_ARGUMENT");
      expect(await refused(table, { index: "/a:Scalars:scalars", entityPath: "x" })).toBe("ERR_RERUN_TIMELINE");
      expect(await refused(date, { index: null, entityPath: "x" })).toBe("ERR_RERUN_DATA");
      expect(await refused({}, {})).toBe("ERR_RERUN_DATA");
      expect(await refused(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), {})).toBe("ERR_RERUN_FORMAT");
    });

    describeWithOracle("for the official tools", () => {
      it("what was sent in any form is valid and has the same values", async () => {
        const dumped = [];
        for (const [name, input] of forms) {
          const path = join(folder, `${name}.rrd`);
          const rec = new RecordingStream("arrow", { sendProperties: false });
          rec.save(path);
          await rec.sendRecordBatch(input as never, options);
          rec.sendColumns("c", {
            indexes: [timeColumn("frame", { sequence: [1] })],
            columns: [Scalars.columns({ scalars: [1] })],
          });
          await rec.shutdown({});
          expectVerified(path);
          dumped.push(
            dump(path)[0]!.chunks.map(({ entity, timelines, components }) => ({ entity, timelines, components })),
          );
        }
        expect(dumped[1]).toEqual(dumped[0]);
        expect(dumped[2]).toEqual(dumped[0]);
        expect(dumped[0]).toContainEqual({
          entity: "/b",
          timelines: { frame: ["10", "20", "30"] },
          components: { names: [["x"], ["y", "z"], null] },
        });
      });
    });
  });
});
