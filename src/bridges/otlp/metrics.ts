import type { Attributes, MetricPoint, Resource } from "../../telemetry/model.ts";
import type { Decoded } from "../decoded.ts";
import { type Fields, field, isFields, list, number, text } from "../json/fields.ts";
import { nanos } from "../times.ts";
import { attributesOf, oneOf, resourceOf, scopesOf } from "./attributes.ts";
import { enumNumber } from "./enums.ts";

const TEMPORALITIES = { UNSPECIFIED: 0, DELTA: 1, CUMULATIVE: 2 } as const;
const KINDS = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;

type Data = MetricPoint["data"];

/** What the points of one metric have in common. */
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly description?: string;
  readonly resource: Resource;
}

/** `ResourceMetrics`, of JSON or protobuf. */
export function decodeResourceMetrics(fields: Fields, decoded: Decoded): void {
  const resource = resourceOf(fields.resource);
  for (const { fields: scope } of scopesOf(fields, "scopeMetrics", "instrumentationLibraryMetrics")) {
    for (const metric of list(scope.metrics)) decodeMetric(metric, resource, decoded);
  }
}

function decodeMetric(fields: Fields, resource: Resource, decoded: Decoded): void {
  const description = text(fields.description);
  const metric: Metric = {
    name: text(fields.name),
    unit: text(fields.unit),
    ...(description === "" ? {} : { description }),
    resource,
  };
  const kind = oneOf(fields, "data", KINDS);
  if (kind === undefined || !isFields(kind.value)) {
    decoded.metric([]);
    return;
  }
  const { value } = kind;
  const isDelta =
    enumNumber(field(value, "aggregationTemporality"), "AGGREGATION_TEMPORALITY_", TEMPORALITIES) ===
    TEMPORALITIES.DELTA;
  const points = list(field(value, "dataPoints"));
  decoded.metric(
    points.map((point) => {
      const attributes = attributesOf(point.attributes);
      switch (kind.case) {
        case "gauge":
          return pointOf(metric, point, attributes, gauge(point));
        case "sum":
          return pointOf(metric, point, attributes, sum(point, field(value, "isMonotonic") === true, isDelta));
        case "histogram":
          return pointOf(metric, point, attributes, histogram(point, isDelta));
        case "exponentialHistogram":
          return pointOf(metric, point, attributes, exponentialHistogram(point, isDelta));
        default:
          return summary(metric, point, attributes);
      }
    }),
  );
}

/** Empty for a point that has no value (OTLP's flag "no recorded value"). */
function pointOf(metric: Metric, fields: Fields, attributes: Attributes, data: Data | undefined): MetricPoint[] {
  if (data === undefined) return [];
  const startTime = nanos(field(fields, "startTimeUnixNano"));
  return [
    {
      ...metric,
      time: nanos(field(fields, "timeUnixNano")),
      ...(startTime === 0n ? {} : { startTime }),
      attributes,
      data,
    },
  ];
}

function gauge(point: Fields): Data | undefined {
  const value = numberValue(point);
  return value === undefined ? undefined : { type: "gauge", value };
}

function sum(point: Fields, isMonotonic: boolean, isDelta: boolean): Data | undefined {
  const value = numberValue(point);
  return value === undefined ? undefined : { type: "sum", value, isMonotonic, isDelta };
}

function numberValue(point: Fields): number | undefined {
  return number(oneOf(point, "value", ["asDouble", "asInt"])?.value);
}

function histogram(point: Fields, isDelta: boolean): Data {
  return {
    type: "histogram",
    isDelta,
    count: number(point.count) ?? 0,
    ...optional("sum", point.sum),
    ...optional("min", point.min),
    ...optional("max", point.max),
    bounds: numbers(field(point, "explicitBounds")),
    counts: numbers(field(point, "bucketCounts")),
  };
}

function exponentialHistogram(point: Fields, isDelta: boolean): Data {
  return {
    type: "exponential-histogram",
    isDelta,
    count: number(point.count) ?? 0,
    ...optional("sum", point.sum),
    scale: number(point.scale) ?? 0,
    zeroCount: number(field(point, "zeroCount")) ?? 0,
    positive: buckets(point.positive),
    negative: buckets(point.negative),
  };
}

/** The model has no summaries: a gauge for each quantile, and two counters, as Prometheus names them. */
function summary(metric: Metric, point: Fields, attributes: Attributes): MetricPoint[] {
  const part = (suffix: string, data: Data, more: Attributes = {}) =>
    pointOf({ ...metric, name: metric.name + suffix }, point, { ...attributes, ...more }, data);
  const counter = (value: number): Data => ({ type: "sum", value, isMonotonic: true, isDelta: false });
  return [
    ...list(field(point, "quantileValues")).flatMap(({ quantile, value }) =>
      part("", { type: "gauge", value: number(value) ?? 0 }, { quantile: number(quantile) ?? 0 }),
    ),
    ...part("_count", counter(number(point.count) ?? 0)),
    ...part("_sum", counter(number(point.sum) ?? 0)),
  ];
}

function buckets(value: unknown): { readonly offset: number; readonly counts: readonly number[] } {
  if (!isFields(value)) return { offset: 0, counts: [] };
  return { offset: number(value.offset) ?? 0, counts: numbers(field(value, "bucketCounts")) };
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map((item) => number(item) ?? 0) : [];
}

function optional<K extends string>(name: K, value: unknown): { readonly [key in K]?: number } {
  const finite = number(value);
  return (finite !== undefined && Number.isFinite(finite) ? { [name]: finite } : {}) as {
    readonly [key in K]?: number;
  };
}
