import { type Context, context as contextApi, diag } from "@opentelemetry/api";
import { RerunError } from "../errors.ts";
import { checkedOptions, optionNames } from "../option-names.ts";
import { checkRecording } from "../recording/checked-arguments.ts";
import { getDataRecording } from "../recording/context/active-recording.ts";
import { recordingForContext } from "../recording/context/scope.ts";
import { processState } from "../recording/process/process-state.ts";
import type { RecordingStream } from "../recording/recording-stream.ts";
import { suppressTracing } from "./context/context-keys.ts";
import { FlushSchedule, type FlushScheduleOptions } from "./recordings/flush-schedule.ts";
import { EXPORT_FAILED, EXPORT_SUCCESS, type ExportCallback } from "./sdk/types.ts";

export interface IntakeOptions {
  /** Where everything goes. Default: the recording of the context, else the active one at that moment. */
  readonly recording?: RecordingStream;
}

const PROCESSOR_OPTIONS = optionNames<IntakeOptions & FlushScheduleOptions>({
  recording: true,
  scheduledDelayMillis: true,
  maxExportBatchSize: true,
  exportTimeoutMillis: true,
});

/**
 * What processors and exporters have in common: which recording, until when, and flush and shutdown by the OTel contract.
 * Shutting down ends this intake only; the recordings belong to whoever opened them.
 */
export class Intake {
  readonly #recording: RecordingStream | undefined;
  /** Recordings that got something; weak, so that closed ones are not kept. */
  readonly #used = new WeakSet<RecordingStream>();
  readonly #schedule: FlushSchedule;
  #closed: Promise<void> | undefined;
  #refused = 0;

  /**
   * @param owner whose options these are, and `names` what it has beside those of all.
   * @param variables of a processor say when to flush; an exporter is told by the processor it belongs to.
   * @throws RerunError ERR_RERUN_ARGUMENT
   */
  constructor(
    owner: string,
    given: IntakeOptions & FlushScheduleOptions,
    variables?: "OTEL_BSP" | "OTEL_BLRP",
    names: readonly string[] = [],
  ) {
    const known = variables === undefined ? ["recording", ...names] : [...PROCESSOR_OPTIONS, ...names];
    const options = checkedOptions(owner, given, known);
    if (options.recording !== undefined) checkRecording(owner, options.recording);
    this.#recording = options.recording;
    this.#schedule = new FlushSchedule(options, variables, (timeoutMillis) => this.#flushUsed(timeoutMillis));
  }

  /** Items that came after shutdown (I3). */
  get refused(): number {
    return this.#refused;
  }

  /** Everything goes to the recording that was given to the constructor. */
  get isFixed(): boolean {
    return this.#recording !== undefined;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The recording given to the constructor, else that of `context`. */
  routed(context: Context | undefined): RecordingStream | undefined {
    return this.#recording ?? (context === undefined ? undefined : recordingForContext(context));
  }

  /** As `routed`, else the active recording; `undefined` when there is none or recording is off. */
  resolve(context?: Context): RecordingStream | undefined {
    return this.routed(context) ?? getDataRecording();
  }

  /**
   * Runs `record`, which puts `count` items into `recording`. Refused and counted after shutdown. Never throws (I1).
   * Returns what went wrong, for exporters, which have somebody to tell.
   */
  take(recording: RecordingStream | undefined, count: number, record: (recording: RecordingStream) => void): unknown {
    if (this.isClosed) {
      this.#refused += count;
      return new RerunError("ERR_RERUN_CLOSED", "This exporter or processor was shut down; it takes nothing any more.");
    }
    if (recording === undefined) return undefined;
    try {
      record(recording);
      this.#used.add(recording);
      this.#schedule.taken(count);
      return undefined;
    } catch (error) {
      diag.error("otel-rerun: could not record telemetry", error);
      return error;
    }
  }

  /** `take` by the contract of an exporter: the callback is called once, and a callback that throws is its own affair. */
  export(count: number, callback: ExportCallback, record: (recording: RecordingStream) => void): void {
    const error = this.take(this.resolve(), count, record);
    if (error === undefined) callback({ code: EXPORT_SUCCESS });
    else callback({ code: EXPORT_FAILED, error: error instanceof Error ? error : new Error(String(error)) });
  }

  /** A barrier: everything taken before is in the sinks when it resolves. */
  flush(): Promise<void> {
    return this.#schedule.flush();
  }

  /** Refuses what comes from now on, then flushes. The second call gets the promise of the first. */
  shutdown(): Promise<void> {
    this.#closed ??= this.flush();
    return this.#closed;
  }

  async #flushUsed(timeoutMillis: number): Promise<void> {
    const open = [...processState().openRecordings].filter((recording) => this.#used.has(recording));
    const quiet = suppressTracing(contextApi.active());
    await contextApi.with(quiet, () => Promise.all(open.map((recording) => recording.flush({ timeoutMillis }))));
  }
}
