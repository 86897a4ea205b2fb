import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { ArrowMessage } from "../../../src/rrd/log-message.ts";
import { nodeFiles } from "../../../src/sinks/file/file-layer.ts";
import { PipeSink } from "../../../src/sinks/pipe-sink.ts";
import { deliver } from "../../../src/sinks/sink-delivery.ts";
import { SinkPool } from "../../../src/sinks/sink-pool.ts";

const SPEC = { kind: "pipe", path: "pipe", fd: -1 } as const;
const ROWS = 10;

function chunk(): ArrowMessage {
  const summary = {
    id: new Uint8Array(16),
    entityPath: "/a",
    numRows: ROWS,
    uncompressedBytes: 1000,
    timelines: [],
    components: [],
  };
  const store = { kind: "recording", applicationId: "app", recordingId: "rec" } as const;
  return { kind: "arrow", store, payload: new Uint8Array(1000), isStatic: false, summary };
}

/** A pipe whose reader takes so many bytes, at most, each time that `room` is asked. */
function pipe(room: () => number): { readonly sink: PipeSink; readonly taken: () => number } {
  let taken = 0;
  const write = (_fd: number, _bytes: Uint8Array, _offset: number, length: number): number => {
    const written = Math.min(length, room());
    if (written === 0) throw Object.assign(new Error("EAGAIN"), { code: "EAGAIN" });
    taken += written;
    return written;
  };
  return { sink: new PipeSink(SPEC, undefined, { ...nodeFiles, write, close: () => {} }), taken: () => taken };
}

it("a reader that is stuck: a flush never says delivered, however long it is asked to wait", async () => {
  const { sink } = pipe(() => 0);
  sink.write(chunk());
  for (const millis of [0, 1, 20]) {
    const outcome = await Promise.race([sink.flush(millis).then(() => "delivered"), sleep(millis + 100, "open")]);
    expect(outcome).toBe("open");
    expect(await deliver(sink, SPEC, millis, false)).toMatchObject({ status: "late" });
  }
});

it("a flush waits for what was there before, not for what came meanwhile", async () => {
  let space = 500;
  const { sink } = pipe(() => {
    const room = space;
    space = 0;
    return room;
  });
  sink.write(chunk());
  const flushed = deliver(sink, SPEC, 20_000, false);
  sink.write(chunk());
  space = 700; // the rest of the first and a part of the second
  expect(await flushed).toMatchObject({ status: "delivered" });
  sink.close({ millis: 0, isExit: false });
  expect(sink.status.lostRows).toBe(ROWS);
});

it("a flush that was under way when its pipe was closed says that it has failed", async () => {
  const { sink } = pipe(() => 0);
  sink.write(chunk());
  const flushed = deliver(sink, SPEC, 20_000, false);
  sink.close({ millis: 0, isExit: false });
  expect(await flushed).toMatchObject({ status: "failed", lostRows: ROWS });
});

it("the end of a recording waits no longer than it was told, and counts what nobody has taken (C28, I3)", () => {
  const { sink } = pipe(() => 0);
  sink.write(chunk());
  const start = performance.now();
  sink.close({ millis: 50, isExit: false });
  expect(performance.now() - start).toBeLessThan(1000);
  expect(sink.status).toMatchObject({ state: "closed", lostRows: ROWS, queuedBytes: 0 });
});

it("a process that ends waits for a reader as long as that takes something, also when it has no time left", () => {
  const start = performance.now();
  let last = 0;
  const { sink, taken } = pipe(() => {
    const now = performance.now();
    if (now < last + 400) return 0;
    last = now;
    return 200;
  });
  sink.write(chunk());
  sink.write(chunk());
  sink.flushSync();
  sink.close({ millis: 0, isExit: true });
  expect(performance.now() - start).toBeGreaterThan(2000);
  expect(taken()).toBeGreaterThan(2000);
  expect(sink.status.lostRows).toBe(0);
});

it("a recording that goes on elsewhere is not held up by a reader that is stuck; what that takes in time is not lost (I1, I3)", async () => {
  let room = 0;
  const { sink, taken } = pipe(() => room);
  sink.write(chunk());
  const start = performance.now();
  sink.close();
  expect(performance.now() - start).toBeLessThan(200);
  room = 10_000;
  await sink.closed;
  expect(taken()).toBeGreaterThan(1000);
  expect(sink.status).toMatchObject({ state: "closed", lostRows: 0 });
});

it("what is left in a pipe comes before what is recorded to it again, and the number of whoever joins is closed", async () => {
  const events: string[] = [];
  const files = {
    ...nodeFiles,
    write: (fd: number, _bytes: Uint8Array, _offset: number, length: number) => {
      if (isStuck) throw Object.assign(new Error("EAGAIN"), { code: "EAGAIN" });
      events.push(`write ${fd}`);
      return length;
    },
    close: (fd: number) => {
      events.push(`close ${fd}`);
    },
  };
  let isStuck = true;
  const pool = new SinkPool(() => {}, { files, onReleased: () => {} });
  const spec = (fd: number) => ({ kind: "pipe", path: "/pipe", fd }) as const;
  pool.acquire(spec(10)).write(chunk());
  pool.acquire(spec(11)); // joins
  expect(events).toEqual(["close 11"]);
  pool.release(spec(10));
  pool.release(spec(11));
  isStuck = false;
  const again = pool.acquire(spec(12));
  again.write(chunk());
  again.flushSync();
  await pool.settled();
  expect(events).toEqual(["close 11", "write 10", "close 10", "write 12"]);
});
