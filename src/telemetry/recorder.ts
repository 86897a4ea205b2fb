import type { RecordingStream } from "../recording/recording-stream.ts";
import type { LogRecord, MetricPoint, Span, SpanStart } from "./model.ts";

/**
 * The caller's side of telemetry: puts spans, logs and metric points of the neutral model into a recording, as records that
 * the layout reads on the writer's side. No method throws or waits (I1).
 */
export interface TelemetryRecorder {
  spanStart(span: SpanStart): void;
  spanEnd(span: Span): void;
  log(record: LogRecord): void;
  metric(point: MetricPoint): void;
}

/** One per recording, made at its first use. */
export declare function telemetryRecorder(recording: RecordingStream): TelemetryRecorder;
