import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { Intake, type IntakeOptions } from "../intake.ts";
import { logRecordFromReadable } from "./from-log-record.ts";
import type { ExportCallback, LogRecordExporter, ReadableLogRecord } from "./types.ts";

/** Puts log records into a recording: the one given, else the active one at the time of the export. */
export class RecordingLogRecordExporter implements LogRecordExporter {
  readonly #intake: Intake;

  constructor(options: IntakeOptions = {}) {
    this.#intake = new Intake("RecordingLogRecordExporter", options);
  }

  /** Calls back once; with failure (`ERR_RERUN_CLOSED`) after shutdown. */
  export(records: ReadableLogRecord[], resultCallback: ExportCallback): void {
    this.#intake.export(records.length, resultCallback, (recording) => {
      const recorder = telemetryRecorder(recording);
      for (const record of records) recorder.log(logRecordFromReadable(record));
    });
  }

  forceFlush(): Promise<void> {
    return this.#intake.flush();
  }

  /** Flushes and takes nothing more. The recording stays open. */
  shutdown(): Promise<void> {
    return this.#intake.shutdown();
  }
}
