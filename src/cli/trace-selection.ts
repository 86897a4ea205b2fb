import { RerunError } from "../errors.ts";
import { parseExpression } from "../telemetry/query/parse.ts";
import { UsageError } from "./usage-error.ts";

/** Options of all verbs that choose traces. */
export const SELECTION_OPTIONS = { where: { type: "string" }, trace: { type: "string" } } as const;

export const SELECTION_HELP = `  --where EXPR   traces with a span for which the expression holds
  --trace ID     one trace; the beginning of its id is enough

Expressions compare service, name, route, status, kind, duration, trace and attributes["…"] by = != > >= < <= and ~ (regular
expression), joined by and, or, not and brackets. A word alone is looked for in name, route, service and trace id.`;

/** Said before anything is read. @throws UsageError for an expression that is wrong */
export function assertExpression(where: string | undefined): void {
  if (where === undefined) return;
  try {
    parseExpression(where);
  } catch (error) {
    if (error instanceof RerunError) throw new UsageError(error.message);
    throw error;
  }
}
