import type { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import type { TraceEntry } from "../telemetry/archive/trace-entry.ts";
import { matches } from "../telemetry/query/matches.ts";
import { parseExpression } from "../telemetry/query/parse.ts";

/** Options of all verbs that choose traces. */
export const SELECTION_OPTIONS = { where: { type: "string" }, trace: { type: "string" } } as const;

export const SELECTION_HELP = `  --where EXPR   traces with a span for which the expression holds
  --trace ID     one trace; the beginning of its id is enough

Expressions compare service, name, route, status, kind, duration, trace and attributes["…"] by = != > >= < <= and ~ (regular
expression), joined by and, or, not and brackets. A word alone is looked for in name, route, service and trace id.`;

/** The traces that the options choose; all of them if there are none. @throws RerunError for an expression that is wrong. */
export async function selectTraces(
  archive: TraceArchive,
  { where, trace }: { readonly where?: string | undefined; readonly trace?: string | undefined },
): Promise<TraceEntry[]> {
  const expression = where === undefined ? undefined : parseExpression(where);
  const traceId = trace === undefined ? undefined : await archive.traceId(trace);
  return archive.entries(
    (span) =>
      (traceId === undefined || span.traceId === traceId) && (expression === undefined || matches(expression, span)),
  );
}
