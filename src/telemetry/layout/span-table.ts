import { RowForm } from "../../archetypes/row-form.ts";
import type { Span } from "../model.ts";
import { millis } from "./labels.ts";
import type { LogRow } from "./log-rows.ts";
import { kindName, scopeName, serviceOf, statusName } from "./span-facts.ts";
import { attributesJson, eventsJson, linksJson, text } from "./span-json.ts";
import type { Times } from "./times.ts";

const ROW = new RowForm({
  service: "Utf8",
  name: "Utf8",
  duration_ms: "Float64",
  end_time: "Int64",
  status: "Utf8",
  status_message: "Utf8",
  kind: "Utf8",
  "http.route": "Utf8",
  "http.response.status_code": "Utf8",
  "db.query.text": "Utf8",
  trace_id: "Utf8",
  span_id: "Utf8",
  parent_span_id: "Utf8",
  scope: "Utf8",
  attributes: "Utf8",
  events: "Utf8",
  links: "Utf8",
});

/**
 * `/spans`: every span whole, a row each. The table is the record, everything else that is drawn of spans can be made of it
 * again; so its columns are always the same, with "" for what a span does not have.
 */
export class SpanTable {
  readonly #log: LogRow;
  readonly #times: Times;
  #next: bigint;

  /** @param slot of this process among those that share the recording: numbers of spans must not meet. */
  constructor(log: LogRow, times: Times, slot = 0) {
    this.#log = log;
    this.#times = times;
    this.#next = BigInt(slot) << 32n;
  }

  write(span: Span): void {
    const { attributes } = span;
    this.#log(
      "/spans",
      this.#times.ofSpan(span.startTime, this.#next++),
      ROW.row({
        service: serviceOf(span),
        name: span.name,
        duration_ms: millis(span.endTime - span.startTime),
        end_time: span.endTime,
        status: statusName(span),
        status_message: span.status.message ?? "",
        kind: kindName(span.kind),
        "http.route": text(attributes["http.route"]),
        "http.response.status_code": text(attributes["http.response.status_code"]),
        "db.query.text": text(attributes["db.query.text"] ?? attributes["db.statement"]),
        trace_id: span.traceId,
        span_id: span.spanId,
        parent_span_id: span.parentSpanId ?? "",
        scope: scopeName(span.scope),
        attributes: attributesJson(attributes),
        events: eventsJson(span.events),
        links: linksJson(span.links),
      }),
    );
  }
}
