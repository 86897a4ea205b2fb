import { DeweyKeys } from "../layout/dewey.ts";
import type { Span } from "../model.ts";

/** A span and its place in the tree. */
export interface TreeRow {
  readonly span: Span;
  /** Its parent, if that is part of the trace. */
  readonly parent: Span | undefined;
  /** Dewey number, `01.02`. */
  readonly key: string;
  /** 0 for a root. */
  readonly depth: number;
  /** What a tree of text draws before the name: `│  ├─ `; empty for a root. */
  readonly guide: string;
}

/** The spans of a trace in depth-first order. */
export function treeOf(spans: readonly Span[]): TreeRow[] {
  const keyed = new DeweyKeys().add(spans);
  const lastChild = new Map(keyed.map(({ key }) => [parentKey(key), key]));
  const places = new Map<string, { readonly span: Span; readonly depth: number; readonly below: string }>();
  return keyed.map(({ span, key }) => {
    const above = parentKey(key);
    const parent = places.get(above);
    const isLast = lastChild.get(above) === key;
    const depth = parent === undefined ? 0 : parent.depth + 1;
    const guide = parent === undefined ? "" : `${parent.below}${isLast ? "└─ " : "├─ "}`;
    const below = parent === undefined ? "" : `${parent.below}${isLast ? "   " : "│  "}`;
    places.set(key, { span, depth, below });
    return { span, parent: parent?.span, key, depth, guide };
  });
}

function parentKey(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf(".")));
}
