import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRrd } from "../../../src/reader.ts";
import { describeWithOracle, expectVerified } from "../../oracle.ts";
import { journaled } from "./journaled.ts";
import { recording } from "./recorded.ts";

describe("rec.stats()", () => {
  it("accepted = written + dropped + pending at every moment (I3)", () => {
    const { log, clock, stats, transport } = recording();
    for (let frame = 0; frame < 500; frame++) {
      log(`/${frame % 7}`, frame);
      clock.advance(1);
      if (frame % 50 === 0) transport.countDropped(1, "encode", 2);
      const { rowsAccepted, rowsWritten, rowsDropped, pending } = stats();
      expect(rowsAccepted).toBe(rowsWritten + (rowsDropped.encode ?? 0) + pending.rows);
    }
  });

  it("says how much waits, and how long", () => {
    const { log, clock, stats, flush } = recording();
    expect(stats().pending).toEqual({ rows: 0, bytes: 0, ageMillis: 0, lagMillis: 0 });
    log("/a", 1);
    clock.advance(30);
    log("/b", 2);
    const { pending } = stats();
    expect(pending).toMatchObject({ rows: 2, ageMillis: 30, lagMillis: 30 });
    expect(pending.bytes).toBeGreaterThan(2 * 16);
    flush();
    expect(stats().pending).toMatchObject({ rows: 0, bytes: 0, ageMillis: 0 });
  });

  it("says what a sink holds", () => {
    const run = journaled();
    for (let frame = 0; frame < 10; frame++) run.log("/a", frame);
    run.settle();
    const [file] = run.stats().sinks;
    expect(file).toMatchObject({ kind: "file", queuedBytes: 0 });
    expect(file?.journalBytes).toBeGreaterThan(10 * 50);
    run.close();
    run.remove();
  });
});

/** The components of the summary, by their last name. */
async function summaryOf(path: string): Promise<Record<string, unknown>> {
  const summary: Record<string, unknown> = {};
  const reader = await openRrd(readFileSync(path));
  for await (const { components, isStatic } of reader.chunks({ entityPath: "/__properties/recorder" })) {
    expect(isStatic).toBe(true);
    for (const column of components) summary[column.component.split(":")[1] as string] = column.get(0)?.[0];
  }
  return summary;
}

describe("the summary of a recording", () => {
  it("is its last row: what is not in the file is told by the file (I3)", async () => {
    const run = journaled({ spec: { journal: false } });
    run.log("/a", 1);
    run.flush();
    run.transport.countDropped(1, "encode", 3);
    run.close();
    expect(await summaryOf(run.path)).toMatchObject({
      rows_accepted: 4n,
      rows_written: 1n,
      rows_dropped: 3n,
      rows_dropped_encode: 3n,
    });
    expect(run.warnings).toEqual([expect.stringContaining("3 rows")]);
    expect(run.stats()).toMatchObject({ rowsAccepted: 5, rowsWritten: 2, rowsDropped: { encode: 3 } });
    run.remove();
  });

  it("says how many rows there are, from a thousand on", async () => {
    const run = journaled();
    for (let frame = 0; frame < 1000; frame++) run.log("/a", frame);
    run.close();
    expect(await summaryOf(run.path)).toMatchObject({ rows_accepted: 1000n, rows_written: 1000n, rows_dropped: 0n });
    run.remove();
  });

  it("tells of rows in segments that were removed", async () => {
    const run = journaled({
      spec: { journal: false, rotateBytes: 4096, retain: 2 },
      definition: { batcher: { flushNumRows: 1 } },
    });
    for (let frame = 0; frame < 50; frame++) run.log("/a", frame);
    const removed = run.stats().sinks[0]?.removedRows ?? 0;
    run.close();
    expect(removed).toBeGreaterThan(10);
    const last = readdirSync(run.folder)
      .sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b)))
      .at(-1) as string;
    const { rows_removed } = await summaryOf(join(run.folder, last));
    expect(Number(rows_removed)).toBeGreaterThanOrEqual(removed);
    run.remove();
  });

  it("is left out of a small one that has all its rows", async () => {
    const run = journaled();
    run.log("/a", 1);
    run.close();
    expect(await summaryOf(run.path)).toEqual({});
    run.remove();
  });
});

describeWithOracle("a file with a summary", () => {
  it("verifies (I10)", () => {
    const run = journaled();
    run.log("/a", 1);
    run.transport.countDropped(1, "overflow", 3);
    run.close();
    expectVerified(run.path);
    run.remove();
  }, 120_000);
});
