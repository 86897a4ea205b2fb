import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RuntimeMetrics } from "../../../instrumentation/runtime-metrics.ts";
import { Scalars } from "../../../src/index.ts";
import { wallNanos } from "../../../src/otel/wall-clock.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { openRrd } from "../../../src/rrd/reader/open-rrd.ts";

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

  it("do not move rows either, and are not asked to write them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "otel-rerun-faked-"));
    const path = join(folder, "faked.rrd");
    const before = Date.now();
    vi.useFakeTimers({ now: 0, toFake: [...FAKED] });
    const rec = new RecordingStream("shop");
    rec.save(path);
    rec.log("a", new Scalars(1));
    vi.advanceTimersByTime(3_600_000);
    rec.log("a", new Scalars(2));
    expect(vi.getTimerCount()).toBe(0);
    await rec.flush({});
    await rec.shutdown({});
    vi.useRealTimers();
    const times: number[] = [];
    for await (const { entityPath, timelines } of (await openRrd(path)).chunks()) {
      const column = timelines.find(({ name }) => name === "log_time")?.times ?? new BigInt64Array();
      if (entityPath === "/a") for (const time of column) times.push(Number(time / 1_000_000n) - before);
    }
    rmSync(folder, { recursive: true });
    expect(times).toHaveLength(2);
    for (const time of times) expect(Math.abs(time)).toBeLessThan(60_000);
  });
});

/** All but what promises of the test itself are settled by. */
const FAKED = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] as const;
