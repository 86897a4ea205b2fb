import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { BatcherConfig } from "../../../src/pipeline/batcher-config.ts";
import { systemClock } from "../../../src/pipeline/clock.ts";
import type { Command } from "../../../src/pipeline/command.ts";
import { createWriter, InlineTransport } from "../../../src/pipeline/inline-transport.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { RowEncoder, RowFlag } from "../../../src/pipeline/row-encoder.ts";
import { openRrd } from "../../../src/reader.ts";
import { scalar, text } from "./harness.ts";
import { chunksOf, drained, frameTimes, recording, statsOf } from "./recorded.ts";

describe("order", () => {
  it("keeps rows in call order per entity (I5)", async () => {
    const { log, toMemory, chunks } = recording();
    toMemory();
    for (let frame = 0; frame < 10_000; frame++) log(frame % 2 === 0 ? "/even" : "/odd", frame);
    const frames = (await chunks()).filter(({ path }) => path === "/even").flatMap((chunk) => chunk.frames);
    expect(frames).toEqual(Array.from({ length: 5000 }, (_, at) => 2 * at));
  });

  it("hands what was logged before the first sink to it, store info first (C06)", async () => {
    const { log, toMemory, chunks, flush } = recording();
    log("/a", 1);
    flush();
    log("/b", 2);
    toMemory();
    log("/c", 3);
    expect((await chunks()).map(({ path }) => path)).toEqual(["/a", "/b", "/c"]);
  });

  it("logs a row from inside a getter of another row, with neither torn", async () => {
    const { log, toMemory, chunks, stats } = recording();
    toMemory();
    const nosy = {
      spec: scalar,
      get values() {
        log("/inner", 2);
        return 1;
      },
    };
    log("/outer", 1, [nosy]);
    log("/after", 3);
    const rows = await chunks();
    // the getter is read more than once; what matters is that every row is whole
    expect(rows.find(({ path }) => path === "/outer")?.frames).toEqual([1]);
    expect(rows.find(({ path }) => path === "/after")?.frames).toEqual([3]);
    expect(new Set(rows.find(({ path }) => path === "/inner")?.frames)).toEqual(new Set([2]));
    expect(stats().rowsWritten).toBe(stats().rowsAccepted);
  });

  it("flushes from inside a record that is being encoded, and keeps that record", async () => {
    const { transport, log, flush, stats } = recording();
    log("/a", 1);
    const open = transport.begin(RecordKind.log, 1);
    log("/nested", 2);
    flush();
    expect(stats().rowsWritten).toBe(2);
    open.u32(7);
    transport.end(open);
    log("/b", 3);
    flush();
    expect(stats().rowsWritten).toBe(3);
  });

  it("forgets an aborted record and keeps those begun inside it", () => {
    const { transport, log, flush, stats } = recording();
    const open = transport.begin(RecordKind.row, 1);
    open.u32(1);
    log("/nested", 1);
    transport.abort(open);
    log("/after", 2);
    flush();
    expect(stats()).toMatchObject({ rowsAccepted: 2, rowsWritten: 2 });
  });
});

describe("when rows are written", () => {
  it("covers everything before it by a flush (C11)", async () => {
    const { log, transport, stats } = recording();
    for (let frame = 0; frame < 100; frame++) log("/a", frame);
    const flushed = transport.request({ type: "flush", recording: 1, timeoutMillis: 1000 });
    log("/a", 100);
    expect(await flushed).not.toHaveProperty("error");
    expect(stats().rowsWritten).toBe(100);
  });

  it("writes by tick, without being asked", async () => {
    const { log, transport } = recording({ clock: systemClock });
    expect(log("/a", 1)).toBe(true);
    const before = performance.now();
    while (statsOf(transport).rowsWritten === 0 && performance.now() - before < 2000) await sleep(5);
    expect(statsOf(transport)).toMatchObject({ rowsWritten: 1, chunksByFlushReason: { tick: 1 } });
  });

  it("meets deadlines while the loop is blocked and no timer fires", () => {
    const { log, clock, transport } = recording();
    let writes = 0;
    for (let frame = 0; frame < 100; frame++) {
      clock.advance(10);
      log("/a", frame);
    }
    writes = statsOf(transport).chunksByFlushReason.tick;
    expect(writes).toBeGreaterThanOrEqual(15);
  });

  it("flushes by rows and by bytes of the recording's own configuration (C08)", () => {
    const byRows = recording({}, { batcher: { flushNumRows: 10 } });
    for (let frame = 0; frame < 100; frame++) byRows.log("/a", frame);
    expect(byRows.stats().chunksByFlushReason).toMatchObject({ rows: 10, bytes: 0 });
    const byBytes = recording({}, { batcher: { flushNumBytes: 10_000 } });
    for (let frame = 0; frame < 1000; frame++) byBytes.log("/a", frame);
    expect(byBytes.stats().chunksByFlushReason.bytes).toBeGreaterThan(2);
  });

  it("takes no tick and no limits for what they are, although records are JSON (C08)", () => {
    const { log, clock, stats } = recording({}, { batcher: BatcherConfig.never });
    for (let frame = 0; frame < 1000; frame++) {
      clock.advance(100);
      log("/a", frame);
    }
    expect(stats()).toMatchObject({ rowsAccepted: 1000, rowsWritten: 0 });
  });

  it("takes thresholds from the environment, survived by explicit ones (C09)", () => {
    const environment = { RERUN_FLUSH_NUM_ROWS: "5" };
    const { log, toMemory, stats } = recording({ environment });
    toMemory();
    for (let frame = 0; frame < 10; frame++) log("/a", frame);
    expect(stats().chunksByFlushReason.rows).toBe(2);
    const explicit = recording({ environment }, { batcher: { flushNumRows: 2 } });
    explicit.toMemory();
    for (let frame = 0; frame < 10; frame++) explicit.log("/a", frame);
    expect(explicit.stats().chunksByFlushReason.rows).toBe(5);
  });

  it("tells once of a variable that cannot be read", () => {
    const warnings: string[] = [];
    const options = { environment: { RERUN_FLUSH_NUM_ROWS: "many" }, onWarning: (text: string) => warnings.push(text) };
    const { toMemory, flush } = recording(options);
    toMemory();
    flush();
    expect(warnings).toEqual([expect.stringContaining("RERUN_FLUSH_NUM_ROWS=many")]);
  });
});

describe("counting (I3)", () => {
  it("accepted = written + dropped, whatever happened to the rows", () => {
    const { log, transport, flush, stats } = recording();
    for (let frame = 0; frame < 500; frame++) log(`/${frame % 5}`, frame);
    transport.countDropped(1, "encode", 3);
    flush();
    const { rowsAccepted, rowsWritten, rowsDropped } = stats();
    expect({ rowsAccepted, rowsWritten, rowsDropped }).toEqual({
      rowsAccepted: 503,
      rowsWritten: 500,
      rowsDropped: { encode: 3 },
    });
  });

  it("counts rows that come after the recording was closed", () => {
    const { log, transport, stats } = recording();
    log("/a", 1);
    transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
    log("/a", 2);
    expect(stats()).toMatchObject({ rowsAccepted: 2, rowsDropped: { closed: 1 } });
  });

  it("leaves a component that cannot be encoded empty and keeps the others", async () => {
    const { log, toMemory, stats, failures, flush } = recording();
    toMemory();
    log("/a", 1, [
      { spec: scalar, values: "not a number" },
      { spec: text, values: "fine" },
    ]);
    flush();
    expect(failures).toHaveLength(1);
    expect(stats()).toMatchObject({ rowsAccepted: 1, rowsWritten: 1 });
  });
});

describe("stores", () => {
  it("closes the stores beside a recording with it", () => {
    const { transport, toMemory, encoder, clock } = recording();
    toMemory();
    const store = { kind: "blueprint", applicationId: "app", recordingId: "blueprint" } as const;
    transport.define({ type: "recording", no: 2, store, sinksOf: 1 });
    encoder.logRow(2, "/viewport", frameTimes(0), [{ spec: scalar, values: 1 }], clock.now(), RowFlag.static);
    transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
    expect(statsOf(transport, 2)).toMatchObject({ rowsAccepted: 1, rowsWritten: 1 });
    expect(drained(transport, 1).length).toBeGreaterThan(0);
  });

  it("gives each stream that is drained from memory its store info and static rows", async () => {
    const { log, logStatic, toMemory, bytes } = recording();
    toMemory();
    logStatic("/static", 1);
    log("/a", 1);
    bytes();
    log("/a", 2);
    const second = bytes();
    expect((await openRrd(second)).recordings()).toMatchObject([{ applicationId: "app", recordingId: "rec" }]);
    expect((await chunksOf(second)).map(({ path, frames }) => [path, frames])).toEqual([
      ["/static", []],
      ["/a", [2]],
    ]);
  });

  it("gives a new sink what it needs to be read: the store info at least", async () => {
    const { log, toMemory, chunks } = recording();
    toMemory(1);
    log("/a", 1);
    toMemory(2);
    log("/b", 2);
    expect((await chunks(2)).map(({ path }) => path)).toEqual(["/a", "/b"]); // a memory sink's content moves on
    expect(await chunks(1)).toEqual([]);
  });
});

/** A writer that is looked at without the transport, which reads what is there when it is asked. */
describe("a writer that nobody asks", () => {
  function unasked(hooks?: readonly ["onFlush"], onHook: (transport: InlineTransport) => void = () => {}) {
    const writer = createWriter({ environment: {}, onBatcherEvents: () => onHook(transport) });
    const transport = new InlineTransport(writer);
    const store = { kind: "recording", applicationId: "app", recordingId: "rec" } as const;
    transport.define({ type: "recording", no: 1, store, ...(hooks && { hooks }) });
    const encoder = new RowEncoder(transport, { onFailure: () => {} });
    const log = (path: string): boolean =>
      encoder.logRow(1, path, frameTimes(1), [{ spec: scalar, values: 1 }], performance.now(), 0);
    return { transport, log, stats: () => writer.stores.statsOf(1) };
  }

  it("reads in time what was begun inside an aborted record", async () => {
    const { transport, log, stats } = unasked();
    log("/first");
    await vi.waitFor(() => expect(stats()).toMatchObject({ rowsAccepted: 1, pending: { rows: 0 } }));
    const outer = transport.begin(RecordKind.row, 1);
    log("/inner");
    transport.abort(outer);
    await vi.waitFor(() => expect(stats()?.rowsAccepted).toBe(2));
  });

  it("does what a hook asks for as soon as it has returned", async () => {
    const asked: Command[] = [{ type: "set-sinks", recording: 1, sinks: [{ kind: "memory", id: 7 }] }];
    const { log, stats } = unasked(["onFlush"], (transport) => {
      for (const command of asked.splice(0)) transport.post(command);
    });
    log("/a");
    await vi.waitFor(() => expect(asked).toEqual([]));
    expect(stats()?.sinks).toHaveLength(1);
  });
});

it("makes equal bytes of equal input, clock and ids (I9)", () => {
  const make = (): Uint8Array => {
    const { log, logStatic, toMemory, clock, bytes } = recording();
    toMemory();
    for (let frame = 0; frame < 300; frame++) {
      clock.advance(7);
      log(`/${frame % 3}`, frame);
    }
    logStatic("/static", 1);
    return bytes();
  };
  expect(Buffer.compare(make(), make())).toBe(0);
});

it("does not keep the process alive, nor tick while nothing waits (I1)", async () => {
  const { log, flush, transport } = recording({ clock: systemClock });
  log("/a", 1);
  flush();
  await sleep(120);
  expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout")).toHaveLength(0);
  expect(statsOf(transport).rowsWritten).toBe(1);
});
