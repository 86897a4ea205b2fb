import { type Span, SpanKind } from "../telemetry/model.ts";
import { segmentSpanId } from "../telemetry/segment-id.ts";

/** The spans of one trace, with what can only be said when all are there. */
export interface TraceFamily {
  /** In the order in which they came. */
  readonly spans: readonly Span[];
  /** Those that begin a part of the trace: the parent is another service's, missing, or there is none. */
  readonly roots: ReadonlySet<Span>;
  /** Circles of parents that were cut, by the span that became a root. */
  readonly cut: readonly Span[];
}

/**
 * Puts a trace in order.
 *
 *   a, b of one id         the halves of a call (Zipkin), or sent twice: each gets an id; a server half hangs under its client half
 *   parent is remote       if it is another service's, or not there at all
 *   a → b → a              cut at the span that starts first; also a span that is its own parent
 *
 * Times are never changed, and no span is left out.
 */
export function familyOf(members: readonly Span[]): TraceFamily {
  const spans = withOwnIds(members);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const roots = new Set<Span>();
  const placed: Span[] = [];
  for (const span of spans) {
    const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
    const isRemote = parent !== undefined && parent !== span && serviceOf(parent) !== serviceOf(span);
    const own = isRemote && !span.parentIsRemote ? { ...span, parentIsRemote: true } : span;
    placed.push(own);
    if (parent === undefined || own.parentIsRemote) roots.add(own);
  }
  const cut = cutCircles(placed);
  for (const span of cut) roots.add(span);
  return { spans: placed, roots, cut };
}

function withOwnIds(members: readonly Span[]): readonly Span[] {
  const byId = new Map<string, Span[]>();
  let hasTwins = false;
  for (const span of members) {
    if (span.spanId === "") continue;
    const same = byId.get(span.spanId);
    if (same === undefined) byId.set(span.spanId, [span]);
    else hasTwins = same.push(span) > 1;
  }
  if (!hasTwins) return members;
  const ids = new Map<Span, string>();
  const parents = new Map<Span, string>();
  for (const [id, same] of byId) {
    if (same.length === 1) continue;
    const client = same.find(({ kind }) => kind === SpanKind.client || kind === SpanKind.producer);
    const first = client ?? (same[0] as Span);
    let ordinal = 0;
    for (const span of same) {
      if (span === first) continue;
      let other: string;
      do other = anotherId(id, ordinal++);
      while (byId.has(other));
      ids.set(span, other);
      if (client !== undefined && isServerSide(span)) parents.set(span, id);
    }
  }
  return members.map((span) => {
    const spanId = ids.get(span) ?? span.spanId;
    const parentSpanId = parents.get(span) ?? parentOf(span, byId, ids);
    if (spanId === span.spanId && parentSpanId === span.parentSpanId) return span;
    const attributes = spanId === span.spanId ? span.attributes : { "source.span_id": span.spanId, ...span.attributes };
    return { ...span, spanId, attributes, ...(parentSpanId === undefined ? {} : { parentSpanId }) };
  });
}

/** Of several with the parent's id the one of the same service; a call's children are those of its server half. */
function parentOf(
  span: Span,
  byId: ReadonlyMap<string, readonly Span[]>,
  ids: ReadonlyMap<Span, string>,
): string | undefined {
  const { parentSpanId } = span;
  const candidates = parentSpanId === undefined ? undefined : byId.get(parentSpanId);
  if (candidates === undefined || candidates.length === 1 || parentSpanId === span.spanId) return parentSpanId;
  const ofService = candidates.filter((candidate) => serviceOf(candidate) === serviceOf(span));
  const parent = ofService.find(isServerSide) ?? ofService[0] ?? candidates.find(isServerSide);
  return (parent && ids.get(parent)) ?? parentSpanId;
}

function anotherId(id: string, ordinal: number): string {
  return /^[0-9a-f]{16}$/.test(id) ? segmentSpanId(id, ordinal) : `${id}~${ordinal + 2}`;
}

function isServerSide({ kind }: Span): boolean {
  return kind === SpanKind.server || kind === SpanKind.consumer;
}

function serviceOf({ resource }: Span): unknown {
  return resource.attributes["service.name"];
}

/** Of each circle of parents the span that starts first. Follows each chain once, without recursion. */
function cutCircles(spans: readonly Span[]): Span[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const seen = new Map<Span, number>();
  const cut: Span[] = [];
  spans.forEach((start, walk) => {
    const chain: Span[] = [];
    let at: Span | undefined = start;
    while (at !== undefined && !seen.has(at)) {
      seen.set(at, walk);
      chain.push(at);
      at = at.parentSpanId === undefined ? undefined : byId.get(at.parentSpanId);
    }
    if (at === undefined || seen.get(at) !== walk) return;
    const circle = chain.slice(chain.indexOf(at));
    cut.push(circle.reduce((first, span) => (span.startTime < first.startTime ? span : first)));
  });
  return cut;
}
