import type { LogRecord } from "../../telemetry/model.ts";
import { toAttributes, toAttributeValue, toResource, toScope } from "../attributes.ts";
import { hrTimeToNanos } from "./hr-time.ts";
import type { ReadableLogRecord } from "./types.ts";

/** A log record of any SDK line. The result shares nothing with `record`, which later processors may change. */
export function logRecordFromReadable(record: ReadableLogRecord): LogRecord {
  const { spanContext, severityNumber, severityText, eventName } = record;
  // An emitter need not say when it happened: then the time it was observed counts (OTel Logs data model).
  const time = hrTimeToNanos(record.hrTime) || hrTimeToNanos(record.hrTimeObserved);
  return {
    time,
    body: toAttributeValue(record.body) ?? null,
    attributes: toAttributes(record.attributes),
    scope: toScope(record.instrumentationScope),
    resource: toResource(record.resource),
    ...(severityNumber ? { severityNumber } : undefined),
    ...(severityText ? { severityText } : undefined),
    ...(eventName ? { eventName } : undefined),
    ...(spanContext === undefined ? undefined : { traceId: spanContext.traceId, spanId: spanContext.spanId }),
  };
}
