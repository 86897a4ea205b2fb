import { describe, expect, it } from "vitest";
import { VARIED } from "../../../src/arrow/builders/list-column.ts";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { PathTable } from "../../../src/pipeline/path-table.ts";
import { type Definition, RecordKind, type ShapeDefinition } from "../../../src/pipeline/record.ts";
import { RowEncoder, RowFlag, type RowTimes } from "../../../src/pipeline/row-encoder.ts";
import { ShapeTable } from "../../../src/pipeline/shape-table.ts";
import type { Transport } from "../../../src/pipeline/transport.ts";
import type { ComponentSpec } from "../../../src/rrd/component-batch.ts";
import { scalar, text } from "./harness.ts";

const AT_FRAME: RowTimes = { timelines: [{ name: "frame", type: "sequence" }], values: [7n] };

/** A transport that keeps definitions and the payloads of records. */
function recorder() {
  const definitions: Definition[] = [];
  const records: { kind: RecordKind; flags: number; reader: ByteReader }[] = [];
  let open: { kind: RecordKind; flags: number } | undefined;
  const transport: Pick<Transport, "begin" | "end" | "abort" | "define"> = {
    begin(kind, _recording, flags = 0) {
      open = { kind, flags };
      return new ByteWriter();
    },
    end(writer) {
      if (open !== undefined) records.push({ ...open, reader: new ByteReader(writer.written()) });
      return true;
    },
    abort() {},
    define: (definition) => definitions.push(definition),
  };
  const failures: string[] = [];
  const encoder = new RowEncoder(transport as Transport, {
    onFailure: ({ spec }) => failures.push(spec.descriptor.component),
    normalisePath: (path) => (path.startsWith("/") ? path : `/${path}`),
  });
  const paths = () => definitions.filter((definition) => definition.type === "path");
  const shapes = () => definitions.filter((definition) => definition.type === "shape");
  return { transport: transport as Transport, encoder, records, failures, paths, shapes };
}

describe("a row", () => {
  it("is path, shape, clock, times and values", () => {
    const { encoder, records, paths, shapes } = recorder();
    encoder.logRow(1, "/a", AT_FRAME, [{ spec: scalar, values: 0.5 }], 12.25, RowFlag.timeChanged);
    const { kind, flags, reader } = records[0]!;
    expect([kind, flags]).toEqual([RecordKind.row, 1]);
    expect(reader.u32()).toBe(paths()[0]?.no);
    expect(reader.u32()).toBe(shapes()[0]?.no);
    expect(reader.f64()).toBe(12.25);
    expect(reader.i64()).toBe(7n);
    expect(reader.u32()).toBe(1);
    expect(reader.f64()).toBe(0.5);
    expect(reader.remaining).toBe(0);
  });

  it("defines its path and shape once", () => {
    const { encoder, paths, shapes } = recorder();
    const log = (path: string): boolean => encoder.logRow(1, path, AT_FRAME, [{ spec: scalar, values: 1 }], 0, 0);
    for (const path of ["a", "/a", "a", "/a", "b"]) log(path);
    expect(paths().map(({ entityPath }) => entityPath)).toEqual(["/a", "/b"]);
    expect(shapes()).toHaveLength(1);
  });

  it("has another shape for other timelines, for log_time, for static and for other components", () => {
    const { encoder, shapes } = recorder();
    const byTick: RowTimes = { timelines: [{ name: "frame", type: "duration" }], values: [7n] };
    const one = [{ spec: scalar, values: 1 }];
    encoder.logRow(1, "/a", AT_FRAME, one, 0, 0);
    encoder.logRow(1, "/a", byTick, one, 0, 0);
    encoder.logRow(1, "/a", AT_FRAME, one, 0, RowFlag.logTime);
    encoder.logRow(1, "/a", AT_FRAME, one, 0, RowFlag.static);
    encoder.logRow(1, "/a", AT_FRAME, [...one, { spec: text, values: "x" }], 0, 0);
    expect(shapes().map(({ shape }) => [shape.timelines.length, shape.logTime, shape.isStatic])).toEqual([
      [1, false, false],
      [1, false, false],
      [1, true, false],
      [0, false, true],
      [1, false, false],
    ]);
  });

  it("orders columns by archetype and component, and leaves out what has no values", () => {
    const { encoder, records, shapes } = recorder();
    const batches = [
      { spec: text, values: "x" },
      { spec: { ...text, descriptor: { component: "Z" } }, values: undefined },
      { spec: scalar, values: 3 },
    ];
    encoder.logRow(1, "/a", AT_FRAME, batches, 0, RowFlag.static);
    expect(shapes()[0]?.shape.columns.map(({ descriptor }) => descriptor.component)).toEqual([
      "Scalars:scalars",
      "TextLog:text",
    ]);
    const { reader } = records[0]!;
    reader.position = 16;
    expect([reader.u32(), reader.f64()]).toEqual([1, 3]);
  });

  it("is not logged without any values", () => {
    const { encoder, records } = recorder();
    expect(encoder.logRow(1, "/a", AT_FRAME, [{ spec: scalar, values: undefined }], 0, 0)).toBe(false);
    expect(records).toEqual([]);
  });

  it("has an empty list for values that cannot be encoded, and the others as they are", () => {
    const { encoder, records, failures } = recorder();
    const batches = [
      { spec: scalar, values: {} },
      { spec: text, values: "x" },
    ];
    encoder.logRow(1, "/a", AT_FRAME, batches, 0, RowFlag.static);
    expect(failures).toEqual(["Scalars:scalars"]);
    const { reader } = records[0]!;
    reader.position = 16;
    expect([reader.u32(), reader.u32()]).toEqual([0, 1]);
  });

  it("keeps the last of two batches of one component", () => {
    const { encoder, records } = recorder();
    const batches = [
      { spec: scalar, values: 1 },
      { spec: scalar, values: 2 },
    ];
    encoder.logRow(1, "/a", AT_FRAME, batches, 0, RowFlag.static);
    const { reader } = records[0]!;
    reader.position = 20;
    expect(reader.f64()).toBe(2);
    expect(reader.remaining).toBe(0);
  });
});

it("columns are times, then lengths and values per component, sorted by timeline", () => {
  const { encoder, records, shapes } = recorder();
  const times = [
    { timeline: { name: "b", type: "sequence" as const }, values: BigInt64Array.of(3n, 4n) },
    { timeline: { name: "a", type: "sequence" as const }, values: BigInt64Array.of(1n, 2n) },
  ];
  const values = Float64Array.of(0.5, 1.5);
  encoder.logColumns(1, "/a", times, [{ spec: scalar, lengths: undefined, values }], 2);
  expect(shapes()[0]?.shape.timelines.map(({ name }) => name)).toEqual(["a", "b"]);
  const { kind, reader } = records[0]!;
  expect(kind).toBe(RecordKind.columns);
  reader.position = 8;
  expect([reader.u32(), reader.u32()]).toEqual([2, 0]);
  expect([reader.i64(), reader.i64(), reader.i64(), reader.i64()]).toEqual([1n, 2n, 3n, 4n]);
  expect([reader.u32(), reader.u32(), reader.f64(), reader.f64()]).toEqual([1, 0, 0.5, 1.5]);
});

it("columns of lists say how long each is", () => {
  const { encoder, records } = recorder();
  const values = Float64Array.of(0.5, 1.5, 2.5);
  encoder.logColumns(1, "/a", [], [{ spec: scalar, lengths: Uint32Array.of(1, 2), values }], 2);
  const { reader } = records[0]!;
  reader.position = 16;
  expect([reader.u32(), reader.u32(), reader.u32(), reader.u32()]).toEqual([VARIED, 1, 2, 0]);
  expect([reader.f64(), reader.f64(), reader.f64()]).toEqual([0.5, 1.5, 2.5]);
});

describe("bounds (I7)", () => {
  it("forgets paths that were not used for a generation, each number once, and defines them anew", () => {
    const { transport, records, paths } = recorder();
    const table = new PathTable(transport, 1, undefined, 4);
    const first = table.numberOf("/first");
    for (let i = 0; i < 100; i++) {
      table.numberOf("/kept");
      table.numberOf(`/${i}`);
    }
    const forgotten = records.filter(({ kind }) => kind === RecordKind.forget).map(({ reader }) => reader.u32());
    expect(forgotten).toContain(first);
    expect(new Set(forgotten).size).toBe(forgotten.length);
    expect(forgotten.length).toBeGreaterThanOrEqual(92);
    expect(paths().filter(({ entityPath }) => entityPath === "/kept")).toHaveLength(1);
    expect(table.numberOf("/first")).not.toBe(first);
  });

  it("does not forget a path that is used in another spelling", () => {
    const { transport, records } = recorder();
    const table = new PathTable(transport, 1, (path) => (path.startsWith("/") ? path : `/${path}`), 4);
    const kept = table.numberOf("/kept");
    for (let i = 0; i < 100; i++) {
      expect(table.numberOf("kept")).toBe(kept);
      table.numberOf(`/${i}`);
    }
    const forgotten = records.filter(({ kind }) => kind === RecordKind.forget).map(({ reader }) => reader.u32());
    expect(forgotten).not.toContain(kept);
  });

  it("does not forget a path whose other spelling is dropped at the moment in which it is used", () => {
    const { transport, records } = recorder();
    const table = new PathTable(transport, 1, (path) => (path.startsWith("/") ? path : `/${path}`), 4);
    const kept = table.numberOf("kept"); // in both spellings
    for (const path of ["/1", "/2", "/3", "/4", "/5", "/6"]) table.numberOf(path);
    expect(table.numberOf("/kept")).toBe(kept); // an old one by now, which the next generation begins with
    const forgotten = records.filter(({ kind }) => kind === RecordKind.forget).map(({ reader }) => reader.u32());
    expect(forgotten).not.toContain(kept);
  });

  it("starts the shape table anew at its limit, with new numbers", () => {
    const defined: [number, ShapeDefinition][] = [];
    const table = new ShapeTable((no, shape) => defined.push([no, shape]), 10);
    for (let i = 0; i < 100; i++) {
      const spec: ComponentSpec = { descriptor: { component: `c${i}` }, type: "Float64" };
      table.shapeOf(AT_FRAME.timelines, [{ spec }], 0);
    }
    table.shapeOf(AT_FRAME.timelines, [{ spec: scalar }], 0);
    expect(new Set(defined.map(([no]) => no)).size).toBe(101);
  });
});
