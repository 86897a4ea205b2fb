import { RerunError } from "../errors.ts";
import { INTERNALS } from "./internals.ts";
import { processState } from "./process/process-state.ts";
import type { RecordingStream } from "./recording-stream.ts";

/** OpenTelemetry's `ExportResult`: 0 is success, 1 failure. */
export interface ExportResult {
  readonly code: 0 | 1;
  readonly error?: Error;
}

/** A recording in its role as the exporter of foreign providers, whose shutdown must not end the recording. */
export class SpanIntake {
  readonly #recording: RecordingStream;
  #state: "unused" | "used" | "ended" = "unused";

  constructor(recording: RecordingStream) {
    this.#recording = recording;
  }

  /** Calls back exactly once; a failure is reported there, never thrown (OTel spec, Span Exporter). */
  export(spans: readonly unknown[], resultCallback: (result: ExportResult) => void): void {
    const error = this.#record(spans);
    if (typeof resultCallback === "function") resultCallback(error === undefined ? { code: 0 } : { code: 1, error });
  }

  /** The first shutdown after spans were exported: it comes from the provider and ends this intake only. */
  endedByProvider(): boolean {
    if (this.#state !== "used") return false;
    this.#state = "ended";
    return true;
  }

  #record(spans: readonly unknown[]): Error | undefined {
    const internals = this.#recording[INTERNALS];
    if (this.#state === "ended" || (internals.isEnabled && !internals.isOpen)) {
      return new RerunError("ERR_RERUN_CLOSED", `${this.#recording} takes no spans any more, since it was shut down`);
    }
    this.#state = "used";
    if (!internals.isEnabled) return undefined;
    const { exportSpans } = processState().hooks;
    if (exportSpans === undefined) {
      return new RerunError("ERR_RERUN_SINK", 'nothing is there to record spans; import "otel-rerun" before its parts');
    }
    try {
      exportSpans(this.#recording, spans);
      return undefined;
    } catch (error) {
      return error instanceof Error
        ? error
        : new RerunError("ERR_RERUN_DATA", `spans could not be read: ${String(error)}`);
    }
  }
}
