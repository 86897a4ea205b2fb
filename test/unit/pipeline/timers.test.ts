import { expect, it, vi } from "vitest";
import { timerMillis, within } from "../../../src/sinks/within.ts";
import { recording } from "./recorded.ts";

const waits = vi.hoisted((): number[] => []);
vi.mock("../../../src/real-time.ts", async (load) => {
  const real = await load<typeof import("../../../src/real-time.ts")>();
  const setTimeout = (callback: () => void, millis: number) => {
    waits.push(millis);
    return real.setTimeout(callback, millis);
  };
  return { ...real, setTimeout };
});

it("asks for no timer in the past, which Node 21 and later warn of on stderr", async () => {
  const { log, clock, stats } = recording();
  log("/a", 1);
  stats();
  clock.advance(1000);
  stats();
  expect(waits.length).toBeGreaterThan(1);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
  expect([-5, 0, 0.4, 2.2, Number.POSITIVE_INFINITY].map(timerMillis)).toEqual([1, 1, 1, 3, 2 ** 31 - 1]);
  expect(await within(-5, new Promise(() => {}))).toBe("late");
});
