import type { LogRecord, Resource, Scope } from "../../telemetry/model.ts";
import type { Decoded } from "../decoded.ts";
import { spanId, traceId } from "../ids.ts";
import { type Fields, field, list, text } from "../json/fields.ts";
import { nanos } from "../times.ts";
import { anyValue, attributesOf, resourceOf, scopesOf } from "./attributes.ts";
import { enumNumber } from "./enums.ts";
import { noted } from "./spans.ts";

/** `ResourceLogs`, of JSON or protobuf. */
export function decodeResourceLogs(fields: Fields, decoded: Decoded): void {
  const resource = resourceOf(fields.resource);
  for (const { scope, fields: entry } of scopesOf(fields, "scopeLogs", "instrumentationLibraryLogs")) {
    const records = field(entry, "logRecords") ?? entry.logs;
    for (const record of list(records)) decodeLogRecord(record, resource, scope, decoded);
  }
}

function decodeLogRecord(fields: Fields, resource: Resource, scope: Scope, decoded: Decoded): void {
  const { body } = fields;
  const severityNumber = severityOf(field(fields, "severityNumber"));
  const severityText = text(field(fields, "severityText"));
  const eventName = text(field(fields, "eventName"));
  const trace = noted(traceId(field(fields, "traceId")), decoded).id;
  const span = noted(spanId(field(fields, "spanId")), decoded).id;
  const record: LogRecord = {
    // without a time of its own, when it was observed counts (OTel logs data model)
    time: nanos(field(fields, "timeUnixNano")) || nanos(field(fields, "observedTimeUnixNano")),
    ...(severityNumber === 0 ? {} : { severityNumber }),
    ...(severityText === "" ? {} : { severityText }),
    body: body === undefined ? null : anyValue(body),
    ...(eventName === "" ? {} : { eventName }),
    ...(trace === "" ? {} : { traceId: trace }),
    ...(span === "" ? {} : { spanId: span }),
    attributes: attributesOf(fields.attributes),
    scope,
    resource,
  };
  decoded.log(record);
}

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** INFO = 9, INFO2 = 10 …: four steps a level. */
const SEVERITIES = Object.fromEntries(
  LEVELS.flatMap((level, at) => [1, 2, 3, 4].map((step) => [step === 1 ? level : level + step, at * 4 + step])),
);

function severityOf(value: unknown): number {
  const severity = enumNumber(value, "SEVERITY_NUMBER_", SEVERITIES) ?? 0;
  return severity <= 24 ? severity : 0;
}
