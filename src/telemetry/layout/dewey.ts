import type { Span } from "../model.ts";
import { isEntryKind } from "./span-facts.ts";

export interface KeyedSpan {
  readonly span: Span;
  /** `01.06.02`: the position among the siblings, level by level. */
  readonly key: string;
  /** Its parent was never seen, though it has one in this process. */
  readonly isOrphan: boolean;
}

interface Place {
  readonly key: string;
  children: number;
}

/**
 * Gives the spans of a trace Dewey numbers: sorted as text they are in depth-first order, and the depth can be read off.
 *
 *   01           GET /cart
 *   01.01          read cart
 *   01.01.01         SELECT
 *   01.02          render
 *
 * Parents come first whatever their times, because with clock skew a child can start before its parent; siblings are numbered by start. A
 * span whose parent is missing, or that is its own ancestor, is a root. Keys never change: what is added later comes after what is there.
 */
export class DeweyKeys {
  readonly #places = new Map<string, Place>();
  readonly #top: Place = { key: "", children: 0 };

  /** The keys of the spans that are new, in depth-first order. */
  add(spans: readonly Span[]): KeyedSpan[] {
    const fresh = new Map<string, Span>();
    for (const span of spans) if (!this.#places.has(span.spanId)) fresh.set(span.spanId, span);
    const children = new Map<string, Span[]>();
    const heads: Span[] = [];
    for (const span of fresh.values()) {
      const { parentSpanId, spanId } = span;
      if (parentSpanId === undefined || parentSpanId === spanId || !fresh.has(parentSpanId)) heads.push(span);
      else {
        const siblings = children.get(parentSpanId);
        if (siblings === undefined) children.set(parentSpanId, [span]);
        else siblings.push(span);
      }
    }
    const keyed: KeyedSpan[] = [];
    this.#visit(heads, children, keyed);
    // what is left are circles: each is cut at its earliest span
    const circular = [...fresh.values()].filter(({ spanId }) => !this.#places.has(spanId)).sort(byStart);
    for (const span of circular) this.#visit([span], children, keyed);
    return keyed;
  }

  /** Without recursion: traces thousands of spans deep exist. */
  #visit(heads: readonly Span[], children: ReadonlyMap<string, readonly Span[]>, keyed: KeyedSpan[]): void {
    const waiting = heads.toSorted(byStart).reverse();
    for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
      const { spanId, parentSpanId } = span;
      if (this.#places.has(spanId)) continue;
      const parent = parentSpanId === undefined ? undefined : this.#places.get(parentSpanId);
      const above = parent ?? this.#top;
      const ordinal = String(++above.children).padStart(2, "0");
      const key = parent === undefined ? ordinal : `${parent.key}.${ordinal}`;
      this.#places.set(spanId, { key, children: 0 });
      const hasParentHere = parentSpanId !== undefined && span.parentIsRemote !== true && !isEntryKind(span);
      keyed.push({ span, key, isOrphan: parent === undefined && hasParentHere });
      waiting.push(...(children.get(spanId) ?? []).toSorted(byStart).reverse());
    }
  }
}

function byStart(a: Span, b: Span): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0;
}
