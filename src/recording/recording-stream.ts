import type { Span, SpanOptions } from "@opentelemetry/api";
import type { TimeColumn } from "../pipeline/row-encoder.ts";
import type { RecordingStats } from "../pipeline/transport.ts";
import { normalizeApplicationId } from "../rrd/application-id.ts";
import { setGlobalDataRecording, setThreadLocalDataRecording } from "./active-recording.ts";
import { close, flush, stats } from "./barriers.ts";
import type { LoggableBlueprint } from "./blueprint.ts";
import type { ColumnsInput } from "./component-batches.ts";
import type { EntityPathInput } from "./entity-path-input.ts";
import { environmentSwitch } from "./environment.ts";
import { INTERNALS } from "./internals.ts";
import { MemoryRecording } from "./memory-recording.ts";
import { newRecordingId } from "./recording-id.ts";
import { RecordingIntake } from "./recording-intake.ts";
import type {
  BlueprintOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  RecordingStreamOptions,
  SaveOptions,
} from "./recording-options.ts";
import { activateScope, type RecordingScope, withScope } from "./scope.ts";
import { attachment, type RecordingHandle, share } from "./share.ts";
import { saveToFile, sendBlueprint } from "./sinks-of-recording.ts";
import { runInSpan, runWithoutSpan } from "./span.ts";
import { type ExportResult, SpanIntake } from "./span-intake.ts";
import type { TimeValue } from "./time-value.ts";

/**
 * A recording: everything that is logged to it, in the order in which it was logged, ends up in the sinks that were set.
 *
 *   const rec = new RecordingStream("shop");
 *   rec.save("shop.rrd");
 *   rec.setTime("frame", { sequence: 42 });
 *   rec.log("world/points", new Points3D(positions));
 *
 * Logging calls never throw, wait or keep the process alive (I1): what cannot be recorded is warned about once per line of code,
 * or thrown in strict mode. A disabled recording (`RERUN=off`) takes every call and does nothing. Nothing is lost at the end of
 * the process, also without `shutdown` (I4). Every method `rec.f(…)` is a free function `f(…, { recording })` too.
 *
 * A recording is an OpenTelemetry `SpanExporter` as well; see `shutdown` for what a provider's shutdown does to it.
 */
export class RecordingStream implements AsyncDisposable {
  /** @internal What the rooms of this package share; not for users. */
  readonly [INTERNALS]: RecordingIntake;
  readonly #spans: SpanIntake;

  /**
   * @param applicationId what the recorded program is; characters that Rerun does not allow are replaced (`my.app` becomes
   * `my-appc742`).
   * @throws RerunError ERR_RERUN_APPLICATION_ID if it is empty.
   */
  constructor(applicationId: string, options: RecordingStreamOptions = {}) {
    const { recordingId = newRecordingId(), defaultEnabled = true } = options;
    const storeId = { kind: "recording", applicationId: normalizeApplicationId(applicationId), recordingId } as const;
    this[INTERNALS] = new RecordingIntake(this, storeId, environmentSwitch("RERUN") ?? defaultEnabled, options);
    this.#spans = new SpanIntake(this);
    if (options.makeGlobal) setGlobalDataRecording(this);
    if (options.makeThreadDefault) setThreadLocalDataRecording(this);
  }

  /** Works for recordings made by another copy of the package too. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && INTERNALS in value;
  }

  get applicationId(): string {
    return this[INTERNALS].storeId.applicationId;
  }

  get recordingId(): string {
    return this[INTERNALS].storeId.recordingId;
  }

  /** False: every call does nothing. */
  get enabled(): boolean {
    return this[INTERNALS].isEnabled;
  }

  getApplicationId(): string {
    return this.applicationId;
  }

  getRecordingId(): string {
    return this.recordingId;
  }

  isEnabled(): boolean {
    return this.enabled;
  }

  /**
   * Whether rows get `log_time`, the wall clock at the call. Default true, or as `RERUN_LOG_TIME` says. What is set here holds
   * for later rows.
   */
  get logTimeEnabled(): boolean {
    return this[INTERNALS].times.logTime;
  }

  set logTimeEnabled(enabled: boolean) {
    this[INTERNALS].times.logTime = enabled;
  }

  /** Whether rows get `log_tick`, a count of rows. Default false, or as `RERUN_LOG_TICK` says. Rows count also while it is off. */
  get logTickEnabled(): boolean {
    return this[INTERNALS].times.logTick;
  }

  set logTickEnabled(enabled: boolean) {
    this[INTERNALS].times.logTick = enabled;
  }

  /** Logs one row: at the times that are set, or static. */
  log(entityPath: EntityPathInput, entity: Loggable, options?: LogOptions): void {
    this[INTERNALS].log(entityPath, entity, options);
  }

  /**
   * Logs many rows at once; all columns have one value (or list of values) a row. Nothing is added to the times of `indexes`;
   * without an index the rows are static.
   */
  sendColumns(
    entityPath: EntityPathInput,
    content: { readonly indexes: readonly TimeColumn[]; readonly columns: ColumnsInput },
    options?: { readonly strict?: boolean },
  ): void {
    this[INTERNALS].sendColumns(entityPath, content.indexes, content.columns, options?.strict);
  }

  /** Something true of the whole recording, shown with its properties. The last of a name counts. */
  sendProperty(name: string, values: Loggable): void {
    this[INTERNALS].log(["__properties", name], values, STATIC);
  }

  /** The name that viewers show instead of the id. The last one counts. */
  sendRecordingName(name: string): void {
    this[INTERNALS].sendInfo({ name });
  }

  /** A Date, or nanoseconds since the Unix epoch. Default: when the recording was made. */
  sendRecordingStartTime(startTime: Date | bigint): void {
    this[INTERNALS].sendInfo({ startTime });
  }

  /**
   * Sets the time of the rows that follow in this scope: the one that `with`, `span`, `activate` or an OpenTelemetry context
   * began, and those begun inside it from now on.
   */
  setTime(timeline: string, value: TimeValue): void {
    if (this.enabled) this[INTERNALS].times.set(timeline, value);
  }

  /** Rows that follow in this scope have no time on that timeline. */
  disableTimeline(timeline: string): void {
    this[INTERNALS].times.disable(timeline);
  }

  /** Rows that follow in this scope have none of the times that were set. */
  resetTime(): void {
    this[INTERNALS].times.reset();
  }

  /** Calls `fn` with this recording as the active one, also for all that `fn` starts. Returns or throws what `fn` does. */
  with<T>(fn: () => T): T {
    return withScope(this, fn);
  }

  /**
   * Makes this the active recording until the scope is disposed: `using scope = rec.activate()`. Not as the first statement of
   * an async function, where it would reach its caller until the end: use `with`.
   */
  activate(): RecordingScope {
    return activateScope(this);
  }

  /**
   * Calls `fn` in a span, with this recording as the active one. The span ends with `fn` or its promise; an error is recorded as
   * an exception of the span and thrown on.
   */
  span<T>(name: string, fn: (span: Span) => T): T;
  span<T>(name: string, options: SpanOptions, fn: (span: Span) => T): T;
  span<T>(name: string, ...rest: [(span: Span) => T] | [SpanOptions, (span: Span) => T]): T {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest;
    return this.enabled ? runInSpan(this, name, options, fn) : withScope(this, () => runWithoutSpan(fn));
  }

  /**
   * Writes to a file from now on, what was logged before included. The file is made, or emptied, at once. Replaces other sinks.
   * @throws RerunError ERR_RERUN_FILE if the path is a folder or cannot be written; ERR_RERUN_CLOSED after `shutdown`.
   */
  save(path: string | URL, options: SaveOptions = {}): void {
    saveToFile(this[INTERNALS], path, options);
  }

  /** Keeps everything in memory, what was logged before included. Replaces other sinks. */
  memoryRecording(): MemoryRecording {
    return new MemoryRecording(this[INTERNALS]);
  }

  /**
   * A handle for other threads of this process: `worker.postMessage(rec.share())`, or as its `workerData`, as often as needed.
   * @throws RerunError ERR_RERUN_SINK if recordings are written on this thread (`OTEL_RERUN_WRITER=inline`).
   */
  share(): RecordingHandle {
    return share(this[INTERNALS]);
  }

  /**
   * The recording of another thread, in this one. Rows of a thread stay in order; its end, or its `shutdown`, does not end the
   * recording, that of the thread that shared it does.
   * @throws RerunError ERR_RERUN_ARGUMENT if the handle is of another process, or if this thread has recorded to another writer.
   */
  static attach(handle: RecordingHandle): RecordingStream {
    const { applicationId, recordingId, attachedTo } = attachment(handle);
    return new RecordingStream(applicationId, { recordingId, attachedTo, sendProperties: false });
  }

  /** Sends a layout for viewers. */
  sendBlueprint(blueprint: LoggableBlueprint, options: BlueprintOptions = {}): void {
    sendBlueprint(this[INTERNALS], blueprint, options);
  }

  /**
   * Resolves when all that was logged before is in the sinks: for a file, handed to the operating system.
   * @throws RerunError ERR_RERUN_FLUSH_TIMEOUT when that takes longer, or ERR_RERUN_SINK when a sink cannot take it.
   */
  flush(options: FlushOptions = {}): Promise<void> {
    return flush(this[INTERNALS], options);
  }

  /**
   * Ends the recording: flushes, completes the files and closes all sinks, in 5 seconds at most unless told otherwise. Later rows
   * are dropped and counted. Harmless when repeated.
   *
   * A provider that was given the recording as its exporter calls this too, without options, and must not end what others
   * write to. So once spans were exported through it, the first call without options only ends the taking of spans and flushes;
   * a call with options (`{}` will do), or a second one, ends the recording.
   */
  shutdown(options?: FlushOptions): Promise<void> {
    return options === undefined && this.#spans.endedByProvider()
      ? this.flush()
      : close(this[INTERNALS], options ?? {});
  }

  /** Part of `SpanExporter`: takes finished spans of a foreign provider. Calls back exactly once and never throws. */
  export(spans: readonly unknown[], resultCallback: (result: ExportResult) => void): void {
    this.#spans.export(spans, resultCallback);
  }

  /** Part of `SpanExporter`: `flush()`. */
  forceFlush(): Promise<void> {
    return this.flush();
  }

  /** What was accepted, written and dropped, and how the sinks are. */
  stats(): RecordingStats {
    return stats(this[INTERNALS]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await close(this[INTERNALS], {});
  }

  toString(): string {
    return `RecordingStream(${this.applicationId}, ${this.recordingId}${this.enabled ? "" : ", disabled"})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const STATIC: LogOptions = { static: true };
