import {
  type Resource,
  type Scope,
  type Span,
  type SpanEvent,
  SpanKind,
  type SpanLink,
  type SpanStatus,
} from "../../telemetry/model.ts";
import type { Decoded } from "../decoded.ts";
import { type Id, spanId, traceId } from "../ids.ts";
import { type Fields, field, isFields, list, number, text } from "../json/fields.ts";
import { nanos } from "../times.ts";
import { attributesOf, resourceOf, scopesOf } from "./attributes.ts";
import { enumNumber } from "./enums.ts";

const KINDS = { UNSPECIFIED: 0, INTERNAL: 1, SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 } as const;
const STATUS_CODES = { UNSET: 0, OK: 1, ERROR: 2 } as const;

/** Bits of `Span.flags`: whether the parent is remote is known, and whether it is (opentelemetry-proto, SpanFlags). */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

type Building<T> = { -readonly [K in keyof T]: T[K] };

/** `ResourceSpans`, of JSON or protobuf. */
export function decodeResourceSpans(fields: Fields, decoded: Decoded): void {
  const resource = resourceOf(fields.resource);
  for (const { scope, fields: spans } of scopesOf(fields, "scopeSpans", "instrumentationLibrarySpans")) {
    for (const span of list(spans.spans)) decodeSpan(span, resource, scope, decoded);
  }
}

export function decodeSpan(fields: Fields, resource: Resource, scope: Scope, decoded: Decoded): void {
  const trace = noted(traceId(field(fields, "traceId") ?? fields.traceID), decoded);
  const own = noted(spanId(field(fields, "spanId") ?? fields.spanID), decoded);
  const parent = noted(spanId(field(fields, "parentSpanId") ?? fields.parentSpanID), decoded).id;
  const startTime = nanos(field(fields, "startTimeUnixNano"));
  const endTime = nanos(field(fields, "endTimeUnixNano"));
  if (endTime === 0n) decoded.note("spans without an end");
  const flags = number(fields.flags) ?? 0;
  const span: Building<Span> = {
    traceId: trace.id,
    spanId: own.id,
    name: text(fields.name),
    kind: kindOf(fields.kind),
    startTime,
    endTime: endTime === 0n ? startTime : endTime,
    status: statusOf(fields.status),
    attributes: attributesOf(fields.attributes),
    events: list(fields.events).map(eventOf),
    links: list(fields.links).map((link) => linkOf(link, decoded)),
    scope,
    resource,
  };
  if (parent !== "") span.parentSpanId = parent;
  if (parent !== "" && flags & HAS_IS_REMOTE && flags & IS_REMOTE) span.parentIsRemote = true;
  const droppedAttributes = count(field(fields, "droppedAttributesCount"));
  const droppedEvents = count(field(fields, "droppedEventsCount"));
  const droppedLinks = count(field(fields, "droppedLinksCount"));
  if (droppedAttributes > 0) span.droppedAttributes = droppedAttributes;
  if (droppedEvents > 0) span.droppedEvents = droppedEvents;
  if (droppedLinks > 0) span.droppedLinks = droppedLinks;
  decoded.span(withOriginals(span, trace, own));
}

/** Ids that were written otherwise than they are shown stay findable, as attributes. */
export function withOriginals(span: Span, trace: Id, own: Id): Span {
  if (trace.original === undefined && own.original === undefined) return span;
  const attributes = {
    ...span.attributes,
    ...(trace.original === undefined ? {} : { "source.trace_id": trace.original }),
    ...(own.original === undefined ? {} : { "source.span_id": own.original }),
  };
  return { ...span, attributes };
}

export function noted(id: Id, decoded: Decoded): Id {
  if (id.note !== undefined) decoded.note(id.note);
  return id;
}

/** OTLP counts from 1, the model from 0; unspecified and unknown ones are internal, as for SDKs. */
function kindOf(value: unknown): SpanKind {
  const kind = enumNumber(value, "SPAN_KIND_", KINDS) ?? 0;
  return kind >= 1 && kind <= 5 ? ((kind - 1) as SpanKind) : SpanKind.internal;
}

function statusOf(value: unknown): SpanStatus {
  if (!isFields(value)) return { code: 0 };
  const number = enumNumber(value.code, "STATUS_CODE_", STATUS_CODES) ?? 0;
  const code = number === 1 || number === 2 ? number : 0;
  const message = text(value.message);
  return message === "" ? { code } : { code, message };
}

function eventOf(fields: Fields): SpanEvent {
  return {
    name: text(fields.name),
    time: nanos(field(fields, "timeUnixNano")),
    attributes: attributesOf(fields.attributes),
  };
}

function linkOf(fields: Fields, decoded: Decoded): SpanLink {
  return {
    traceId: noted(traceId(field(fields, "traceId")), decoded).id,
    spanId: noted(spanId(field(fields, "spanId")), decoded).id,
    attributes: attributesOf(fields.attributes),
  };
}

function count(value: unknown): number {
  const found = number(value) ?? 0;
  return found > 0 && found <= 0xffffffff ? Math.trunc(found) : 0;
}
