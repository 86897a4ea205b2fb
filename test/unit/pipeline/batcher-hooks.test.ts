import { describe, expect, it } from "vitest";
import { BatcherConfig } from "../../../src/pipeline/batcher-config.ts";
import type { BatcherEvent, HookName } from "../../../src/pipeline/batcher-hooks.ts";
import { WriterControl } from "../../../src/pipeline/writer-thread/writer-control.ts";
import { scalar } from "./harness.ts";
import { frameTimes, recording } from "./recorded.ts";
import { threaded } from "./threaded.ts";

const ALL: readonly HookName[] = ["onInsert", "onConfigChange", "onFlush"];

function heard(batcher: Partial<BatcherConfig> = {}, hooks: readonly HookName[] = ALL) {
  const events: BatcherEvent[] = [];
  const onBatcherEvents = (_: number, more: readonly BatcherEvent[]): void => void events.push(...more);
  const made = recording({ onBatcherEvents }, { batcher, hooks });
  const setSinks = (...isLive: boolean[]): void => {
    const sinks = isLive.map((live) => ({ kind: "memory" as const, id: live ? 2 : 1, isLive: live }));
    made.transport.requestSync({ type: "set-sinks", recording: 1, sinks });
  };
  const of = (hook: HookName): unknown[] =>
    events.flatMap((event) => (event.hook === hook && "value" in event ? [event.value] : []));
  return { ...made, events, setSinks, of };
}

describe("hooks of the batch processor", () => {
  it("hear rows and chunks in their order, with the reason", () => {
    const { log, flush, events, setSinks } = heard({ ...BatcherConfig.never, flushNumRows: 3 });
    setSinks(false);
    for (let frame = 0; frame < 4; frame++) log("/a", frame);
    flush();
    const told = events.map((event) =>
      event.hook === "onFlush"
        ? `${event.value.numRows} ${event.value.reason}`
        : event.hook === "onInsert"
          ? event.value.numRows
          : event.hook,
    );
    expect(told).toEqual(["onConfigChange", 1, 2, 3, "3 rows", 1, "1 manual"]);
    for (const event of events) {
      if (event.hook !== "onInsert" && event.hook !== "onFlush") continue;
      expect(event.value.entityPath).toBe("/a");
      expect(event.value.byteLength).toBeGreaterThan(0);
    }
  });

  it("hear what is in effect when the sinks change it, and not what an explicit configuration keeps (C09)", () => {
    const { setSinks, of, flush } = heard();
    setSinks(false);
    setSinks(true);
    setSinks(true, false);
    flush();
    expect(of("onConfigChange")).toEqual([BatcherConfig.default, BatcherConfig.lowLatency, BatcherConfig.default]);
    const explicit = heard(BatcherConfig.never);
    explicit.setSinks(false);
    explicit.setSinks(true);
    explicit.flush();
    expect(explicit.of("onConfigChange")).toEqual([BatcherConfig.never]);
  });

  it("hear the same as the counters say, up to the end", () => {
    const { log, logStatic, setSinks, of, stats, events, transport, clock } = heard({ flushNumRows: 5 });
    setSinks(true, false);
    logStatic("/static", 1);
    for (let frame = 0; frame < 137; frame++) {
      log(`/${frame % 3}`, frame);
      clock.advance(frame % 11);
    }
    transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
    const flushed = of("onFlush") as { numRows: number; byteLength: number }[];
    const { rowsWritten, chunksWritten, bytesWritten } = stats();
    expect(of("onInsert")).toHaveLength(138);
    expect(flushed).toHaveLength(chunksWritten);
    expect(flushed.reduce((sum, { numRows }) => sum + numRows, 0)).toBe(rowsWritten);
    expect(flushed.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(bytesWritten);
    expect(events.at(-1)).toEqual({ hook: "end" });
  });

  it("cost nothing where nobody listens", () => {
    const { log, flush, events } = heard({ flushNumRows: 1 }, ["onConfigChange"]);
    for (let frame = 0; frame < 10; frame++) log("/a", frame);
    flush();
    expect(events.map(({ hook }) => hook)).toEqual(["onConfigChange"]);
  });

  it("hear it from the writer thread, on their own", async () => {
    const events: BatcherEvent[] = [];
    const { transport, encoder, end } = await threaded({
      onBatcherEvents: (recording, more) => {
        expect(recording).toBe(2);
        events.push(...more);
      },
    });
    const store = { kind: "recording", applicationId: "app", recordingId: "heard" } as const;
    transport.define({ type: "recording", no: 2, store, hooks: ["onFlush", "onConfigChange"] });
    transport.post({ type: "set-sinks", recording: 2, sinks: [{ kind: "memory", id: 2 }] });
    for (let frame = 0; frame < 1000; frame++) {
      encoder.logRow(2, "/a", frameTimes(frame), [{ spec: scalar, values: frame }], performance.now(), 0);
    }
    await transport.request({ type: "close", recording: 2, timeoutMillis: 10_000 });
    expect(transport.thread).toBeDefined();
    expect(events[0]).toEqual({ hook: "onConfigChange", value: BatcherConfig.default });
    expect(events.at(-1)).toEqual({ hook: "end" });
    const rows = events.map((event) =>
      event.hook === "onFlush" && event.value.entityPath === "/a" ? event.value.numRows : 0,
    );
    expect(rows.reduce((sum, n) => sum + n, 0)).toBe(1000);
    await end();
  });

  it("are left out and counted where more wait than may, while the event loop does not turn (I7)", async () => {
    const events: BatcherEvent[] = [];
    const { transport, encoder, end } = await threaded({ onBatcherEvents: (_, more) => void events.push(...more) });
    const store = { kind: "recording", applicationId: "app", recordingId: "heard" } as const;
    transport.define({ type: "recording", no: 2, store, hooks: ["onInsert"] });
    transport.post({ type: "set-sinks", recording: 2, sinks: [{ kind: "memory", id: 2 }] });
    const log = (rows: number): void => {
      for (let frame = 0; frame < rows; frame++) {
        encoder.logRow(2, "/a", frameTimes(frame), [{ spec: scalar, values: frame }], performance.now(), 0);
      }
    };
    await transport.request({ type: "flush", recording: 2, timeoutMillis: 10_000 });
    log(200_000);
    // until the writer rests: it has read them all, and this thread has heard nothing
    const control = new WriterControl(transport.handle.control);
    for (let beats = -1; beats !== control.beats; control.waitForReply(control.replies, 200)) beats = control.beats;
    expect(events).toEqual([]);
    log(1);
    await transport.request({ type: "flush", recording: 2, timeoutMillis: 10_000 });
    await transport.request({ type: "close", recording: 2, timeoutMillis: 10_000 });
    const told = events.filter(({ hook }) => hook === "onInsert").length;
    const missed = events.reduce((sum, event) => sum + (event.hook === "missed" ? event.value : 0), 0);
    expect(missed).toBeGreaterThan(0);
    expect(told + missed).toBe(transport.requestSync({ type: "stats", recording: 2 }).stats?.rowsAccepted);
    await end();
  });
});
