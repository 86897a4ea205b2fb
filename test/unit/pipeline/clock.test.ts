import fc from "fast-check";
import { expect, it } from "vitest";
import { Clock } from "../../../src/pipeline/clock.ts";
import { TestClock } from "./harness.ts";

it("puts the same nanoseconds as words and as a BigInt", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 2 ** 41 }), (now, wall) => {
      const source = new TestClock();
      source.wallMillis = wall;
      const clock = new Clock(source);
      const words = new Uint32Array(2);
      clock.put(words, 0, now);
      expect(new BigInt64Array(words.buffer)[0]).toBe(clock.wallNanos(now));
    }),
  );
});

it("follows the wall clock when the machine slept", () => {
  const source = new TestClock();
  const clock = new Clock(source);
  source.wallMillis += 60_000;
  clock.anchor();
  expect(clock.wallNanos(source.now())).toBe(BigInt(source.wallMillis) * 1_000_000n);
});

it("ignores differences up to 5 ms, and a clock that is set back", () => {
  const source = new TestClock();
  const clock = new Clock(source);
  const before = clock.wallNanos(source.now());
  source.wallMillis += 5;
  clock.anchor();
  expect(clock.wallNanos(source.now())).toBe(before);
  source.wallMillis -= 3_600_000;
  clock.anchor();
  expect(clock.wallNanos(source.now())).toBe(before);
});

it("agrees with Date.now", () => {
  const clock = new Clock();
  expect(Math.abs(Number(clock.wallNanos(clock.now())) / 1e6 - Date.now())).toBeLessThan(50);
});
