import { describe, expect, it } from "vitest";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
import { Writer } from "../../../src/pipeline/writer.ts";
import { RingClient } from "../../../src/pipeline/writer-thread/ring-client.ts";
import { openRrd } from "../../../src/reader.ts";
import { scalar, text } from "./harness.ts";
import { frameTimes } from "./recorded.ts";
import { Records } from "./records.ts";

function recording() {
  const records = new Records();
  const encoder = new RowEncoder(records, { onFailure: () => {} });
  return {
    records,
    log: (path: string, values: unknown, spec = scalar): boolean =>
      encoder.logRow(1, path, frameTimes(1), [{ spec, values }], performance.now(), 0),
    stats: () => {
      records.post({ type: "flush", timeoutMillis: 0 });
      records.read();
      return records.writer.stores.statsOf(1)!;
    },
  };
}

it("records inside of another one are read again each as its own recording needs it (I4)", () => {
  const { records, log } = recording();
  const store = { kind: "recording", applicationId: "a", recordingId: "2" } as const;
  records.define({ type: "recording", no: 2, store });
  const encoder = new RowEncoder(records, { onFailure: () => {} });
  const large = [{ spec: text, values: "x".repeat(10_000) }]; // two of them are more than what travels inside the ring
  const outer = records.begin(RecordKind.row, 1);
  encoder.logRow(2, "inner", frameTimes(1), large, performance.now(), 0);
  log("inner", "x".repeat(10_000), text);
  encoder.logRow(2, "inner", frameTimes(2), large, performance.now(), 0);
  records.abort(outer);
  records.read();
  // the writer died when the rows of recording 2 were in a file, and those of recording 1 were not
  const successor = new Writer({ onWarning: () => {}, environment: {} });
  const client = new RingClient({
    no: 0,
    ring: records.outstanding,
    clockSkew: 0,
    receive: () => {},
    onCommand: () => {},
  });
  const positions = { 0: records.client.consumer.position };
  const counters = records.writer.stores.recording(2)!.counters.snapshot([]);
  client.readAgain(successor, { recordings: [{ no: 2, sinks: [], counters, held: 0, positions }], ended: [] });
  expect(successor.stores.statsOf(1)?.rowsAccepted).toBe(1);
  expect(successor.stores.statsOf(2)?.rowsAccepted).toBe(0);
});

describe("what is defined inside of a record", () => {
  it("is known to the writer, also where the ring is full and rows are refused", () => {
    const { records, log, stats } = recording();
    log("known", "x", text);
    while (log("known", "x".repeat(1000), text));
    const outer = records.begin(RecordKind.row, 1);
    expect(log("new", "y".repeat(6000), text)).toBe(true); // the getter of a row logs to a path that nobody has used
    expect(records.end(outer)).toBe(false);
    records.read();
    records.free();
    const before = stats().rowsAccepted;
    for (let i = 0; i < 10; i++) expect(log("new", "z", text)).toBe(true);
    const { rowsAccepted, rowsWritten, rowsDropped } = stats();
    expect(rowsAccepted - before).toBe(10);
    expect(rowsDropped.encode).toBeUndefined();
    // the row that filled the ring, the outer one and the one inside: a definition is no row
    expect(rowsDropped).toEqual({ overflow: 3 });
    expect(rowsWritten).toBe(rowsAccepted - 3);
  });

  it("leaves that record whole, and may be used by it", async () => {
    const { records, log } = recording();
    records.post({ type: "set-sinks", recording: 1, sinks: [{ kind: "memory", id: 1 }] });
    const nosy = new Proxy([1, 2], {
      get(target, key, receiver) {
        if (key === "1") log("inner", 7);
        return Reflect.get(target, key, receiver);
      },
    });
    log("outer", nosy);
    log("after", 3);
    const { bytes } = records.requestSync({ type: "drain-memory", id: 1, timeoutMillis: 0 });
    const rows: Record<string, unknown> = {};
    for await (const { entityPath, components } of (await openRrd(bytes!)).chunks()) {
      rows[entityPath] = [...(components[0]!.get(0) ?? [])];
    }
    expect(rows).toEqual({ "/outer": [1, 2], "/inner": [7], "/after": [3] });
  });
});
