import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Scalars } from "../../../src/archetypes/index.ts";
import { RerunError } from "../../../src/errors.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { timeColumn } from "../../../src/recording/time/time-column.ts";
import { NO_TIMES, withoutTime, withTime } from "../../../src/recording/time/time-point.ts";
import { type TimeValue, typedTime } from "../../../src/recording/time/time-value.ts";
import { collectWarnings, type FakeTransport, useFakeTransport } from "./fake-transport.ts";

describe("time values (C15)", () => {
  it.each<[TimeValue, string, bigint]>([
    [{ sequence: 42 }, "sequence", 42n],
    [{ sequence: -3n }, "sequence", -3n],
    [{ duration: 1.5 }, "duration", 1_500_000_000n],
    [{ duration: -0.25 }, "duration", -250_000_000n],
    [{ duration: { nanos: 7n } }, "duration", 7n],
    [{ duration: 7n }, "duration", 7n],
    [{ timestamp: 1_700_000_000_123_456_789n }, "timestamp", 1_700_000_000_123_456_789n],
    // the doubles that the Python SDK has, and what it makes of them
    [{ timestamp: 1_700_000_000.123456 }, "timestamp", 1_700_000_000_123_456_000n],
    [{ timestamp: 1_700_000_001.123456 }, "timestamp", 1_700_000_001_123_456_000n],
    [{ duration: 1700.000000123456 }, "duration", 1_700_000_000_123n],
    [{ timestamp: new Date(1_700_000_000_123) }, "timestamp", 1_700_000_000_123_000_000n],
    [{ timestamp: 1_000.125 }, "timestamp", 1_000_125_000_000n],
    [{ timestamp: 1_700_000_000.125 }, "timestamp", 1_700_000_000_124_999_936n],
    [{ timestamp: { nanos: 1_700_000_000_123_456_789n } }, "timestamp", 1_700_000_000_123_456_789n],
  ])("%o is a %s of %d", (value, type, nanosOrNumber) => {
    expect(typedTime(value)).toEqual({ type, value: nanosOrNumber });
  });

  it("the smallest 64-bit number, which means static, is moved to the one above it", () => {
    expect(typedTime({ sequence: -(2n ** 63n) }).value).toBe(-(2n ** 63n) + 1n);
  });

  it("milliseconds instead of seconds are refused, and the message names Date", () => {
    expect(() => typedTime({ timestamp: Date.now() })).toThrow(/new Date\(/);
    expect(() => typedTime({ timestamp: 9e9 })).not.toThrow();
  });

  it.each([
    {},
    { sequence: 1, duration: 1 },
    { sequence: 1.5 },
    { sequence: "1" },
    { duration: Number.NaN },
    { duration: Number.POSITIVE_INFINITY },
    { timestamp: new Date(Number.NaN) },
    { timestamp: { nanos: 1 } },
    { sequence: 2n ** 63n },
    null,
    5,
  ])("%o is refused", (value) => {
    expect(() => typedTime(value as never)).toThrow(RerunError);
  });
});

describe("timeColumn (C17)", () => {
  it("a column of times takes what a single time does, and refuses what that refuses", () => {
    const instant = { epochNanoseconds: 7n };
    expect(timeColumn("at", { timestamp: [new Date(1000), 2, { nanos: 3n }, instant] })).toEqual({
      timeline: { name: "at", type: "timestamp" },
      values: BigInt64Array.of(1_000_000_000n, 2_000_000_000n, 3n, 7n),
    });
    expect(timeColumn("age", { duration: [1.5, { nanos: 1n }] }).values).toEqual(BigInt64Array.of(1_500_000_000n, 1n));
    const nanos = BigInt64Array.of(5n, -(2n ** 63n));
    for (const kind of ["timestamp", "duration"] as const) {
      const values = { [kind]: nanos } as { duration: BigInt64Array };
      expect(timeColumn("at", values).values).toEqual(BigInt64Array.of(5n, -(2n ** 63n) + 1n));
      expect(timeColumn("at", { [kind]: [5n, 2] } as { duration: bigint[] }).values).toEqual(
        BigInt64Array.of(5n, 2_000_000_000n),
      );
    }
    expect(timeColumn("frame", { sequence: [1, 2n] }).values).toEqual(BigInt64Array.of(1n, 2n));
    const integers = [0, -0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32 + 5, -(2 ** 32) - 5, 2 ** 53 - 1, -(2 ** 53) + 1];
    const expected = BigInt64Array.from(integers, BigInt);
    expect(timeColumn("frame", { sequence: integers }).values).toEqual(expected);
    expect(timeColumn("frame", { sequence: Float64Array.from(integers) }).values).toEqual(expected);
    expect(timeColumn("frame", { sequence: new Set(integers) }).values).toEqual(
      BigInt64Array.from(new Set(integers), BigInt),
    );
    const lowest = BigInt64Array.of(-(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 63n - 1n);
    expect(timeColumn("frame", { sequence: lowest }).values).toEqual(lowest.with(0, -(2n ** 63n) + 1n));
    expect(lowest[0]).toBe(-(2n ** 63n)); // the user's own stays as it is
    for (const bad of [
      {},
      { sequence: [1], duration: [1] },
      { sequence: [1.5] },
      { timestamp: [Date.now()] },
      { timestamp: [new Date(Number.NaN)] },
      { duration: ["1"] },
    ]) {
      expect(() => timeColumn("t", bad as never), JSON.stringify(bad)).toThrow(RerunError);
    }
  });
});

describe("time points", () => {
  it("keep their timelines sorted, and the same set of timelines is the same array", () => {
    const frame = { name: "frame", type: "sequence" } as const;
    const age = { name: "age", type: "duration" } as const;
    const one = withTime(withTime(NO_TIMES, frame, 1n), age, 2n);
    const other = withTime(withTime(NO_TIMES, age, 3n), { ...frame }, 4n);
    expect(one).toEqual({ timelines: [age, frame], values: [2n, 1n] });
    expect(other.timelines).toBe(one.timelines);
    expect(withTime(one, frame, 9n).timelines).toBe(one.timelines);
    expect(one.values).toEqual([2n, 1n]);
    expect(withoutTime(one, "age")).toEqual({ timelines: [frame], values: [1n] });
    expect(withoutTime(one, "other")).toBe(one);
  });
});

describe("the times of rows", () => {
  let transport: FakeTransport;
  let rec: RecordingStream;
  let warnings: ReturnType<typeof collectWarnings>;
  const times = () => transport.userRows.map((row) => row.times);

  beforeEach(() => {
    transport = useFakeTransport();
    warnings = collectWarnings();
    rec = new RecordingStream("times");
  });
  afterEach(() => warnings.stop());

  it("setTime, disableTimeline and resetTime count for the rows that follow", () => {
    rec.setTime("frame", { sequence: 1 });
    rec.setTime("age", { duration: 2 });
    rec.log("a", new Scalars(1));
    rec.disableTimeline("frame");
    rec.disableTimeline("unknown");
    rec.log("a", new Scalars(2));
    rec.resetTime();
    rec.log("a", new Scalars(3));
    expect(times()).toEqual([
      { log_time: "now", frame: 1n, age: 2_000_000_000n },
      { log_time: "now", age: 2_000_000_000n },
      { log_time: "now" },
    ]);
  });

  it("only the first row after setTime begins a new epoch of row ids", () => {
    rec.log("a", new Scalars(1));
    rec.setTime("frame", { sequence: 1 });
    rec.log("a", new Scalars(2));
    rec.log("a", new Scalars(3));
    expect(transport.userRows.map(({ flags }) => flags)).toEqual([0, 1, 0]);
  });

  it("log_time is on and log_tick off, and both can be switched at run time (C16)", () => {
    rec.log("a", new Scalars(1));
    rec.logTickEnabled = true;
    rec.log("a", new Scalars(2));
    rec.logTimeEnabled = false;
    rec.log("a", new Scalars(3));
    expect(times()).toEqual([{ log_time: "now" }, { log_time: "now", log_tick: 1n }, { log_tick: 2n }]);
  });

  it("static rows have no times, but the tick counts them (C15)", () => {
    rec.logTickEnabled = true;
    rec.setTime("frame", { sequence: 1 });
    rec.log("a", new Scalars(1), { static: true });
    rec.log("a", new Scalars(2));
    expect(transport.userRows.map(({ isStatic }) => isStatic)).toEqual([true, false]);
    expect(times()).toEqual([{}, { log_time: "now", frame: 1n, log_tick: 1n }]);
  });

  it("a row without any time gets log_time and a warning instead of becoming static (C35)", () => {
    rec.logTimeEnabled = false;
    for (let i = 0; i < 3; i++) rec.log("a", new Scalars(1));
    expect(transport.userRows.map((row) => [row.isStatic, row.times])).toEqual(
      Array(3).fill([false, { log_time: "now" }]),
    );
    expect(warnings.messages).toEqual([expect.stringContaining("log_time is off")]);
    expect(() => rec.log("a", new Scalars(1), { strict: true })).toThrow(RerunError);
    rec.setTime("frame", { sequence: 1 });
    rec.log("a", new Scalars(1), { strict: true });
    expect(times().at(-1)).toEqual({ frame: 1n });
  });

  it("our log_time takes the place of the user's own", () => {
    rec.setTime("log_time", { timestamp: 5 });
    rec.log("a", new Scalars(1));
    rec.logTimeEnabled = false;
    rec.log("a", new Scalars(2));
    expect(times()).toEqual([{ log_time: "now" }, { log_time: 5_000_000_000n }]);
  });

  it("a timeline that changes its type warns once and has the new one (C15)", () => {
    rec.setTime("t", { sequence: 1 });
    for (let i = 0; i < 2; i++) rec.setTime("t", { duration: 1 });
    rec.log("a", new Scalars(1));
    expect(times()).toEqual([{ log_time: "now", t: 1_000_000_000n }]);
    expect(warnings.messages).toEqual([expect.stringMatching(/"t" was a sequence and is a duration .*time\.test\.ts/)]);
    const strict = new RecordingStream("strict", { strict: true });
    strict.setTime("t", { sequence: 1 });
    expect(() => strict.setTime("t", { timestamp: 1 })).not.toThrow();
  });

  it("the second of two names that a footer cannot tell apart is refused with a warning", () => {
    rec.setTime("a-b", { sequence: 1 });
    rec.setTime("a_b", { sequence: 2 });
    rec.setTime("log-time", { sequence: 3 });
    rec.log("a", new Scalars(1));
    expect(times()).toEqual([{ log_time: "now", "a-b": 1n }]);
    expect(warnings.messages).toEqual([
      expect.stringContaining('timeline "a_b" cannot be used'),
      expect.stringContaining('timeline "log-time" cannot be used'),
    ]);
  });

  it("setTime never throws what is wrong with a time, except in strict mode (I1)", () => {
    expect(() => rec.setTime("t", { sequence: 0.5 })).not.toThrow();
    expect(() => rec.setTime("", { sequence: 1 })).not.toThrow();
    expect(warnings.messages).toHaveLength(2);
    const strict = new RecordingStream("strict", { strict: true });
    expect(() => strict.setTime("t", { sequence: 0.5 })).toThrow(RerunError);
  });
});
