import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { CheckpointBlock } from "../../../src/pipeline/checkpoint.ts";
import { encodeDefinition } from "../../../src/pipeline/definition-codec.ts";
import { createWriter } from "../../../src/pipeline/inline-transport.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { wholeRecord } from "../../../src/pipeline/record-segment.ts";
import { RingProducer } from "../../../src/pipeline/ring-producer.ts";
import type { Line, ToWriter } from "../../../src/pipeline/thread-messages.ts";
import { Claim, WriterControl } from "../../../src/pipeline/writer-control.ts";
import { WriterLoop } from "../../../src/pipeline/writer-loop.ts";
import { scalar } from "./harness.ts";
import { frameTimes } from "./recorded.ts";
import { threaded } from "./threaded.ts";

/** A line to a thread that says and hears nothing. */
function silentLine() {
  const close = vi.fn();
  const line: Line<unknown, ToWriter> = { post() {}, receive: () => undefined, onMessage() {}, close };
  return { line, close };
}

it("lets go of the rings of threads that ended, however many there were (I7)", async () => {
  const writer = createWriter({ environment: {} });
  const loop = new WriterLoop({
    writer,
    control: new WriterControl(),
    checkpoint: new CheckpointBlock(),
    exclusively: (work) => work(),
  });
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
  const writer = createWriter({ environment: {} });
  const loop = new WriterLoop({
    writer,
    control: new WriterControl(),
    checkpoint: new CheckpointBlock(),
    exclusively: (work) => work(),
  });
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
  const loop = new WriterLoop({
    writer: createWriter({ environment: {} }),
    control: new WriterControl(),
    checkpoint: new CheckpointBlock(),
    exclusively: (work) => work(),
  });
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
