import { context, INVALID_SPAN_CONTEXT, type Span, type SpanOptions, SpanStatusCode, trace } from "@opentelemetry/api";
import { VERSION } from "../version.ts";
import { contextWithRecording, recordingFromContext, withScope } from "./context/scope.ts";
import { processState } from "./process/process-state.ts";
import type { RecordingStream } from "./recording-stream.ts";

/**
 * Runs `fn` in a span, and in a scope of `recording`, so that what it logs and what it starts belong to both. The span ends when
 * `fn` returns, throws, or when its promise settles; what is thrown is recorded as an exception and thrown on.
 */
export function runInSpan<T>(recording: RecordingStream, name: string, options: SpanOptions, fn: (span: Span) => T): T {
  processState().hooks.ensureTracing?.();
  return withScope(recording, () => {
    const active = context.active();
    // without a context manager the scope is in our storage only; the tracer has to see it all the same
    const parent = recordingFromContext(active) === recording ? active : contextWithRecording(active, recording);
    const span = trace.getTracer("otel-rerun", VERSION).startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), () => runToEnd(span, fn));
  });
}

/** Calls `fn` with a span that records nothing: tracing is off, the program is not. */
export function runWithoutSpan<T>(fn: (span: Span) => T): T {
  return fn(trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
}

function runToEnd<T>(span: Span, fn: (span: Span) => T): T {
  let result: T;
  try {
    result = fn(span);
  } catch (error) {
    endWithError(span, error);
    throw error;
  }
  if (!isThenable(result)) {
    span.end();
    return result;
  }
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (error) => {
      endWithError(span, error);
      throw error;
    },
  ) as T;
}

function endWithError(span: Span, error: unknown): void {
  const exception = error instanceof Error ? error : textOf(error);
  span.recordException(exception);
  span.setStatus({
    code: SpanStatusCode.ERROR,
    message: typeof exception === "string" ? exception : exception.message,
  });
  span.end();
}

/** Anything can be thrown, also what has no text; that must not replace what the program threw (I1). */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function";
}
