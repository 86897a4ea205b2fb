import type { RecordingStream } from "../recording/recording-stream.ts";
import type { LogRecord, MetricPoint } from "../telemetry/model.ts";
import { type TelemetryRecorder, telemetryRecorder } from "../telemetry/recorder.ts";
import type { Destination } from "./destination.ts";
import { emitTrace } from "./emit-trace.ts";
import type { AssembledTrace } from "./trace-assembler.ts";

/** Into a recording, as live telemetry goes. */
export class RecordingDestination implements Destination {
  readonly #recorder: TelemetryRecorder;

  constructor(recording: RecordingStream) {
    this.#recorder = telemetryRecorder(recording);
  }

  trace(trace: AssembledTrace): void {
    emitTrace(this.#recorder, trace);
  }

  log(record: LogRecord): void {
    this.#recorder.log(record);
  }

  point(point: MetricPoint): void {
    this.#recorder.metric(point);
  }
}
