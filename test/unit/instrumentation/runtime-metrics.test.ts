import { AsyncLocalStorage } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { httpActivity } from "../../../instrumentation/http/http-activity.ts";
import { setGlobalDataRecording } from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { recorded } from "../otel/recorded.ts";

// those of the real ones are taken when the module is loaded, which is what fake ones of an application are to be kept away from
vi.mock("../../../src/real-time.ts", async (original) => ({
  ...(await original<object>()),
  setTimeout: (...args: Parameters<typeof setTimeout>) => globalThis.setTimeout(...args),
  clearTimeout: (timer: NodeJS.Timeout) => globalThis.clearTimeout(timer),
  now: () => performance.now(),
}));
vi.mock("../../../src/telemetry/recorder.ts", () => import("../otel/fake-recorder.ts"));
const { RuntimeMetrics } = await import("../../../instrumentation/runtime-metrics.ts");

describe("RuntimeMetrics", () => {
  let recording: RecordingStream;
  let metrics: InstanceType<typeof RuntimeMetrics>;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    recording = new RecordingStream("shop");
    setGlobalDataRecording(recording);
    metrics = new RuntimeMetrics({ resource: { attributes: { "service.name": "shop" } } });
  });
  afterEach(() => {
    metrics.disable();
    vi.useRealTimers();
    setGlobalDataRecording(undefined);
    Object.assign(httpActivity, { active: 0, requests: 0 });
  });
  const points = () => recorded(recording).points;
  const spin = (millis: number) => {
    const end = performance.now() + millis;
    while (performance.now() < end);
  };

  it("measures each second while the process works", () => {
    httpActivity.active = 2;
    metrics.enable();
    spin(20);
    vi.advanceTimersByTime(1000);
    const names = points().map(({ name, unit }) => `${name} ${unit}`);
    for (const name of [
      "nodejs.eventloop.utilization 1",
      "process.memory.usage By",
      "v8js.memory.heap.used By",
      "process.cpu.utilization 1",
      "http.server.active_requests {request}",
    ]) {
      expect(names).toContain(name);
    }
    const value = (name: string) => points().find((point) => point.name === name)?.data;
    expect(value("http.server.active_requests")).toEqual({ type: "gauge", value: 2 });
    expect(value("process.memory.usage")).toMatchObject({ value: expect.closeTo(process.memoryUsage().rss, -9) });
    spin(20);
    const before = points().length;
    vi.advanceTimersByTime(1000);
    expect(points().length).toBeGreaterThan(before);
  });

  it("measures the pauses of the garbage collector, by kind", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    metrics.enable();
    collect();
    collect();
    for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate); // Node tells of them in a later turn
    vi.advanceTimersByTime(1000);
    const pauses = points().filter(({ name }) => name === "v8js.gc.duration");
    const major = pauses.find(({ attributes }) => attributes["v8js.gc.type"] === "major");
    if (major?.data.type !== "histogram") throw new Error("no histogram");
    expect(major.unit).toBe("s");
    expect(major.data.count).toBeGreaterThanOrEqual(2);
    expect(major.data.counts.reduce((sum, n) => sum + n, 0)).toBe(major.data.count);
    expect(major.data.sum).toBeGreaterThan(0);
  });

  it("says nothing of requests where there are none", () => {
    metrics.enable();
    vi.advanceTimersByTime(1000);
    expect(points().map(({ name }) => name)).not.toContain("http.server.active_requests");
  });

  it("records twice a minute while the process waits, and again soon after it does not", () => {
    let now = 0;
    let utilization = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const usage = vi
      .spyOn(performance, "eventLoopUtilization")
      .mockImplementation(() => ({ idle: 0, active: 0, utilization }));
    metrics.enable();
    const times = (seconds: number) => {
      const before = points().filter(({ name }) => name === "process.memory.usage").length;
      for (let second = 0; second < seconds; second++) {
        now += 1000;
        vi.advanceTimersByTime(1000);
      }
      return points().filter(({ name }) => name === "process.memory.usage").length - before;
    };
    expect(times(301)).toBe(11);
    utilization = 0.5;
    expect(times(14)).toBe(10);
    for (const spy of [clock, usage]) spy.mockRestore();
  });

  it("does not keep the process alive, nor the context of the request that was first", () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    vi.useRealTimers();
    const set = vi.spyOn(globalThis, "setTimeout").mockImplementation(((): unknown => {
      seen.push(storage.getStore());
      return { unref: () => seen.push("unref") };
    }) as never);
    storage.run("the first request", () => metrics.enable());
    set.mockRestore();
    expect(seen).toEqual([undefined, "unref"]);
  });

  it("stops when it is disabled, and skips a recording that was shut down", async () => {
    metrics.enable();
    await recording.shutdown({ timeoutMillis: 100 });
    vi.advanceTimersByTime(1000);
    metrics.disable();
    expect(vi.getTimerCount()).toBe(0);
    expect(points()).toEqual([]);
  });
});
