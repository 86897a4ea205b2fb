import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { type Definition, RecordKind } from "../../../src/pipeline/record.ts";
import { wholeRecord } from "../../../src/pipeline/record-segment.ts";
import { Writer } from "../../../src/pipeline/writer.ts";
import { byFrame } from "./harness.ts";

const PATH: Definition = { type: "path", no: 1, recording: 1, entityPath: "/a" };
const SHAPE: Definition = { type: "shape", no: 1, shape: byFrame };

/** A writer that knows recording 1, and what else it is told. */
function writer(...definitions: readonly Definition[]) {
  const warnings: string[] = [];
  const made = new Writer({ onWarning: (message) => warnings.push(message), environment: {} });
  const store = { kind: "recording", applicationId: "a", recordingId: "1" } as const;
  for (const definition of [{ type: "recording", no: 1, store } as const, ...definitions]) {
    made.records.define(definition);
  }
  const read = (kind: RecordKind, ...numbers: readonly number[]): void => {
    const payload = new ByteWriter(64);
    for (const number of numbers) payload.u32(number);
    payload.raw(new Uint8Array(64));
    const record = wholeRecord(kind, 1, payload.written());
    made.records.read(record, 0, record.length);
  };
  return { made, warnings, read, stats: () => made.stores.statsOf(1)! };
}

describe("what cannot be read is counted (I3)", () => {
  const cases = [
    ["path", SHAPE],
    ["shape", PATH],
  ] as const;
  for (const [missing, known] of cases) {
    it(`rows whose ${missing} is not defined`, () => {
      const { made, read, stats, warnings } = writer(known);
      for (let i = 0; i < 3; i++) read(RecordKind.row, 1, 1);
      made.run({ type: "flush", timeoutMillis: 0 });
      expect(stats()).toMatchObject({ rowsAccepted: 3, rowsWritten: 0, rowsDropped: { encode: 3 } });
      expect(stats().chunksWritten).toBe(0);
      expect(warnings).toHaveLength(1);
    });

    it(`columns whose ${missing} is not defined, with all of their rows`, () => {
      const { made, read, stats, warnings } = writer(known);
      read(RecordKind.columns, 1, 1, 10);
      made.run({ type: "flush", timeoutMillis: 0 });
      expect(stats()).toMatchObject({ rowsAccepted: 10, rowsWritten: 0, rowsDropped: { encode: 10 } });
      expect(warnings).toHaveLength(1);
    });
  }

  it("a chunk that cannot be sent, once", () => {
    const { made, read, stats } = writer(PATH, SHAPE);
    const { output } = made.stores.recording(1)!;
    const { send } = output;
    output.send = () => {
      throw new Error("cannot be sent");
    };
    for (let i = 0; i < 3; i++) read(RecordKind.row, 1, 1);
    made.run({ type: "flush", timeoutMillis: 0 });
    expect(stats()).toMatchObject({ rowsAccepted: 3, rowsWritten: 0, rowsDropped: { encode: 3 }, chunksWritten: 0 });
    output.send = send;
    read(RecordKind.row, 1, 1);
    made.run({ type: "flush", timeoutMillis: 0 });
    expect(stats()).toMatchObject({ rowsAccepted: 4, rowsWritten: 1, rowsDropped: { encode: 3 }, chunksWritten: 1 });
  });
});
