import { Intake, type IntakeOptions } from "../intake.ts";
import { exportSpans } from "./export-spans.ts";
import type { ExportCallback, ReadableSpan, SpanExporter } from "./types.ts";

/**
 * Puts finished spans into a recording: the one given, else the active one at the time of the export. Exporters do not see
 * contexts, so one process with several recordings wants `RecordingSpanProcessor` instead.
 *
 * `export` does its work before it returns, so exports cannot overlap. Success means that the recording has the spans; they are in
 * the sinks after the next tick, `forceFlush`, or the end of the process.
 */
export class RecordingSpanExporter implements SpanExporter {
  readonly #intake: Intake;

  constructor(options: IntakeOptions = {}) {
    this.#intake = new Intake("RecordingSpanExporter", options);
  }

  /** Calls back once; with failure (`ERR_RERUN_CLOSED`) after shutdown. */
  export(spans: ReadableSpan[], resultCallback: ExportCallback): void {
    this.#intake.export(spans.length, resultCallback, (recording) => exportSpans(recording, spans));
  }

  forceFlush(): Promise<void> {
    return this.#intake.flush();
  }

  /** Flushes and takes nothing more. The recording stays open. */
  shutdown(): Promise<void> {
    return this.#intake.shutdown();
  }
}
