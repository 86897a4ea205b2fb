import { type Fields, field } from "../json/fields.ts";

/** A trace as Jaeger's query service and its UI write it: spans, and the processes they name. */
export function isJaegerTrace(value: Fields): boolean {
  return Array.isArray(value.spans) && (value.processes !== undefined || value.spans.every(isSpan));
}

/** A span of a bare list; one that says neither its name nor its start says too little to be taken for one. */
export function isJaegerSpan(value: Fields): boolean {
  return (
    field(value, "spanID") !== undefined &&
    (value.operationName !== undefined || field(value, "startTime") !== undefined)
  );
}

function isSpan(value: unknown): boolean {
  return typeof value === "object" && value !== null && isJaegerSpan(value as Fields);
}
