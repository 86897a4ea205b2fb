import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Scalars } from "../../../src/archetypes/index.ts";
import { getDataRecording } from "../../../src/recording/context/active-recording.ts";
import * as free from "../../../src/recording/free-functions.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { recorded } from "../../../src/recording/recorded.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { collectWarnings, type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let warnings: ReturnType<typeof collectWarnings>;
beforeEach(() => {
  transport = useFakeTransport();
  warnings = collectWarnings();
});
afterEach(() => warnings.stop());

const active = () => getDataRecording();

describe("bind (C25)", () => {
  it("a function runs in the recording, with its arguments, this and times of its own", () => {
    const rec = new RecordingStream("a");
    rec.setTime("frame", { sequence: 1 });
    const bound = rec.bind(function (this: number, n: number) {
      rec.log("x", new Scalars(n));
      rec.setTime("frame", { sequence: 9 });
      return [active(), this, n];
    });
    rec.setTime("frame", { sequence: 2 });
    expect(bound.call(5, 7)).toEqual([rec, 5, 7]);
    expect(bound.length).toBe(1);
    bound.call(5, 8);
    expect(transport.userRows.map(({ times }) => times.frame)).toEqual([1n, 1n]);
    expect(active()).toBeUndefined();
  });

  it("each step of a generator runs in the recording, and what is between them does not", () => {
    const rec = new RecordingStream("a");
    const other = new RecordingStream("b");
    const seen: unknown[] = [];
    const generator = rec.bind(function* (): Generator<number, string, string> {
      try {
        rec.setTime("step", { sequence: 1 });
        seen.push(active(), yield 1);
        rec.log("x", new Scalars(1));
        yield 2;
      } finally {
        seen.push(active());
      }
      return "never";
    })();
    other.with(() => {
      expect(generator.next("ignored")).toEqual({ value: 1, done: false });
      expect(active()).toBe(other);
      expect(generator.next("sent").value).toBe(2);
    });
    expect(generator.return("closed")).toEqual({ value: "closed", done: true });
    expect(seen).toEqual([rec, "sent", rec]);
    expect(transport.userRows[0]?.times.step).toBe(1n);
  });

  it("async generators and plain iterators too, and errors thrown into them arrive", async () => {
    const rec = new RecordingStream("a");
    const seen: unknown[] = [];
    const steps = rec.bind(
      (async function* () {
        for (let i = 0; i < 3; i++) {
          await null;
          seen.push(active());
          yield i;
        }
      })(),
    );
    const values: number[] = [];
    for await (const value of steps) {
      values.push(value);
      expect(active()).toBeUndefined();
    }
    expect(values).toEqual([0, 1, 2]);
    expect(seen).toEqual([rec, rec, rec]);
    const failing = rec.bind(
      (function* () {
        try {
          yield 1;
        } catch (error) {
          yield [error, active()];
        }
      })(),
    );
    failing.next();
    expect(failing.throw("oh").value).toEqual(["oh", rec]);
    expect([...rec.bind(new Map([[1, 2]]).keys())]).toEqual([1]);
  });

  it("listeners of an emitter that are added later, wherever it is emitted", () => {
    const rec = new RecordingStream("a");
    const other = new RecordingStream("b");
    const emitter = new EventEmitter();
    const seen: unknown[] = [];
    emitter.on("x", () => seen.push(active()));
    expect(rec.bind(emitter)).toBe(emitter);
    emitter.on("x", () => seen.push(active()));
    other.with(() => emitter.emit("x"));
    expect(seen).toEqual([other, rec]);
  });

  it("anything else, and everything without a recording, comes back as it is", () => {
    const thing = { a: 1 };
    expect(new RecordingStream("a").bind(thing)).toBe(thing);
    const fn = () => 1;
    expect(free.bind(fn)).toBe(fn);
  });
});

describe("recorded", () => {
  const open = () => processState().openRecordings.size;
  const closed = () => transport.commands.filter(({ type }) => type === "close").length;

  it("each call has a recording of its own, which ends with it", async () => {
    const seen = new Set<unknown>();
    const job = recorded("jobs", (a: number, b: number) => {
      seen.add(active());
      free.log("sum", new Scalars(a + b));
      return a + b;
    });
    expect([job(1, 2), job(3, 4)]).toEqual([3, 7]);
    expect(job.length).toBe(2);
    expect(seen.size).toBe(2);
    expect(active()).toBeUndefined();
    await Promise.resolve();
    expect([open(), closed()]).toEqual([0, 2]);
  });

  it("a throw and a rejection pass through, and the recording ends all the same", async () => {
    const failing = recorded("jobs", () => {
      free.log("x", new Scalars(1));
      throw new Error("sync");
    });
    expect(failing).toThrow("sync");
    const rejecting = recorded("jobs", async () => {
      free.log("x", new Scalars(1));
      await null;
      throw new Error("async");
    });
    await expect(rejecting()).rejects.toThrow("async");
    expect([open(), closed()]).toEqual([0, 2]);
  });

  it("an async one resolves when its recording has ended", async () => {
    const job = recorded("jobs", async () => {
      await null;
      free.log("x", new Scalars(1));
      return active();
    });
    const [a, b] = await Promise.all([job(), job()]);
    expect(a).not.toBe(b);
    expect([open(), closed()]).toEqual([0, 2]);
  });

  it("generators end it when they are done or closed", async () => {
    const steps = recorded("jobs", function* (n: number) {
      for (let i = 0; i < n; i++) {
        free.log("i", new Scalars(i));
        yield active();
      }
    });
    const all = [...steps(3)];
    expect(new Set(all).size).toBe(1);
    expect(active()).toBeUndefined();
    for (const _ of steps(3)) break;
    const asyncSteps = recorded("jobs", async function* () {
      await null;
      free.log("i", new Scalars(1));
      yield active();
    });
    for await (const rec of asyncSteps()) expect(rec).toBeInstanceOf(RecordingStream);
    expect([open(), closed()]).toEqual([0, 3]);
  });
});

describe("times of a call", () => {
  it("log takes times for one row, beside those that are set", () => {
    const rec = new RecordingStream("a");
    rec.setTime("frame", { sequence: 1 });
    rec.setTime("age", { duration: 1 });
    rec.log("x", new Scalars(1), { time: { frame: { sequence: 2 }, taken: { timestamp: { epochNanoseconds: 5n } } } });
    rec.log("x", new Scalars(1));
    expect(transport.userRows.map(({ times }) => times)).toEqual([
      { log_time: "now", frame: 2n, age: 1_000_000_000n, taken: 5n },
      { log_time: "now", frame: 1n, age: 1_000_000_000n },
    ]);
  });

  it("a bad one is reported and left out; a static row with times warns", () => {
    const rec = new RecordingStream("a");
    rec.log("x", new Scalars(1), { time: { frame: { sequence: 1.5 }, step: { sequence: 3 } } });
    rec.log("x", new Scalars(1), { static: true, time: { step: { sequence: 3 } } });
    expect(transport.userRows.map(({ times }) => times)).toEqual([{ log_time: "now", step: 3n }, {}]);
    expect(warnings.messages).toHaveLength(2);
    expect(() => rec.log("x", new Scalars(1), { strict: true, time: { a: {} as never } })).toThrow(/exactly one/);
  });

  it("withTime holds for what the function starts, and for nothing else", async () => {
    const rec = new RecordingStream("a");
    const task = rec.withTime({ frame: { sequence: 4 } }, async () => {
      await null;
      rec.log("x", new Scalars(1));
      return "result";
    });
    rec.log("y", new Scalars(1));
    expect(await task).toBe("result");
    expect(transport.userRows.map(({ times }) => times.frame)).toEqual([undefined, 4n]);
    expect(free.withTime({}, () => 1)).toBe(1);
  });

  it("tryLog says what is wrong, logBatches logs what an archetype would", () => {
    const rec = new RecordingStream("a");
    expect(rec.tryLog("x", new Scalars("no" as never))).toMatchObject({ code: expect.stringMatching(/^ERR_RERUN_/) });
    expect(rec.tryLog("x", new Scalars(1))).toBeUndefined();
    rec.logBatches("y", new Scalars(2).asComponentBatches());
    expect(transport.userRows.map(({ entityPath }) => entityPath)).toEqual(["/x", "/y"]);
    expect(RecordingStream.disabled().enabled).toBe(false);
    expect(RecordingStream.fromStoreId({ applicationId: "a", recordingId: "r" }).recordingId).toBe("r");
  });
});
