import type { MetricPoint } from "../../telemetry/model.ts";
import { toAttributes, toResource } from "../attributes.ts";
import { hrTimeToNanos } from "./hr-time.ts";
import { DATA_POINT_TYPE, type ReadableMetric, type ResourceMetrics, TEMPORALITY } from "./types.ts";

/** The value of a histogram point. */
interface HistogramValue {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
}

interface Buckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** The value of an exponential histogram point. */
interface ExponentialHistogramValue {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
}

/** Every point of one collection. A metric of a kind we do not know, or with a value of another shape, is left out. */
export function* metricPointsFrom(metrics: ResourceMetrics): Generator<MetricPoint> {
  const resource = toResource(metrics.resource);
  for (const { metrics: ofScope } of metrics.scopeMetrics) {
    for (const metric of ofScope) {
      const { name, unit = "", description } = metric.descriptor;
      for (const point of metric.dataPoints) {
        const data = toData(metric, point.value);
        if (data === undefined) continue;
        yield {
          name,
          unit,
          ...(description ? { description } : undefined),
          time: hrTimeToNanos(point.endTime),
          startTime: hrTimeToNanos(point.startTime),
          attributes: toAttributes(point.attributes),
          resource,
          data,
        };
      }
    }
  }
}

function toData(metric: ReadableMetric, value: unknown): MetricPoint["data"] | undefined {
  const isDelta = metric.aggregationTemporality === TEMPORALITY.delta;
  switch (metric.dataPointType) {
    case DATA_POINT_TYPE.gauge:
      return typeof value === "number" ? { type: "gauge", value } : undefined;
    case DATA_POINT_TYPE.sum:
      if (typeof value !== "number") return undefined;
      return { type: "sum", value, isMonotonic: metric.isMonotonic === true, isDelta };
    case DATA_POINT_TYPE.histogram:
      return isHistogram(value) ? toHistogram(value, isDelta) : undefined;
    case DATA_POINT_TYPE.exponentialHistogram:
      return isExponentialHistogram(value) ? toExponentialHistogram(value, isDelta) : undefined;
    default:
      return undefined;
  }
}

function toHistogram(value: HistogramValue, isDelta: boolean): MetricPoint["data"] {
  // With no value recorded the SDK leaves ±Infinity in min and max.
  return {
    type: "histogram",
    isDelta,
    count: value.count,
    ...(value.sum === undefined ? undefined : { sum: value.sum }),
    ...(Number.isFinite(value.min) ? { min: value.min as number } : undefined),
    ...(Number.isFinite(value.max) ? { max: value.max as number } : undefined),
    bounds: [...value.buckets.boundaries],
    counts: [...value.buckets.counts],
  };
}

function toExponentialHistogram(value: ExponentialHistogramValue, isDelta: boolean): MetricPoint["data"] {
  return {
    type: "exponential-histogram",
    isDelta,
    count: value.count,
    ...(value.sum === undefined ? undefined : { sum: value.sum }),
    scale: value.scale,
    zeroCount: value.zeroCount,
    positive: { offset: value.positive.offset, counts: [...value.positive.bucketCounts] },
    negative: { offset: value.negative.offset, counts: [...value.negative.bucketCounts] },
  };
}

function isHistogram(value: unknown): value is HistogramValue {
  const buckets = (value as Partial<HistogramValue> | null)?.buckets;
  return Array.isArray(buckets?.boundaries) && Array.isArray(buckets.counts);
}

function isExponentialHistogram(value: unknown): value is ExponentialHistogramValue {
  const { positive, negative } = (value ?? {}) as Partial<ExponentialHistogramValue>;
  return Array.isArray(positive?.bucketCounts) && Array.isArray(negative?.bucketCounts);
}
