import type { Span } from "../model.ts";

export interface KeyedSpan {
  readonly span: Span;
  /** `01.06.02`: the position among the siblings, level by level. */
  readonly key: string;
  /** Its parent was never seen, though it has one in this process. */
  readonly isOrphan: boolean;
}

/**
 * Gives the spans of a trace Dewey numbers: sorted as text they are in depth-first order, and the depth can be read off.
 *
 * Parents come first whatever their times, because with clock skew a child can start before its parent; siblings are numbered by start. A
 * span whose parent is missing, or that is its own ancestor, is a root.
 */
export function deweyKeys(spans: readonly Span[]): KeyedSpan[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = new Map<string, Span[]>();
  const roots: Span[] = [];
  for (const span of byId.values()) {
    const { parentSpanId } = span;
    if (parentSpanId === undefined || !byId.has(parentSpanId) || parentSpanId === span.spanId) roots.push(span);
    else {
      const siblings = children.get(parentSpanId);
      if (siblings === undefined) children.set(parentSpanId, [span]);
      else siblings.push(span);
    }
  }
  const keyed: KeyedSpan[] = [];
  const seen = new Set<string>();
  const visit = (siblings: Span[], prefix: string, first = 0): number => {
    siblings.sort(byStart);
    siblings.forEach((span, i) => {
      if (seen.has(span.spanId)) return;
      seen.add(span.spanId);
      const key = `${prefix}${String(first + i + 1).padStart(2, "0")}`;
      const isOrphan = prefix === "" && span.parentSpanId !== undefined && span.parentIsRemote !== true;
      keyed.push({ span, key, isOrphan });
      const inner = children.get(span.spanId);
      if (inner !== undefined) visit(inner, `${key}.`);
    });
    return first + siblings.length;
  };
  let count = visit(roots, "");
  // what is left are circles: each is cut at its first span
  for (const span of byId.values()) if (!seen.has(span.spanId)) count = visit([span], "", count);
  return keyed;
}

function byStart(a: Span, b: Span): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0;
}
