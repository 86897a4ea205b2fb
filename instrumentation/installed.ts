import http from "node:http";

/** The mark that OpenTelemetry's instrumentations leave on every function they wrap. */
interface Wrapped {
  readonly __wrapped?: boolean;
}

/**
 * What instrumentation the application brought itself. Two that see the same request would make two spans with two trace ids, so
 * ours stands back and the spans of theirs are recorded (src/otel/tap.ts).
 *
 * Both are asked at run time, per request: theirs may be started after ours.
 */
export function servesThroughUpstream(server: { readonly emit: unknown }): boolean {
  return isWrapped(server.emit);
}

/** `@opentelemetry/instrumentation-http` wraps these two for outgoing requests. */
export function requestsThroughUpstream(): boolean {
  return isWrapped(http.request) || isWrapped(http.get);
}

function isWrapped(method: unknown): boolean {
  return (method as Wrapped | undefined)?.__wrapped === true;
}
