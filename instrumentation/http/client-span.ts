import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { ERROR_TYPE, errorType } from "./http-attributes.ts";

/** No answer came, or it broke off. */
export function failClientSpan(span: Span, error: unknown): void {
  if (!span.isRecording()) return;
  const message = error instanceof Error ? error.message : String(error);
  span.setAttribute(ERROR_TYPE, errorType(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** For a client, 4xx is an error, too (semantic conventions, "HTTP client span"). Ending twice does nothing. */
export function endClientSpan(span: Span, status: number | undefined): void {
  if (!span.isRecording()) return;
  if (status !== undefined && status >= 400) {
    span.setAttribute(ERROR_TYPE, String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
