import { setImmediate as turn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { CheckpointBlock } from "../../../src/pipeline/checkpoint.ts";
import { createWriter } from "../../../src/pipeline/inline-transport.ts";
import { RingProducer } from "../../../src/pipeline/ring-producer.ts";
import type { Line, ToWriter } from "../../../src/pipeline/thread-messages.ts";
import { WriterControl } from "../../../src/pipeline/writer-control.ts";
import { WriterLoop } from "../../../src/pipeline/writer-loop.ts";

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
