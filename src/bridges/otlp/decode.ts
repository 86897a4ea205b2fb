import type { Decoded } from "../decoded.ts";
import type { Fields } from "../json/fields.ts";
import { type DecodeOtlp, isEmptyResource, isOtlpSpan, type OtlpSignal, signalOf } from "./detect.ts";
import { decodeResourceLogs } from "./logs.ts";
import { decodeResourceMetrics } from "./metrics.ts";
import { decodeResourceSpans, decodeSpan } from "./spans.ts";

export const decodeResource: Readonly<Record<OtlpSignal, DecodeOtlp>> = {
  spans: decodeResourceSpans,
  logs: decodeResourceLogs,
  metrics: decodeResourceMetrics,
};

/** OTLP of one resource, or a bare span. False: it is something else. */
export function decodeOtlp(value: Fields, decoded: Decoded): boolean {
  const signal = signalOf(value);
  if (signal !== undefined) decodeResource[signal](value, decoded);
  else if (isOtlpSpan(value)) decodeSpan(value, UNKNOWN, { name: "" }, decoded);
  else return isEmptyResource(value);
  return true;
}

const UNKNOWN = { attributes: {} };
