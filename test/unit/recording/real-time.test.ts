import { afterEach, describe, expect, it, vi } from "vitest";
import { RuntimeMetrics } from "../../../instrumentation/runtime-metrics.ts";
import { wallNanos } from "../../../src/otel/wall-clock.ts";

describe("fake timers of an application's test", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("neither count nor run a timer of ours", () => {
    vi.useFakeTimers();
    const metrics = new RuntimeMetrics();
    metrics.enable();
    try {
      expect(vi.getTimerCount()).toBe(0);
      // with a timer that sets the next one, this would not end
      vi.runAllTimers();
    } finally {
      metrics.disable();
    }
  });

  it("do not move spans and metrics to another time", () => {
    const before = wallNanos();
    vi.useFakeTimers({ now: 0 });
    vi.advanceTimersByTime(1e9);
    const seconds = Number(wallNanos() - before) / 1e9;
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(60);
  });
});
