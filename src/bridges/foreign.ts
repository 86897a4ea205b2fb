import { type Fields, isFields } from "./json/fields.ts";
import { isZipkinV1 } from "./zipkin/detect.ts";

/** Formats that look like one of ours and are not, and what to use instead. */
const FOREIGN: readonly { readonly name: string; readonly instead: string; is(value: Fields): boolean }[] = [
  {
    name: "Zipkin v1",
    instead: "a Zipkin server that took it returns v2: GET /api/v2/trace/<id>",
    is: isZipkinV1,
  },
  {
    name: "the console output of the Python OpenTelemetry SDK",
    instead: "use its OTLP exporter and `otel-rerun serve`, or the Collector's file exporter",
    is: ({ context }) => isFields(context) && typeof context.trace_id === "string" && context.trace_id.startsWith("0x"),
  },
  {
    name: "the output of Go's stdouttrace",
    instead: "use otlptracehttp or otlptracegrpc and `otel-rerun serve`",
    is: ({ SpanContext }) => isFields(SpanContext) && SpanContext.TraceID !== undefined,
  },
];

/** What the value is, when it is a known format that is not read here. */
export function foreignFormat(value: Fields): string | undefined {
  const found = FOREIGN.find(({ is }) => is(value));
  return found && `this is ${found.name}, which is not read; ${found.instead}`;
}
