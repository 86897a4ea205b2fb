import { type Context, createContextKey } from "@opentelemetry/api";

/** The key all SDK lines use; keys are `Symbol.for` underneath, so naming it is enough. */
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Spans started in the result are not recorded. For the I/O of telemetry itself, which must not cause telemetry. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}

export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}
