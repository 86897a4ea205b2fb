import type { MetricPoint } from "../model.ts";
import { CAPS, type LeftOut } from "./caps.ts";
import { distributionOf } from "./distribution-of.ts";
import type { LogRow } from "./log-rows.ts";
import { groupOf, scaleOf } from "./metric-names.ts";
import { type Measurement, MetricSeries, PERCENTILES } from "./metric-series.ts";
import { slug } from "./slug.ts";
import { Slugs } from "./slugs.ts";
import { attributesJson, text } from "./span-json.ts";
import type { Times } from "./times.ts";

/** As OpenTelemetry calls the series that holds all others. */
const OVERFLOW = "_overflow";

interface Metric {
  readonly series: Map<string, MetricSeries>;
  readonly slugs: Slugs;
  /** Sum of the series beyond the cap, for the export that is being read. */
  overflow: Measurement | undefined;
}

/**
 * `/metrics/<group>/<metric>/<attribute set>` and `/histogram/…`. The series of a metric beyond its cap are drawn as their sum; when
 * there are too many of all metrics, further ones are counted only (I7).
 */
export class Metrics {
  readonly #log: LogRow;
  readonly #times: Times;
  readonly #leftOut: LeftOut;
  readonly #prefix: string;
  readonly #metrics = new Map<string, Metric>();
  /** Without that of `RequestDurations`. */
  readonly #slugs = new Slugs(["requests"]);
  #seriesCount = 0;
  /** That they are drawn as, each in a colour of its own as long as there are some; the first are those of `RequestDurations`. */
  #lines: number = PERCENTILES.length;

  /** @param instance name of this process among those that share the recording. */
  constructor(log: LogRow, times: Times, leftOut: LeftOut, instance?: string) {
    this.#log = log;
    this.#times = times;
    this.#leftOut = leftOut;
    this.#prefix = instance === undefined ? "" : `/${instance}`;
  }

  add(point: MetricPoint): void {
    const metric = this.#metricOf(point.name);
    if (metric === undefined) {
      this.#leftOut.add("metrics");
      return;
    }
    const measurement = measurementOf(point);
    const key = attributeKey(point);
    const series = metric.series.get(key);
    if (series !== undefined) series.add(measurement);
    else if (metric.series.size < CAPS.metricSeriesOfOne && this.#seriesCount < CAPS.metricSeries) {
      this.#open(metric, key, point, this.#nameOf(metric, point)).add(measurement);
    } else this.#overflow(metric, point, measurement);
  }

  /** Writes what waits for further series of the same export. */
  flush(): void {
    for (const metric of this.#metrics.values()) this.#flush(metric);
  }

  #metricOf(name: string): Metric | undefined {
    let metric = this.#metrics.get(name);
    if (metric === undefined && this.#seriesCount < CAPS.metricSeries) {
      metric = { series: new Map(), slugs: new Slugs([OVERFLOW]), overflow: undefined };
      this.#metrics.set(name, metric);
    }
    return metric;
  }

  #overflow(metric: Metric, point: MetricPoint, measurement: Measurement): void {
    this.#leftOut.add("metrics");
    if (!metric.series.has(OVERFLOW)) this.#open(metric, OVERFLOW, point, OVERFLOW);
    const sum = metric.overflow;
    if (sum?.time === measurement.time) metric.overflow = sumOf(sum, measurement);
    else {
      this.#flush(metric);
      metric.overflow = measurement;
    }
  }

  #flush(metric: Metric): void {
    const { overflow } = metric;
    metric.overflow = undefined;
    if (overflow !== undefined) metric.series.get(OVERFLOW)?.add(overflow);
  }

  #open(metric: Metric, key: string, point: MetricPoint, part: string): MetricSeries {
    const scale = scaleOf(point.unit);
    const isHistogram = point.data.type === "histogram" || point.data.type === "exponential-histogram";
    const group = groupOf(point.name, scale, isHistogram).split("/").map(slug).join("/");
    const tail = `${this.#slugs.of(point.name)}${part === "" ? "" : `/${part}`}`;
    const attributes = key === OVERFLOW ? "(others)" : Object.values(point.attributes).map(text).join(", ");
    const series = new MetricSeries(this.#log, this.#times, {
      path: `/metrics${this.#prefix}/${group}/${tail}`,
      barsPath: `/histogram${this.#prefix}/${tail}`,
      name: attributes === "" ? point.name : `${point.name} ${attributes}`,
      scale,
      index: this.#lines,
    });
    this.#seriesCount++;
    this.#lines += isHistogram ? PERCENTILES.length : 1;
    metric.series.set(key, series);
    return series;
  }

  /** Path part of an attribute set; none for a series without attributes. */
  #nameOf(metric: Metric, { attributes }: MetricPoint): string {
    const values = Object.values(attributes).map(text);
    return values.length === 0 ? "" : metric.slugs.of(values.join(" "));
  }
}

function measurementOf({ time, startTime, data }: MetricPoint): Measurement {
  const plain = { time, startTime, isCumulative: false, isRate: false, isTotalled: false };
  if (data.type === "gauge") return { ...plain, value: data.value };
  if (data.type !== "sum") return { ...plain, value: distributionOf(data), isCumulative: !data.isDelta };
  const { value, isMonotonic, isDelta } = data;
  return { ...plain, value, isRate: isMonotonic, isCumulative: !isDelta, isTotalled: isDelta && !isMonotonic };
}

function sumOf(a: Measurement, b: Measurement): Measurement {
  if (typeof a.value === "number") return typeof b.value === "number" ? { ...a, value: a.value + b.value } : a;
  return typeof b.value === "number" ? a : { ...a, value: a.value.plus(b.value) };
}

/** The same for the same set, whatever its order. */
function attributeKey({ attributes }: MetricPoint): string {
  const keys = Object.keys(attributes).sort();
  return attributesJson(Object.fromEntries(keys.map((key) => [key, attributes[key] ?? null])));
}
