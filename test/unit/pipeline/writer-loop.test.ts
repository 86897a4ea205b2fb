import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { expect, it, vi } from "vitest";
import { encodeDefinition } from "../../../src/pipeline/definition-codec.ts";
import { createWriter } from "../../../src/pipeline/inline-transport.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { wholeRecord } from "../../../src/pipeline/record-segment.ts";
import { RingControl } from "../../../src/pipeline/ring/ring-control.ts";
import { RingProducer } from "../../../src/pipeline/ring/ring-producer.ts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
import { ThreadTransport } from "../../../src/pipeline/thread-transport.ts";
import { CheckpointBlock } from "../../../src/pipeline/writer-thread/checkpoint.ts";
import { PortLine } from "../../../src/pipeline/writer-thread/port-line.ts";
import type { FromWriter, Line, ToWriter } from "../../../src/pipeline/writer-thread/thread-messages.ts";
import { Claim, WriterControl } from "../../../src/pipeline/writer-thread/writer-control.ts";
import { WriterLoop } from "../../../src/pipeline/writer-thread/writer-loop.ts";
import { scalar } from "./harness.ts";
import { chunksOf, frameTimes } from "./recorded.ts";
import { threaded } from "./threaded.ts";

const WAIT = { timeout: 20_000 };

/** A line to a thread that says and hears nothing. */
function silentLine() {
  const close = vi.fn();
  const line: Line<unknown, ToWriter> = { post() {}, receive: () => undefined, onMessage() {}, close };
  return { line, close };
}

/** On a thread that has other things to do. */
function ownLoop(): WriterLoop {
  return new WriterLoop({
    writer: createWriter({ environment: {} }),
    control: new WriterControl(),
    checkpoint: new CheckpointBlock(),
    exclusively: (work) => work(),
  });
}

it("lets go of the rings of threads that ended, however many there were (I7)", async () => {
  const loop = ownLoop();
  const lines = Array.from({ length: 100 }, (_, at) => {
    const { line, close } = silentLine();
    loop.join(at + 1, new RingProducer({ post: () => {} }).outstanding, 0, line);
    return close;
  });
  for (let no = 1; no <= 100; no++) loop.leave(no);
  await vi.waitFor(async () => {
    await turn();
    expect(Array.from({ length: 100 }, (_, at) => loop.has(at + 1))).not.toContain(true);
  });
  for (const close of lines) expect(close).toHaveBeenCalledOnce();
  loop.leave(1); // told twice
});

it("takes back nothing from a successor: a loop that has lost the claim neither tells of a checkpoint nor frees the ring (I4)", async () => {
  const control = new WriterControl();
  control.tryClaim(Claim.thread);
  const checkpoint = new CheckpointBlock();
  const ring = new RingProducer({ post: () => {} });
  const store = { kind: "recording", applicationId: "app", recordingId: "rec" } as const;
  const define = (no: number): void => {
    ring.put(wholeRecord(RecordKind.define, no, encodeDefinition({ type: "recording", no, store })), true);
  };
  const loop = new WriterLoop({ writer: createWriter({ environment: {} }), control, checkpoint });
  const { line } = silentLine();
  define(1);
  loop.join(0, ring.outstanding, 0, line);
  await vi.waitFor(() => expect(checkpoint.value?.recordings).toHaveLength(1));
  const { durable } = ring;
  control.seize();
  define(2);
  loop.released("/some/file");
  await sleep(200);
  expect(checkpoint.value?.recordings).toHaveLength(1);
  expect(ring.durable).toEqual(durable);
});

it("waits for ticks that are longer than a timer can be, and does not spin", async () => {
  const warnings: string[] = [];
  const warn = (warning: Error): unknown => warnings.push(warning.name);
  process.on("warning", warn);
  const run = await threaded();
  run.toMemory();
  run.transport.define({
    type: "recording",
    no: 2,
    store: { kind: "recording", applicationId: "app", recordingId: "slow" },
    batcher: { flushTickMillis: 1e10 },
  });
  run.encoder.logRow(2, "/a", frameTimes(1), [{ spec: scalar, values: 1 }], performance.now(), 0);
  await run.flush();
  run.encoder.logRow(2, "/a", frameTimes(2), [{ spec: scalar, values: 2 }], performance.now(), 0);
  const { beats } = new WriterControl(run.transport.handle.control);
  await sleep(2000);
  // ticks go on for a while until the loop sleeps; a timer of a millisecond would make a thousand turns
  expect(new WriterControl(run.transport.handle.control).beats - beats).toBeLessThan(200);
  process.off("warning", warn);
  await run.end();
  expect(warnings).not.toContain("TimeoutOverflowWarning");
});

it("reads what a thread says to have more of, also if it ended before it knew that it is heard", async () => {
  const loop = ownLoop();
  const ring = new RingProducer({ post: () => {}, firstBytes: 1024 });
  loop.join(1, ring.outstanding, 0, silentLine().line);
  for (let no = 1; no <= 20; no++) ring.put(wholeRecord(RecordKind.row, 1, new Uint8Array(100)), true);
  expect(ring.outstanding.segments.length).toBeGreaterThan(1);
  expect(loop.has(1, ring.outstanding)).toBe(true);
  loop.leave(1);
  await vi.waitFor(async () => {
    await turn();
    expect(loop.has(1)).toBe(false);
  });
});

it("tells each thread of the files that are free again", async () => {
  const loop = ownLoop();
  const told = [0, 1].map((no) => {
    const { line } = silentLine();
    const post = vi.spyOn(line, "post");
    loop.join(no, new RingProducer({ post: () => {} }).outstanding, 0, line);
    return post;
  });
  loop.released("/a.rrd");
  await vi.waitFor(async () => {
    await turn();
    for (const post of told) expect(post).toHaveBeenCalledWith({ type: "done", replies: [], released: ["/a.rrd"] });
  });
});

/** A transport whose writer is a loop on this thread, with a clock that also goes on by `stepMillis` whenever it is looked at. */
function looped(stepMillis: number) {
  let steps = 0;
  const now = (): number => performance.now() + stepMillis * steps++;
  const writer = createWriter({ environment: {}, clock: { now, wall: () => Date.now() } });
  const turns = vi.spyOn(writer, "tick");
  let ringControl: RingControl | undefined;
  const transport = new ThreadTransport({
    onWarning: () => {},
    start: ({ control, checkpoint, ring }) => {
      ringControl = new RingControl(ring.control);
      const { port1, port2 } = new MessageChannel();
      const shared = new WriterControl(control);
      shared.tryClaim(Claim.thread);
      const loop = new WriterLoop({
        writer,
        control: shared,
        checkpoint: new CheckpointBlock(checkpoint),
      });
      loop.join(0, ring, 0, new PortLine(port2));
      const line = new PortLine<ToWriter, FromWriter>(port1);
      return Object.assign(line, {
        isReady: true,
        isAlive: true,
        settle() {},
        onEnd() {},
        kill: async () => {
          port1.close();
        },
      });
    },
  });
  const encoder = new RowEncoder(transport, { onFailure: () => {} });
  const store = { kind: "recording", applicationId: "app", recordingId: "rec" } as const;
  transport.define({ type: "recording", no: 1, store });
  transport.post({ type: "set-sinks", recording: 1, sinks: [{ kind: "memory", id: 1 }] });
  const log = (path: string, frame: number): boolean =>
    encoder.logRow(1, path, frameTimes(frame), [{ spec: scalar, values: frame }], performance.now(), 0);
  const accepted = (): number => writer.stores.recording(1)?.counters.rowsAccepted ?? 0;
  return { writer, transport, log, accepted, turns, ring: () => ringControl as RingControl };
}

it("writes what is due in slices, and reads the rings between them", async () => {
  const { writer, transport, log, accepted } = looped(0.05);
  const tick = writer.tick.bind(writer);
  let slices = 0;
  let expected: number | undefined;
  const missed: number[] = [];
  writer.tick = (until) => {
    if (expected !== undefined && accepted() !== expected) missed.push(slices);
    expected = undefined;
    tick(until);
    if (writer.nextDeadline > writer.clock.now()) return; // all is written
    log("/late", slices++);
    expected = accepted() + 1;
  };
  for (let no = 0; no < 600; no++) log(`/${no}`, no);
  await vi.waitFor(() => expect(accepted()).toBeGreaterThanOrEqual(600), WAIT);
  await vi.waitFor(() => expect(writer.nextDeadline).toBe(Number.POSITIVE_INFINITY), WAIT);
  // a millisecond is 20 looks at the clock at most, and each chunk takes one
  expect(slices).toBeGreaterThanOrEqual(600 / 20 - 1);
  expect(missed).toEqual([]);
  const { bytes = new Uint8Array() } = await transport.request({ type: "drain-memory", id: 1, timeoutMillis: 5000 });
  const chunks = await chunksOf(bytes);
  expect(chunks.filter(({ path }) => /^\/\d+$/.test(path))).toHaveLength(600);
  await transport.thread?.kill();
});

it("sleeps after ten ticks without a record, without a timer, and wakes with the next one", async () => {
  const { transport, log, accepted, turns, ring } = looped(0);
  log("/a", 0);
  await transport.request({ type: "flush", timeoutMillis: 5000 });
  expect(ring().isParked).toBe(false);
  turns.mockClear();
  await vi.waitFor(() => expect(ring().isParked).toBe(true), WAIT);
  const ticks = turns.mock.calls.length;
  expect(ticks).toBeGreaterThanOrEqual(10);
  await sleep(300);
  expect(turns).toHaveBeenCalledTimes(ticks);
  log("/a", 1);
  expect(ring().isParked).toBe(false);
  await vi.waitFor(() => expect(accepted()).toBe(2), WAIT);
  await transport.thread?.kill();
});
