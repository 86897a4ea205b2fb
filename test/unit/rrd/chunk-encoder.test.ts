import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { RecordBatchReader, tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decompressBlock } from "../../../src/bytes/lz4.ts";
import { encodeChunk } from "../../../src/rrd/chunk-encoder.ts";
import type { ArrowMessage } from "../../../src/rrd/log-message.ts";
import { Compression } from "../../../src/rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import { ArrowMsgSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { chunkOf, level, scalars, store, text } from "./chunks.ts";

const frames = (...values: number[]) => ({ frame: { type: "sequence" as const, values: values.map(BigInt) } });

function ipcOf({ payload }: ArrowMessage): Uint8Array {
  const { payload: block, uncompressedSize } = fromBinary(ArrowMsgSchema, payload);
  return decompressBlock(block, Number(uncompressedSize));
}

const metadataOf = (message: ArrowMessage) => Object.fromEntries(tableFromIPC(ipcOf(message)).schema.metadata);

describe("the ArrowMsg", () => {
  it("is what the protobuf library makes of its fields, byte for byte", () => {
    const { payload, isStatic } = encodeChunk(
      { kind: "blueprint", applicationId: "é", recordingId: "" },
      chunkOf({ components: [{ descriptor: scalars, type: "Float64", rows: [[1], [2]] }] }),
    );
    const message = fromBinary(ArrowMsgSchema, payload);
    expect(Buffer.from(payload)).toEqual(Buffer.from(toBinary(ArrowMsgSchema, message)));
    expect(message).toMatchObject({ compression: Compression.LZ4, encoding: 1, isStatic: true });
    expect(message.storeId).toMatchObject({ kind: 2, recordingId: "", applicationId: { id: "é" } });
    expect(isStatic).toBe(true);
  });

  it("has the chunk's id as in its metadata, and says when it is not static", () => {
    const chunk = chunkOf({ times: frames(1), components: [{ descriptor: scalars, type: "Float64", rows: [[1]] }] });
    const encoded = encodeChunk(store, chunk);
    const { chunkId, isStatic } = fromBinary(ArrowMsgSchema, encoded.payload);
    const text = `${chunkId?.timeNs?.toString(16).padStart(16, "0")}${chunkId?.inc?.toString(16).padStart(16, "0")}`;
    expect(metadataOf(encoded)["rerun:id"]?.toLowerCase()).toBe(`chunk_${text}`);
    expect(text).toBe(Buffer.from(chunk.id).toString("hex"));
    expect(isStatic).toBe(false);
  });

  it("makes the same bytes of the same chunk (I9)", () => {
    const chunk = chunkOf({ times: frames(1), components: [{ descriptor: text, type: "Utf8", rows: [["a"]] }] });
    expect(encodeChunk(store, chunk).payload.slice()).toEqual(encodeChunk(store, chunk).payload);
  });
});

describe("the record batch, read by apache-arrow", () => {
  it("has row ids, then timelines, then components, with their values", () => {
    const chunk = chunkOf({
      times: {
        step: { type: "sequence", values: [3n, 1n] },
        log_time: { type: "timestamp", values: [10n, 20n] },
        took: { type: "duration", values: [-5n, 7n] },
      },
      components: [
        { descriptor: { component: "free" }, type: "Int32", rows: [[], [1, 2]] },
        { descriptor: text, type: "Utf8", rows: [["hällo"], null] },
      ],
      rowIds: [2n, 1n],
    });
    const table = tableFromIPC(ipcOf(encodeChunk(store, chunk)));
    expect(table.schema.fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual([
      ["rerun.controls.RowId", "FixedSizeBinary[16]", false],
      ["log_time", "Timestamp<NANOSECOND>", true],
      ["step", "Int64", true],
      ["took", "Duration<NANOSECOND>", true],
      ["free", "List<Int32>", true],
      ["TextLog:text", "List<Utf8>", true],
    ]);
    expect(table.schema.fields.map(({ metadata }) => metadata.get("rerun:is_sorted"))).toEqual([
      undefined,
      "true",
      undefined,
      "true",
      undefined,
      undefined,
    ]);
    expect(Object.fromEntries(table.schema.fields[5]?.metadata ?? [])).toEqual({
      "rerun:kind": "data",
      "rerun:archetype": "rerun.archetypes.TextLog",
      "rerun:component": "TextLog:text",
      "rerun:component_type": "rerun.components.Text",
    });
    expect([...(table.getChild("step") ?? [])]).toEqual([3n, 1n]);
    const rows = (name: string) => [...(table.getChild(name) ?? [])].map((row) => row && [...row]);
    expect(rows("free")).toEqual([[], [1, 2]]);
    expect(rows("TextLog:text")).toEqual([["hällo"], null]);
  });

  it("has its own path and id for any path, though the schema is made once per shape", () => {
    const components = [{ descriptor: level, type: "Utf8" as const, rows: [["INFO"]] }];
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (entityPath) => {
        const chunk = chunkOf({ entityPath, components });
        const ipc = ipcOf(encodeChunk(store, chunk));
        const { schema } = tableFromIPC(ipc);
        expect(schema.metadata.get("rerun:entity_path")).toBe(entityPath);
        expect(schema.metadata.get("sorbet:version")).toBe("0.1.3");
        expect(schema.fields[1]?.name).toBe("TextLog:level");
        expect(ipc.length % 8).toBe(0);
        expect(Buffer.from(ipc.subarray(-8)).toString("hex")).toBe("ffffffff00000000");
      }),
    );
  });

  it("keeps shapes apart that differ in one thing only", () => {
    const rows = [[1]];
    const schemas = [
      chunkOf({ components: [{ descriptor: { component: "a" }, type: "Int32", rows }] }),
      chunkOf({ components: [{ descriptor: { component: "a" }, type: "UInt32", rows }] }),
      chunkOf({ components: [{ descriptor: { component: "a", archetype: "b" }, type: "Int32", rows }] }),
      chunkOf({ components: [{ descriptor: { component: "a", componentType: "b" }, type: "Int32", rows }] }),
      chunkOf({ times: frames(1), components: [{ descriptor: { component: "a" }, type: "Int32", rows }] }),
    ].map((chunk) => {
      const { schema } = RecordBatchReader.from(ipcOf(encodeChunk(store, chunk))).open();
      return schema.fields.map(({ name, type, metadata }) => [name, String(type), [...metadata]].join());
    });
    expect(new Set(schemas.map((fields) => fields.join(";"))).size).toBe(schemas.length);
  });
});

describe("the summary", () => {
  it("has the range of all rows, and of those that have a component", () => {
    const { summary } = encodeChunk(
      store,
      chunkOf({
        times: frames(5, 2, 9, 4),
        components: [
          { descriptor: level, type: "Utf8", rows: [null, null, null, null] },
          { descriptor: scalars, type: "Float64", rows: [[1], [], null, [2]] },
          { descriptor: text, type: "Utf8", rows: [[], [], [], []] },
        ],
      }),
    );
    expect(summary.timelines).toEqual([{ name: "frame", type: "sequence", start: 2n, end: 9n }]);
    expect(summary.components.map(({ isEmpty, numRows, ranges }) => ({ isEmpty, numRows, ranges }))).toMatchObject([
      { isEmpty: true, numRows: 0, ranges: [] },
      { isEmpty: false, numRows: 3, ranges: [{ start: 2n, end: 5n }] },
      { isEmpty: true, numRows: 4, ranges: [{ start: 2n, end: 9n }] },
    ]);
  });
});
