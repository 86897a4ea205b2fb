/** Options of all verbs that choose traces. */
export const SELECTION_OPTIONS = { where: { type: "string" }, trace: { type: "string" } } as const;

export const SELECTION_HELP = `  --where EXPR   traces with a span for which the expression holds
  --trace ID     one trace; the beginning of its id is enough

Expressions compare service, name, route, status, kind, duration, trace and attributes["…"] by = != > >= < <= and ~ (regular
expression), joined by and, or, not and brackets. A word alone is looked for in name, route, service and trace id.`;
