import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantile } from "../../../../src/telemetry/layout/distribution.ts";
import { distributionOf } from "../../../../src/telemetry/layout/distribution-of.ts";
import { groupOf, scaleOf } from "../../../../src/telemetry/layout/metric-names.ts";
import type { MetricPoint } from "../../../../src/telemetry/model.ts";
import { recordingOf, SECOND, shop, T0 } from "../telemetry.ts";

function point(name: string, second: number, data: MetricPoint["data"], part: Partial<MetricPoint> = {}): MetricPoint {
  const time = T0 + BigInt(second) * SECOND;
  return { name, unit: "1", time, attributes: {}, resource: shop, data, ...part };
}

function plotted(points: readonly MetricPoint[]) {
  const recording = recordingOf();
  points.forEach(recording.metric);
  recording.close();
  const values = (path: string) =>
    recording.rows(path).flatMap(({ values: { "Scalars:scalars": value } }) => (value === undefined ? [] : [value]));
  return { ...recording, values };
}

describe("numbers", () => {
  it("a gauge is a line of its values, in the plot's unit", () => {
    const gauge = (second: number, value: number) =>
      point("process.memory.usage", second, { type: "gauge", value }, { unit: "By" });
    const { values, rows } = plotted([gauge(0, 5e6), gauge(1, 7e6)]);
    expect(values("/metrics/nodejs/memory/process.memory.usage")).toEqual([5, 7]);
    expect(rows("/metrics/nodejs/memory/process.memory.usage")[0]?.values["SeriesLines:names"]).toBe(
      "process.memory.usage, MB",
    );
  });

  const sum = (
    second: number,
    value: number,
    isMonotonic: boolean,
    isDelta: boolean,
    part: Partial<MetricPoint> = {},
  ) => point("jobs.done", second, { type: "sum", value, isMonotonic, isDelta }, part);

  it.each<[string, MetricPoint[], number[]]>([
    ["a counter: per second since the last export", [sum(0, 10, true, false), sum(10, 30, true, false)], [2]],
    ["its first point: since it started", [sum(10, 30, true, false, { startTime: T0 })], [3]],
    ["counted and collected within one tick of the clock", [sum(0, 3, true, false, { startTime: T0 })], [3]],
    [
      "after a restart: what was counted anew",
      [sum(0, 90, true, false), sum(10, 20, true, false, { startTime: T0 + 5n * SECOND })],
      [4],
    ],
    ["a counter in differences", [sum(1, 5, true, true, { startTime: T0 }), sum(3, 6, true, true)], [5, 3]],
    ["an up-down counter: its value", [sum(0, 4, false, false), sum(1, 2, false, false)], [4, 2]],
    ["an up-down counter in differences: their total", [sum(0, 4, false, true), sum(1, -2, false, true)], [4, 2]],
  ])("%s", (_, points, expected) => {
    expect(plotted(points).values("/metrics/jobs/done/jobs.done")).toEqual(expected);
  });
});

describe("histograms", () => {
  const durations = (second: number, counts: number[], isDelta = false) =>
    point(
      "http.server.request.duration",
      second,
      { type: "histogram", isDelta, count: counts.reduce((a, b) => a + b), bounds: [0.01, 0.1, 1], counts },
      { unit: "s" },
    );

  it("are bars of what was counted since the last export, at their powers of ten of milliseconds, with the limits of all", () => {
    const { rows } = plotted([durations(0, [1, 0, 0, 0]), durations(1, [1, 5, 0, 2])]);
    const bars = rows("/histogram/http.server.request.duration");
    expect(bars.map(({ values }) => values["Histogram:upper_bounds"]).filter(Boolean)).toEqual([[10, 100, 1000]]);
    const drawn = bars.flatMap(({ values }) => {
      const [heights, starts, widths] = ["values", "abscissa", "widths"].map((field) => values[`BarChart:${field}`]);
      return heights === undefined
        ? []
        : [[heights, starts, widths].map((numbers) => Array.from(numbers as number[], Math.round))];
    });
    expect(drawn).toEqual([
      [[1], [0], [1]],
      [
        [5, 0, 2],
        [1, 2, 3],
        [1, 1, 1],
      ],
    ]);
  });

  it("are percentiles over the last five exports, in milliseconds", () => {
    const first = durations(0, [0, 0, 0, 100], true);
    const later = Array.from({ length: 5 }, (_, i) => durations(i + 1, [100, 0, 0, 0], true));
    const { values } = plotted([first, ...later]);
    const p95 = values("/metrics/duration/http.server.request.duration/p95") as number[];
    expect(p95[0]).toBe(1000);
    expect(p95.at(-1)).toBeCloseTo(9.5);
    expect(values("/metrics/duration/http.server.request.duration/p50").at(-1)).toBeCloseTo(5);
  });

  it("exponential ones have at most 40 bars and the right percentiles", () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 6 }), (sample, scale) => {
        const index = sample.map((value) => Math.ceil(Math.log2(value) * 2 ** scale) - 1);
        const offset = Math.min(...index);
        const counts = Array.from(
          { length: Math.max(...index) - offset + 1 },
          (_, i) => index.filter((at) => at === offset + i).length,
        );
        const none = { offset: 0, counts: [] };
        const type = "exponential-histogram";
        const count = sample.length;
        const data = {
          type,
          isDelta: true,
          count,
          scale,
          zeroCount: 0,
          positive: { offset, counts },
          negative: none,
        } as const;
        const buckets = distributionOf(data).buckets();
        expect(buckets.counts.length).toBeLessThanOrEqual(41);
        expect(buckets.counts.length).toBe(buckets.bounds.length + 1);
        expect(buckets.counts.reduce((a, b) => a + b)).toBe(count);
        const median = sample.toSorted((a, b) => a - b)[Math.ceil(count / 2) - 1] as number;
        const at = buckets.bounds.findIndex((bound) => bound >= median * (1 - 1e-9));
        const estimate = quantile(buckets, 0.5) as number;
        expect(estimate).toBeLessThanOrEqual((buckets.bounds[at] as number) * (1 + 1e-9));
        expect(estimate).toBeGreaterThanOrEqual((buckets.bounds[at - 1] ?? 0) * (1 - 1e-9));
      }),
    );
  });

  it("exponential ones of different scales can be subtracted; a smaller count is a restart", () => {
    const of = (scale: number, counts: number[]) =>
      distributionOf({
        type: "exponential-histogram",
        isDelta: false,
        count: 0,
        scale,
        zeroCount: 1,
        positive: { offset: 0, counts },
        negative: { offset: 0, counts: [] },
      });
    const difference = of(0, [3, 4]).since(of(1, [1, 1, 2]));
    expect(difference?.buckets()).toEqual({ bounds: [1, 2, 4], counts: [0, 1, 2, 0] });
    expect(of(0, [1]).since(of(0, [2]))).toBeUndefined();
  });
});

describe("many series", () => {
  it("are one entity for each attribute set, whatever its order", () => {
    const gauge = (attributes: MetricPoint["attributes"]) =>
      point("queue.size", 0, { type: "gauge", value: 1 }, { attributes });
    const { rows } = plotted([
      gauge({ a: "x", b: 1 }),
      gauge({ b: 1, a: "x" }),
      gauge({ a: "y/z" }),
      gauge({ a: "y z" }),
    ]);
    const paths = new Set(rows(/^\/metrics\/queue/).map(({ path }) => path));
    expect([...paths]).toEqual([
      "/metrics/queue/size/queue.size/x_1",
      "/metrics/queue/size/queue.size/y_z",
      "/metrics/queue/size/queue.size/y_z_2",
    ]);
  });

  it("are drawn as their sum beyond 20 of a metric, and counted (I3)", () => {
    const points = [0, 1].flatMap((second) =>
      Array.from({ length: 30 }, (_, i) =>
        point("queue.size", second, { type: "gauge", value: 1 }, { attributes: { i } }),
      ),
    );
    const { values, summary } = plotted(points);
    expect(values("/metrics/queue/size/queue.size/_overflow")).toEqual([10, 10]);
    expect(summary()).toContain("metrics 20");
  });

  it("are at most 200 in all (I7)", () => {
    const points = Array.from({ length: 1000 }, (_, i) => point(`m${i}.x`, 0, { type: "gauge", value: 1 }));
    const { rows, summary } = plotted(points);
    expect(new Set(rows(/^\/metrics\/m/).map(({ path }) => path)).size).toBe(200);
    expect(summary()).toContain("metrics 800");
  });
});

it.each([
  ["http.server.active_requests", "{request}", false, "http"],
  ["nodejs.eventloop.delay.p99", "s", false, "nodejs/eventloop"],
  ["nodejs.eventloop.utilization", "1", false, "nodejs/eventloop_ratio"],
  ["v8js.memory.heap.used", "By", false, "nodejs/memory"],
  ["process.memory.usage", "By", false, "nodejs/memory"],
  ["db.client.connection.count", "{connection}", false, "db/client"],
  ["uptime", "s", false, "uptime"],
  ["http.server.request.duration", "s", true, "duration"],
  ["http.server.request.body.size", "By", true, "distribution"],
])("%s in %s (a histogram: %s) is drawn in the group %s", (name, unit, isHistogram, group) => {
  expect(groupOf(name, scaleOf(unit), isHistogram)).toBe(group);
});
