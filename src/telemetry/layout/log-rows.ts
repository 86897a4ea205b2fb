import { TextLog } from "../../archetypes/index.ts";
import { RowForm } from "../../archetypes/row-form.ts";
import type { TimeCell } from "../../pipeline/expander.ts";
import type { AsComponents } from "../../rrd/component-batch.ts";
import type { LogRecord, Span, SpanEvent } from "../model.ts";
import { slug } from "./slug.ts";
import { scopeName, serviceOf } from "./span-facts.ts";
import { attributesJson, text } from "./span-json.ts";

/** Takes rows of one store. */
export type LogRow = (
  entityPath: string,
  times: readonly TimeCell[],
  components: AsComponents | readonly AsComponents[],
) => void;

const OF_RECORD = new RowForm(
  { trace_id: "Utf8", span_id: "Utf8", scope: "Utf8", event_name: "Utf8", attributes: "Utf8" },
  "Log",
);
const OF_EVENT = new RowForm({ trace_id: "Utf8", span_id: "Utf8" }, "Log");
const LEVELS = new Set(["CRITICAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"]);

/** The viewer's level: by severity number, unless the text is one of its own. */
export function levelOf({ severityNumber = 0, severityText = "" }: LogRecord): string {
  const named = severityText.toUpperCase();
  if (LEVELS.has(named)) return named;
  if (severityNumber >= 21) return "CRITICAL";
  if (severityNumber >= 17) return "ERROR";
  if (severityNumber >= 13) return "WARN";
  if (severityNumber >= 9 || severityNumber === 0) return "INFO";
  return severityNumber >= 5 ? "DEBUG" : "TRACE";
}

/** `/logs/<service>`: a log record. `entity` overrides the service's slug. */
export function writeLogRecord(log: LogRow, times: readonly TimeCell[], record: LogRecord, entity?: string): void {
  log(`/logs/${entity ?? slug(serviceOf(record))}`, times, [
    new TextLog(text(record.body) || (record.eventName ?? ""), { level: levelOf(record) }),
    OF_RECORD.row({
      trace_id: record.traceId ?? "",
      span_id: record.spanId ?? "",
      scope: scopeName(record.scope),
      event_name: record.eventName ?? "",
      attributes: attributesJson(record.attributes),
    }),
  ]);
}

/** `/logs/events` and `/logs/exceptions`: an event of a span. The first line says it all, since viewers show one line a row. */
export function writeSpanEvent(log: LogRow, times: readonly TimeCell[], span: Span, event: SpanEvent): void {
  const isException = event.name === "exception";
  const ids = OF_EVENT.row({ trace_id: span.traceId, span_id: span.spanId });
  const line = isException ? exceptionText(span, event) : eventText(span, event);
  const level = isException ? "ERROR" : "TRACE";
  log(isException ? "/logs/exceptions" : "/logs/events", times, [new TextLog(line, { level }), ids]);
}

function eventText({ name }: Span, event: SpanEvent): string {
  const fields = Object.entries(event.attributes).map(([key, value]) => `${key}=${text(value)}`);
  return [event.name, ...fields, `[${name}]`].join(" ");
}

function exceptionText({ name }: Span, event: SpanEvent): string {
  const { title, stack } = exceptionOf(event);
  return `${title}  [${name}]${stack === "" ? "" : `\n${stack}`}`;
}

/** Type and message on one line, and the stack without its repetition of them. */
export function exceptionOf({ attributes }: SpanEvent): { title: string; stack: string } {
  const type = text(attributes["exception.type"]) || "Error";
  const message = text(attributes["exception.message"]);
  const stack = text(attributes["exception.stacktrace"]);
  const frames = stack.indexOf("\n    at ");
  return { title: `${type}: ${message}`.replace(/\s+/g, " "), stack: frames < 0 ? stack : stack.slice(frames + 1) };
}
