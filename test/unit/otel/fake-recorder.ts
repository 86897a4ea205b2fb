import type { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { TelemetryRecorder } from "../../../src/telemetry/recorder.ts";
import { recorded } from "./recorded.ts";

/** Stands in for src/telemetry/recorder.ts: keeps the model's objects as they come. */
export function telemetryRecorder(recording: RecordingStream): TelemetryRecorder {
  const { starts, spans, logs, points } = recorded(recording);
  return {
    spanStart: (span) => void starts.push(span),
    spanEnd: (span) => void spans.push(span),
    log: (record) => void logs.push(record),
    metric: (point) => void points.push(point),
  };
}
