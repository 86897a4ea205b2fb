import http from "node:http";
import { foreignProvider } from "../src/otel/install.ts";

/** The mark that OpenTelemetry's instrumentations leave on every function they wrap. */
interface Wrapped {
  readonly __wrapped?: boolean;
}

/**
 * What instrumentation the application brought itself. Two that see the same request would make two spans with two trace ids, so
 * ours stands back and the spans of theirs are recorded (src/otel/sdk/tap.ts).
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

/**
 * Sentry's SDK instruments HTTP and Express itself, and what is started by its provider is sent to it. So nothing of ours is started
 * there: spans of its own are recorded, and what it does not trace is recorded beside it (`sentry.md` in docs/situations).
 *
 * Every Sentry SDK since 7 keeps its state in this global. It says nothing before `Sentry.init` has registered a provider.
 */
export function tracesThroughSentry(): boolean {
  return "__SENTRY__" in globalThis && foreignProvider() !== undefined;
}

function isWrapped(method: unknown): boolean {
  return (method as Wrapped | undefined)?.__wrapped === true;
}
