import type { LogRecord, MetricPoint, Scope, Span, SpanSegment, SpanStart, SpanStatus } from "../model.ts";
import { SpanKind } from "../model.ts";
import { segmentSpanId } from "../segment-id.ts";
import { text } from "./span-json.ts";

const KIND_NAMES: Readonly<Record<SpanKind, string>> = {
  [SpanKind.internal]: "INTERNAL",
  [SpanKind.server]: "SERVER",
  [SpanKind.client]: "CLIENT",
  [SpanKind.producer]: "PRODUCER",
  [SpanKind.consumer]: "CONSUMER",
};
const STATUS_NAMES = ["UNSET", "OK", "ERROR"] as const;

export function kindName(kind: SpanKind): string {
  return KIND_NAMES[kind];
}

export function statusName({ status, isUnfinished }: Span): string {
  return isUnfinished ? "UNFINISHED" : STATUS_NAMES[status.code];
}

export function hasFailed({ status }: { readonly status: SpanStatus }): boolean {
  return status.code === 2;
}

/** A request that a server answered with a 5xx. */
export function isServerError({ kind, attributes }: Span): boolean {
  return kind === SpanKind.server && Number(attributes["http.response.status_code"]) >= 500;
}

export function serviceOf({ resource }: SpanStart | LogRecord | MetricPoint): string {
  return text(resource.attributes["service.name"]) || "unknown_service";
}

export function scopeName({ name, version }: Scope): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** A span without a parent in this process. */
export function isLocalRoot(span: Pick<SpanStart, "parentSpanId" | "parentIsRemote">): boolean {
  return span.parentSpanId === undefined || span.parentIsRemote === true;
}

/** A span that answers somebody: its parent, if there is one, is usually elsewhere. SDK 1.x does not say where. */
export function isEntryKind({ kind }: { readonly kind: number }): boolean {
  return kind === SpanKind.server || kind === SpanKind.consumer;
}

/** Whether it is known where in a trace and when the span belongs; live ones always have that, those of files may not. */
export function hasPlace({ traceId, spanId, startTime }: SpanStart): boolean {
  return traceId !== "" && spanId !== "" && startTime !== 0n;
}

/** What is known of a span that did not end before the recording did. */
export function unfinishedSpan(start: SpanStart, lastTime: bigint): Span {
  return {
    ...start,
    endTime: lastTime > start.startTime ? lastTime : start.startTime,
    scope: { name: "" },
    status: { code: 0 },
    attributes: {},
    events: [],
    links: [],
    isUnfinished: true,
  };
}

/** The span and what its segments become: child spans of kind internal. */
export function withSegments(span: Span): [Span, ...Span[]] {
  const { segments } = span;
  if (segments === undefined || segments.length === 0) return [span];
  const { segments: _, ...parent } = span;
  return [parent, ...segments.map((segment, index) => childOf(span, segment, index))];
}

function childOf(span: Span, segment: SpanSegment, index: number): Span {
  const { traceId, resource, scope } = span;
  const { name, startTime, endTime, status, attributes } = segment;
  return {
    name,
    startTime,
    endTime,
    status,
    attributes,
    traceId,
    resource,
    scope,
    spanId: segmentSpanId(span.spanId, index),
    parentSpanId: span.spanId,
    kind: SpanKind.internal,
    events: [],
    links: [],
  };
}
