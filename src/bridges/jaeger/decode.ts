import { setOwn } from "../../otel/attributes.ts";
import type {
  Attributes,
  AttributeValue,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanStatus,
} from "../../telemetry/model.ts";
import { SpanKind } from "../../telemetry/model.ts";
import type { Decoded } from "../decoded.ts";
import { spanId, traceId } from "../ids.ts";
import { type Fields, isFields, list, number, text } from "../json/fields.ts";
import { safeInteger } from "../otlp/attributes.ts";
import { noted, withOriginals } from "../otlp/spans.ts";
import { micros } from "../times.ts";
import { isJaegerSpan, isJaegerTrace } from "./detect.ts";
import { familyOf } from "./references.ts";

/** A trace of Jaeger, or a bare span. False: it is something else. */
export function decodeJaeger(value: Fields, decoded: Decoded): boolean {
  if (isJaegerTrace(value)) decodeTrace(value, decoded);
  else if (isJaegerSpan(value))
    decodeSpan(value, isFields(value.process) ? processOf(value.process) : UNKNOWN, decoded);
  else return false;
  return true;
}

const UNKNOWN: Resource = { attributes: {} };

function decodeTrace(value: Fields, decoded: Decoded): void {
  const processes = new Map<string, Resource>();
  if (isFields(value.processes)) {
    for (const [id, process] of Object.entries(value.processes)) {
      if (isFields(process)) processes.set(id, processOf(process));
    }
  }
  for (const span of list(value.spans)) {
    const inline = isFields(span.process) ? processOf(span.process) : UNKNOWN;
    decodeSpan(span, processes.get(text(span.processID)) ?? inline, decoded);
  }
}

function processOf(process: Fields): Resource {
  const service = text(process.serviceName);
  const tags = tagsOf(process.tags);
  return { attributes: service === "" ? tags : { "service.name": service, ...tags } };
}

function decodeSpan(fields: Fields, resource: Resource, decoded: Decoded): void {
  const trace = noted(traceId(fields.traceID), decoded);
  const own = noted(spanId(fields.spanID), decoded);
  const tags = tagsOf(fields.tags);
  const startTime = micros(fields.startTime);
  const { parent, links } = familyOf(fields, trace.id);
  const span: Span = {
    traceId: trace.id,
    spanId: own.id,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name: text(fields.operationName),
    kind: SpanKind[text(tags["span.kind"]).toLowerCase() as keyof typeof SpanKind] ?? SpanKind.internal,
    startTime,
    endTime: startTime === 0n ? 0n : startTime + micros(fields.duration),
    status: statusOfTags(tags),
    attributes: withWarnings(tags, fields.warnings),
    events: list(fields.logs).map(eventOf),
    links,
    scope: scopeOfTags(tags),
    resource,
  };
  decoded.span(withOriginals(span, trace, own));
}

/** `[{ key, type, value }]`, or a plain object. */
function tagsOf(value: unknown): Record<string, AttributeValue> {
  const tags: Record<string, AttributeValue> = {};
  if (Array.isArray(value)) {
    for (const tag of list(value)) setOwn(tags, text(tag.key), tagValue(tag));
  } else if (isFields(value)) {
    for (const [key, plain] of Object.entries(value)) setOwn(tags, key, plainValue(plain));
  }
  return tags;
}

function tagValue({ type, value }: Fields): AttributeValue {
  switch (text(type).toLowerCase()) {
    case "int64":
      return safeInteger(value);
    case "float64":
      return number(value) ?? null;
    case "bool":
      return value === true || value === "true";
    default:
      return plainValue(value);
  }
}

function plainValue(value: unknown): AttributeValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Failed: `error` is set, or OpenTelemetry's status says so. */
export function statusOfTags(tags: Attributes): SpanStatus {
  const code = text(tags["otel.status_code"]).toUpperCase();
  const error = tags.error;
  const message = text(tags["otel.status_description"]);
  if (error === true || error === "true" || code === "ERROR") {
    return message === "" ? { code: 2 } : { code: 2, message };
  }
  return { code: code === "OK" ? 1 : 0 };
}

export function scopeOfTags(tags: Attributes): Scope {
  const name = text(tags["otel.scope.name"] ?? tags["otel.library.name"]);
  const version = text(tags["otel.scope.version"] ?? tags["otel.library.version"]);
  return version === "" ? { name } : { name, version };
}

function withWarnings(tags: Attributes, warnings: unknown): Attributes {
  if (!Array.isArray(warnings) || warnings.length === 0) return tags;
  return { ...tags, "jaeger.warnings": warnings.map(plainValue) };
}

/** A log: its field `event` is the name. OpenTracing calls an exception `error` and has its own names for what is known of it. */
function eventOf(log: Fields): SpanEvent {
  const { event, ...attributes } = tagsOf(log.fields);
  const time = micros(log.timestamp);
  const name = text(event) || text(attributes.message) || "log";
  if (event !== "error" && event !== "exception") return { name, time, attributes };
  const known: Record<string, AttributeValue> = {};
  for (const [attribute, ...fields] of EXCEPTION) {
    const value = fields.map((field) => text(attributes[field as string])).find((found) => found !== "");
    if (value !== undefined && !Object.hasOwn(attributes, attribute)) known[attribute] = value;
  }
  return { name: "exception", time, attributes: { ...attributes, ...known } };
}

const EXCEPTION = [
  ["exception.type", "error.kind"],
  ["exception.message", "message", "error.object"],
  ["exception.stacktrace", "stack"],
] as const;
