import { describe, expect, it } from "vitest";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
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
