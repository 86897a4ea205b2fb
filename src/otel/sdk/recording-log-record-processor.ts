import type { Context } from "@opentelemetry/api";
import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { Intake, type IntakeOptions } from "../intake.ts";
import type { FlushScheduleOptions } from "../recordings/flush-schedule.ts";
import { logRecordFromReadable } from "./from-log-record.ts";
import type { LogRecordProcessor, ReadableLogRecord } from "./types.ts";

/** Puts an SDK's log records into recordings, each into the one of the context it was emitted in. */
export class RecordingLogRecordProcessor implements LogRecordProcessor {
  readonly #intake: Intake;

  constructor(options: IntakeOptions & FlushScheduleOptions = {}) {
    this.#intake = new Intake("RecordingLogRecordProcessor", options, "OTEL_BLRP");
  }

  /** Records that came after shutdown (I3). */
  get refused(): number {
    return this.#intake.refused;
  }

  onEmit(record: ReadableLogRecord, context?: Context): void {
    this.#intake.take(this.#intake.resolve(context), 1, (recording) => {
      telemetryRecorder(recording).log(logRecordFromReadable(record));
    });
  }

  forceFlush(): Promise<void> {
    return this.#intake.flush();
  }

  /** Flushes and takes nothing more. The recordings stay open. */
  shutdown(): Promise<void> {
    return this.#intake.shutdown();
  }
}
