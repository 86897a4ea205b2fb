import type { Span } from "../model.ts";
import { CAPS } from "./caps.ts";
import type { KeyedSpan } from "./dewey.ts";
import { hasFailed } from "./span-facts.ts";

/**
 * Which spans get an entity of their own: loading costs viewers 4–5 ms for each (trace-view §5). The rest is in the table.
 *
 * Of many children with one name (a query in a loop) the first and the slowest are drawn; beyond the limit the earlier ones. What
 * failed is drawn before everything else, with its ancestors.
 */
export function drawnSpans(keyed: readonly KeyedSpan[], limit: number): KeyedSpan[] {
  const byKey = new Map(keyed.map((span) => [span.key, span]));
  const needed = new Set<KeyedSpan>();
  for (const failed of keyed) {
    if (!hasFailed(failed.span)) continue;
    for (
      let at: KeyedSpan | undefined = failed;
      at !== undefined && !needed.has(at);
      at = byKey.get(parentKey(at.key))
    ) {
      needed.add(at);
    }
  }
  const repeated = repetitions(keyed);
  const hidden = new Set<string>();
  const shown = keyed.filter((span) => {
    if (needed.has(span)) return true;
    if (!repeated.has(span) && !hidden.has(parentKey(span.key))) return true;
    hidden.add(span.key);
    return false;
  });
  if (shown.length <= limit) return shown;
  let others = Math.max(0, limit - needed.size);
  return shown.filter((span) => needed.has(span) || others-- > 0).slice(0, limit);
}

/** Children that look like so many others beside them. */
function repetitions(keyed: readonly KeyedSpan[]): Set<KeyedSpan> {
  const groups = new Map<string, KeyedSpan[]>();
  for (const span of keyed) {
    const group = `${parentKey(span.key)}\0${span.span.name}`;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [span]);
    else members.push(span);
  }
  const repeated = new Set<KeyedSpan>();
  for (const members of groups.values()) {
    if (members.length <= CAPS.sameNameChildren) continue;
    const rest = members.slice(CAPS.sameNameFirst).sort((a, b) => Number(length(b.span) - length(a.span)));
    for (const span of rest.slice(CAPS.sameNameSlowest)) repeated.add(span);
  }
  return repeated;
}

function parentKey(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf(".")));
}

function length({ startTime, endTime }: Span): bigint {
  return endTime - startTime;
}
