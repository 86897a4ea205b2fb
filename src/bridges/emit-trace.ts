import { hasPlace } from "../telemetry/layout/span-facts.ts";
import type { Span } from "../telemetry/model.ts";
import type { TelemetryRecorder } from "../telemetry/recorder.ts";
import type { AssembledTrace } from "./trace-assembler.ts";

/**
 * Records a trace as a live program would: the roots start, everything else ends, the roots end last. So the layout knows at the
 * last root that the trace is whole, and draws it as one.
 */
export function emitTrace(recorder: TelemetryRecorder, { spans, roots, logs }: AssembledTrace): void {
  // nothing waits for what has no place in a trace or in time
  const starting = [...roots].filter(hasPlace).sort(by("startTime"));
  for (const root of starting) {
    // a parent that is not in the input is as far away as a remote one
    recorder.spanStart(root.parentSpanId === undefined ? root : { ...root, parentIsRemote: true });
  }
  for (const record of logs) recorder.log(record);
  for (const span of spans) if (!roots.has(span)) recorder.spanEnd(span);
  for (const root of [...roots].sort(by("endTime"))) recorder.spanEnd(root);
}

function by(time: "startTime" | "endTime"): (a: Span, b: Span) => number {
  return (a, b) => (a[time] < b[time] ? -1 : a[time] > b[time] ? 1 : 0);
}
