import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { BatcherConfig } from "../../../src/pipeline/batcher-config.ts";
import type { ShapeDefinition } from "../../../src/pipeline/record.ts";
import { encodeComponent } from "../../../src/pipeline/values/value-encoder.ts";
import { arbitraryInstance } from "../encoders/arbitrary-values.ts";
import { componentDatatypes, otherDatatypes } from "../encoders/datatypes.ts";
import { batching, byFrame, text } from "./harness.ts";

describe("thresholds (C08)", () => {
  it("makes a chunk at the third row of an entity when flushNumRows is 3, and not across entities", () => {
    const { row, frames } = batching({ flushNumRows: 3 });
    row("/a", 1);
    row("/b", 2);
    row("/a", 3);
    expect(frames()).toEqual([]);
    row("/a", 4);
    expect(frames()).toEqual(["/a 1,3,4"]);
  });

  it("makes a chunk of every row when flushNumRows is 0", () => {
    const { row, frames } = batching({ flushNumRows: 0 });
    row("/a", 1);
    row("/a", 2);
    expect(frames()).toEqual(["/a 1", "/a 2"]);
  });

  it("makes a chunk as soon as the bytes of an entity reach flushNumBytes", () => {
    const { row, chunks, processor } = batching({ flushNumBytes: 1000 });
    let rows = 0;
    while (chunks.length === 0) row("/a", rows++);
    expect(chunks[0]?.reason).toBe("bytes");
    // a row of one scalar at one time: 16 row id, 8 time, 12 to 16 value and its offset
    expect(rows).toBeGreaterThanOrEqual(Math.floor(1000 / 40));
    expect(rows).toBeLessThanOrEqual(Math.ceil(1000 / 32));
    expect(processor.pendingRows).toBe(0);
  });

  it.each([...componentDatatypes(), ...otherDatatypes])("counts the bytes of %s to the row", (_, type) => {
    const shape: ShapeDefinition = { ...byFrame, columns: [{ descriptor: { component: "x" }, type }] };
    const rows = fc.array(fc.array(arbitraryInstance(type), { maxLength: 3 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 1500 }), (given, flushNumBytes) => {
        const inserted: number[] = [];
        const { processor } = batching({ flushNumBytes }, undefined, (_path, _rows, bytes) => inserted.push(bytes));
        for (const values of given) {
          const row = new ByteWriter();
          row.i64(1n);
          encodeComponent({ descriptor: { component: "x" }, type }, values, row);
          processor.row("/a", shape, new ByteReader(row.written()), 0);
          expect(processor.pendingRows === 0).toBe((inserted.at(-1) as number) >= flushNumBytes);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("looks at rows before bytes", () => {
    const { row, chunks } = batching({ flushNumRows: 1, flushNumBytes: 1 });
    row("/a", 1);
    expect(chunks[0]?.reason).toBe("rows");
  });

  it("keeps everything until a flush under BatcherConfig.never", () => {
    const { row, frames, clock, processor } = batching(BatcherConfig.never);
    for (let frame = 0; frame < 1000; frame++) row("/a", frame);
    clock.advance(1e9);
    processor.flushDue(clock.now());
    expect(frames()).toEqual([]);
    expect(processor.nextDeadline).toBe(Number.POSITIVE_INFINITY);
    processor.flushAll();
    expect(frames()).toHaveLength(1);
  });
});

describe("deadlines", () => {
  it("flushes a quiet entity by its age while another is hot (C31)", () => {
    const { row, chunks, clock, processor } = batching({ flushNumRows: 2, flushTickMillis: 50 });
    row("/quiet", 1);
    for (let millis = 0; millis < 50; millis++) {
      clock.advance(1);
      row("/hot", millis);
      processor.flushDue(clock.now());
    }
    const quiet = chunks.filter(({ path }) => path === "/quiet");
    expect(quiet.map(({ reason }) => reason)).toEqual(["tick"]);
    expect(chunks.filter(({ path, reason }) => path === "/hot" && reason === "rows")).toHaveLength(25);
  });

  it("counts the age from the entity's first row, not from the last flush of another", () => {
    const { row, frames, clock, processor } = batching({ flushTickMillis: 50 });
    row("/a", 1);
    clock.advance(40);
    row("/b", 2);
    expect(processor.nextDeadline).toBe(clock.now() + 10);
    clock.advance(10);
    processor.flushDue(clock.now());
    expect(frames()).toEqual(["/a 1"]);
    expect(processor.nextDeadline).toBe(clock.now() + 40);
  });

  it("joins rows past the deadline until they are worth a chunk, or old", () => {
    const { chunks, clock, processor } = batching({ flushTickMillis: 50 });
    const join = { rows: 3, bytes: 1e6, ageMillis: 1000 };
    const row = (path: string): void => {
      const bytes = new ByteWriter();
      bytes.i64(1n);
      bytes.u32(1);
      bytes.f64(1);
      processor.row(path, byFrame, new ByteReader(bytes.written()), clock.now(), join);
    };
    row("/slow");
    row("/busy");
    clock.advance(50);
    processor.flushDue(clock.now());
    expect(chunks).toEqual([]);
    row("/busy");
    row("/busy");
    expect(chunks.map(({ path }) => path)).toEqual(["/busy"]);
    clock.advance(949);
    processor.flushDue(clock.now());
    expect(chunks).toHaveLength(1);
    clock.advance(1);
    processor.flushDue(clock.now());
    expect(chunks.map(({ path }) => path)).toEqual(["/busy", "/slow"]);
  });
});

describe("splitting into chunks (C10)", () => {
  it("keeps entities, timelines and components apart", () => {
    const { row, chunks, processor } = batching();
    const byTick = { ...byFrame, timelines: [{ name: "tick", type: "sequence" as const }] };
    const texts = { ...byFrame, columns: [text] };
    row("/a", 1);
    row("/a", 2, byTick);
    row("/a", 3, texts);
    row("/b", 4);
    row("/a", 5);
    processor.flushAll();
    expect(chunks.map(({ path, times, components }) => [path, Object.keys(times)[0], components[0]])).toEqual([
      ["/a", "frame", "Scalars:scalars"],
      ["/a", "tick", "Scalars:scalars"],
      ["/a", "frame", "TextLog:text"],
      ["/b", "frame", "Scalars:scalars"],
    ]);
    expect(chunks[0]?.times.frame).toEqual([1n, 5n]);
  });

  it("splits an unsorted chunk at chunkMaxRowsIfUnsorted and says so, a sorted one not", () => {
    const { row, chunks, processor } = batching({ chunkMaxRowsIfUnsorted: 4 });
    for (const frame of [1, 2, 3, 4, 5, 6]) row("/sorted", frame);
    for (const frame of [5, 4, 3, 2, 1]) row("/unsorted", frame);
    processor.flushAll();
    expect(chunks.map(({ path, sorted, rowIds }) => [path, sorted[0], rowIds.length])).toEqual([
      ["/unsorted", false, 4],
      ["/sorted", true, 6],
      ["/unsorted", true, 1],
    ]);
  });

  it("calls negative times before positive ones sorted", () => {
    const { row, chunks, processor } = batching();
    for (const frame of [-5, -1, 0, 7]) row("/a", frame);
    for (const frame of [0, -1]) row("/b", frame);
    processor.flushAll();
    expect(chunks.map(({ sorted }) => sorted[0])).toEqual([true, false]);
    expect(chunks[0]?.times.frame).toEqual([-5n, -1n, 0n, 7n]);
  });

  it("gives row ids in call order over entities and shapes (I5)", () => {
    const { row, chunks, processor } = batching({ flushNumRows: 3 });
    for (let frame = 0; frame < 30; frame++) row(`/${frame % 7}`, frame);
    processor.flushAll();
    const rows = chunks.flatMap(({ rowIds, times }) =>
      rowIds.map((id, at) => ({ id, frame: Number(times.frame?.[at]) })),
    );
    rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: 30 }, (_, frame) => frame));
  });

  it("uses memory again without mixing rows of two chunks", () => {
    const { row, frames, processor } = batching();
    for (let frame = 0; frame < 40; frame++) row("/a", frame);
    processor.flushAll();
    row("/a", 99);
    processor.flushAll();
    expect(frames()[1]).toBe("/a 99");
  });
});

it("puts a columns record behind the rows of its entity that came before (I5)", () => {
  const { row, chunks, processor, clock } = batching();
  row("/a", 1);
  row("/b", 2);
  const columns = new ByteWriter();
  for (const frame of [10n, 11n]) columns.i64(frame);
  for (let i = 0; i < 2; i++) columns.u32(1);
  for (let i = 0; i < 2; i++) columns.f64(i);
  processor.columns("/a", byFrame, new ByteReader(columns.written()), 2, clock.now());
  expect(chunks.map(({ path, reason, times }) => [path, reason, times.frame])).toEqual([
    ["/a", "columns", [1n]],
    ["/a", "columns", [10n, 11n]],
  ]);
  expect(processor.pendingRows).toBe(1);
});

it("discards and counts the rows of an accumulator that took half a row, and goes on (I3)", () => {
  const { row, chunks, discarded, processor, clock } = batching();
  row("/a", 1);
  const torn = new ByteWriter();
  torn.i64(2n);
  torn.u32(1);
  processor.row("/a", byFrame, new ByteReader(torn.written()), clock.now());
  expect(discarded).toEqual([2]);
  expect(processor.pendingRows).toBe(0);
  row("/a", 3);
  processor.flushAll();
  expect(chunks.map(({ times }) => times.frame)).toEqual([[3n]]);
});
