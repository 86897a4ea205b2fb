import type { Span, SpanEvent, SpanKind, SpanLink, SpanStart, SpanStatus } from "../../telemetry/model.ts";
import { toAttributes, toResource, toScope } from "../attributes.ts";
import { hasIds } from "../tracer/span-ids.ts";
import { hrTimeToNanos, notBefore } from "./hr-time.ts";
import type { Building, ReadableEvent, ReadableLink, ReadableSpan } from "./types.ts";

const NO_PARENT = "0000000000000000";

/** What is known of a span of any SDK line when it starts. */
export function spanStartFromReadable(span: ReadableSpan): SpanStart {
  const { traceId, spanId } = span.spanContext();
  const start: Building<SpanStart> = {
    traceId,
    spanId,
    name: String(span.name),
    kind: toKind(span.kind),
    startTime: hrTimeToNanos(span.startTime),
    resource: toResource(span.resource),
  };
  setParent(start, span);
  return start;
}

/** A finished span of any SDK line. */
export function spanFromReadable(span: ReadableSpan): Span {
  const { traceId, spanId } = span.spanContext();
  const startTime = hrTimeToNanos(span.startTime);
  const converted: Building<Span> = {
    traceId,
    spanId,
    name: String(span.name),
    kind: toKind(span.kind),
    startTime,
    endTime: notBefore(startTime, hrTimeToNanos(span.endTime)),
    status: toStatus(span.status),
    attributes: toAttributes(span.attributes),
    events: span.events.map(toEvent),
    links: span.links.filter((link) => hasIds(link?.context)).map(toLink),
    scope: toScope(span.instrumentationScope ?? span.instrumentationLibrary),
    resource: toResource(span.resource),
  };
  setParent(converted, span);
  if (span.droppedAttributesCount) converted.droppedAttributes = span.droppedAttributesCount;
  if (span.droppedEventsCount) converted.droppedEvents = span.droppedEventsCount;
  if (span.droppedLinksCount) converted.droppedLinks = span.droppedLinksCount;
  return converted;
}

/** SDK 1.x gives the parent's id only, later lines its whole context. */
function setParent(target: Building<SpanStart>, span: ReadableSpan): void {
  const parentSpanId = span.parentSpanContext?.spanId ?? span.parentSpanId;
  if (parentSpanId === undefined || parentSpanId === "" || parentSpanId === NO_PARENT) return;
  target.parentSpanId = parentSpanId;
  if (span.parentSpanContext?.isRemote === true) target.parentIsRemote = true;
}

function toKind(kind: number): SpanKind {
  return kind >= 0 && kind <= 4 && Number.isInteger(kind) ? (kind as SpanKind) : 0;
}

function toStatus(status: ReadableSpan["status"] | undefined): SpanStatus {
  const code = status?.code === 1 || status?.code === 2 ? status.code : 0;
  return typeof status?.message === "string" && status.message !== "" ? { code, message: status.message } : { code };
}

function toEvent(event: ReadableEvent): SpanEvent {
  return {
    name: String(event.name),
    time: hrTimeToNanos(event.time),
    attributes: toAttributes(event.attributes),
  };
}

function toLink(link: ReadableLink): SpanLink {
  return {
    traceId: link.context.traceId,
    spanId: link.context.spanId,
    attributes: toAttributes(link.attributes),
  };
}
