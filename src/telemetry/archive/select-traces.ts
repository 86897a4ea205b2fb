import { matches } from "../query/matches.ts";
import { parseExpression } from "../query/parse.ts";
import type { TraceArchive } from "./trace-archive.ts";
import type { TraceEntry } from "./trace-entry.ts";

export interface TraceSelection {
  /** An expression, which holds for a span of the trace: `service = "shop" and duration > 1s`. */
  readonly where?: string | undefined;
  /** The id of one trace, or how it begins. */
  readonly trace?: string | undefined;
}

/**
 * The traces that are chosen, in order of their start; all of them if nothing is said.
 * @throws RerunError ERR_RERUN_ARGUMENT for an expression that is wrong, or an id that is none or several.
 */
export async function selectTraces(archive: TraceArchive, { where, trace }: TraceSelection): Promise<TraceEntry[]> {
  const expression = where === undefined ? undefined : parseExpression(where);
  const traceId = trace === undefined ? undefined : await archive.traceId(trace);
  return archive.entries(
    (span) =>
      (traceId === undefined || span.traceId === traceId) && (expression === undefined || matches(expression, span)),
  );
}

/** Those that failed, then the slowest. */
export function mostNotable(entries: readonly TraceEntry[], count: number): TraceEntry[] {
  const sorted = entries.toSorted(
    (a, b) => Number(b.errors > 0) - Number(a.errors > 0) || Number(b.duration - a.duration),
  );
  return sorted.slice(0, count);
}
