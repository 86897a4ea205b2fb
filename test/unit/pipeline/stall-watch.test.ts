import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StallWatch } from "../../../src/pipeline/stall-watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A thread that counts each 100 ms while `turns`. */
function watched() {
  const thread = { pulse: 2, turns: true, stalls: 0 };
  setInterval(() => {
    if (thread.turns) thread.pulse++;
  }, 100);
  new StallWatch(
    () => thread.pulse,
    1000,
    () => thread.stalls++,
  );
  return thread;
}

it("notices a thread that stands still, once, and the next time again", () => {
  const thread = watched();
  vi.advanceTimersByTime(10_000);
  expect(thread.stalls).toBe(0);
  thread.turns = false;
  vi.advanceTimersByTime(800);
  expect(thread.stalls).toBe(0);
  vi.advanceTimersByTime(5000);
  expect(thread.stalls).toBe(1);
  thread.turns = true;
  vi.advanceTimersByTime(1000);
  thread.turns = false;
  vi.advanceTimersByTime(1500);
  expect(thread.stalls).toBe(2);
});

it("a program that is still loading does not count as stalled", () => {
  const thread = watched();
  thread.pulse = 1;
  thread.turns = false;
  vi.advanceTimersByTime(5000);
  expect(thread.stalls).toBe(0);
});

it("nor does a machine that slept", () => {
  const thread = watched();
  vi.advanceTimersByTime(1000);
  thread.turns = false;
  vi.setSystemTime(Date.now() + 60_000);
  const now = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => now + 60_000);
  vi.advanceTimersByTime(100);
  expect(thread.stalls).toBe(0);
});
