import type { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { LogRecord, MetricPoint, Span, SpanStart } from "../../../src/telemetry/model.ts";

/** What a recording was given, in order. */
export interface Recorded {
  readonly starts: SpanStart[];
  readonly spans: Span[];
  readonly logs: LogRecord[];
  readonly points: MetricPoint[];
}

const all = new WeakMap<RecordingStream, Recorded>();

export function recorded(recording: RecordingStream): Recorded {
  let found = all.get(recording);
  if (found === undefined) {
    found = { starts: [], spans: [], logs: [], points: [] };
    all.set(recording, found);
  }
  return found;
}
