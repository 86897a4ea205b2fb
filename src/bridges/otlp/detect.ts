import type { Decoded } from "../decoded.ts";
import { type Fields, field } from "../json/fields.ts";

/** `ResourceSpans`, `ResourceLogs` or `ResourceMetrics`, by what they hold. */
export type OtlpSignal = "spans" | "logs" | "metrics";

const MEMBERS: readonly (readonly [OtlpSignal, readonly string[]])[] = [
  ["spans", ["scopeSpans", "instrumentationLibrarySpans"]],
  ["logs", ["scopeLogs", "instrumentationLibraryLogs"]],
  ["metrics", ["scopeMetrics", "instrumentationLibraryMetrics"]],
];

/** What a JSON object with a resource carries; undefined if it is none. */
export function signalOf(value: Fields): OtlpSignal | undefined {
  return MEMBERS.find(([, names]) => names.some((name) => Array.isArray(field(value, name))))?.[0];
}

/** A span without its resource, as in a bare list of spans. */
export function isOtlpSpan(value: Fields): boolean {
  return (
    field(value, "traceId") !== undefined &&
    field(value, "spanId") !== undefined &&
    (field(value, "startTimeUnixNano") !== undefined || typeof value.name === "string")
  );
}

/** An empty batch is OTLP too: `{"resource": …}` with nothing in it. */
export function isEmptyResource(value: Fields): boolean {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key === "resource" || key === "schemaUrl" || key === "schema_url");
}

export type DecodeOtlp = (fields: Fields, decoded: Decoded) => void;
