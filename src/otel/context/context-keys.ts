import type { Context } from "@opentelemetry/api";

/** The key all SDK lines use. What `createContextKey` returns is `Symbol.for`, and the API need not be loaded for that. */
const SUPPRESS_TRACING = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

const TRACE_ID = Symbol.for("otel-rerun/1 trace id");

/** A server span that begins a trace in the result begins this one. For a recording that has to know the id before. */
export function contextWithTraceId(context: Context, traceId: string): Context {
  return context.setValue(TRACE_ID, traceId);
}

export function traceIdFrom(context: Context): string | undefined {
  return context.getValue(TRACE_ID) as string | undefined;
}

/** Spans started in the result are not recorded. For the I/O of telemetry itself, which must not cause telemetry. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}

export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}
