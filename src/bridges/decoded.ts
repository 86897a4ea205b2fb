import type { LogRecord, MetricPoint, Span } from "../telemetry/model.ts";

/** What is said once of a whole input: nothing is lost by it. */
export type Note =
  | "base64 ids"
  | "opaque ids"
  | "spans without a trace id"
  | "spans without a start"
  | "spans without an end";

/** Takes what a format's reader finds, in the order of the input. */
export interface Decoded {
  span(span: Span): void;
  log(record: LogRecord): void;
  /** A metric, by its data points; one of a summary becomes several points of the model. */
  metric(dataPoints: readonly (readonly MetricPoint[])[]): void;
  note(note: Note): void;
}
