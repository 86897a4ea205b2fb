import type { Decoded } from "../decoded.ts";
import { decodeJaeger } from "../jaeger/decode.ts";
import { decodeOtlp } from "../otlp/decode.ts";
import { decodeZipkin } from "../zipkin/decode.ts";
import { type Fields, field, isFields, list } from "./fields.ts";

/** Formats by what an object holds, whatever the file is called. Zipkin before OTLP: both have a `traceId`. */
const DECODERS = [decodeZipkin, decodeJaeger, decodeOtlp] as const;

const WRAPPED = ["resourceSpans", "resourceLogs", "resourceMetrics", "batches", "spans"];

/**
 * One JSON value into spans, logs and metric points. False: it holds no telemetry that is known here.
 *
 * @throws when a value cannot be read, e.g. because it is nested too deeply.
 */
export function decodeValue(value: unknown, decoded: Decoded): boolean {
  if (!isFields(value)) return false;
  if (DECODERS.some((decode) => decode(value, decoded))) return true;
  const inner = wrappedIn(value);
  if (inner === undefined) return false;
  return inner.map((part) => DECODERS.some((decode) => decode(part, decoded))).includes(true) || inner.length === 0;
}

/** The parts of an envelope that reached us in one piece. */
function wrappedIn(value: Fields): readonly Fields[] | undefined {
  const names = WRAPPED.filter((name) => Array.isArray(field(value, name)));
  return names.length === 0 ? undefined : names.flatMap((name) => list(field(value, name)));
}
