import type { Span, SpanOptions } from "@opentelemetry/api";
import { checkedOptions } from "../option-names.ts";
import type { RecordingStats } from "../pipeline/recording-stats.ts";
import { normalizeApplicationId } from "../rrd/application-id.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ArrowInput } from "../rrd/reader/arrow-table.ts";
import type { StoreId } from "../rrd/store-id.ts";
import { close, type FlushResult, flush, stats } from "./barriers.ts";
import type { LoggableBlueprint } from "./blueprint/blueprint.ts";
import { checkFunction, isRecording } from "./checked-arguments.ts";
import { type ColumnsContent, checkedBatches } from "./component-batches.ts";
import { setGlobalDataRecording, setThreadLocalDataRecording } from "./context/active-recording.ts";
import { bindTarget } from "./context/bound-target.ts";
import { activateScope, type RecordingScope, withScope } from "./context/scope.ts";
import { WeakRecording } from "./context/weak-recording.ts";
import type { EntityPathInput } from "./entity-path-input.ts";
import { type ChunksInput, copyChunks, copyTable } from "./import/chunk-copies.ts";
import { copyDataFrame, type DataFrameInput } from "./import/data-frame.ts";
import { importFile, type LogFileOptions } from "./import/file-import.ts";
import type { RecordBatchOptions } from "./import/record-batch.ts";
import { INTERNALS } from "./internals.ts";
import { wrongLogOptions } from "./log-options.ts";
import { environmentSwitch } from "./process/environment.ts";
import { attachment, type RecordingHandle, share } from "./process/share.ts";
import {
  type LogRecordExporter,
  logRecordExporter,
  type MetricExporter,
  type MetricExporterOptions,
  metricExporter,
} from "./process/signal-exporters.ts";
import { newRecordingId } from "./recording-id.ts";
import { RecordingIntake } from "./recording-intake.ts";
import { RECORDING_OPTIONS, SINK_OPTIONS } from "./recording-option-names.ts";
import type {
  BlueprintOptions,
  ConnectGrpcOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  RecordingStreamOptions,
  SaveOptions,
  ServedRecording,
  ServeGrpcOptions,
  SinkOptions,
} from "./recording-options.ts";
import type { BinaryStream, BinaryStreamOptions } from "./sinks/binary-stream.ts";
import { MemoryRecording } from "./sinks/memory-recording.ts";
import type { RecordingSink } from "./sinks/recording-sink.ts";
import type { SinkHandle } from "./sinks/sink-handle.ts";
import {
  addSink,
  connectToGrpc,
  disconnect,
  finalize,
  openBinaryStream,
  saveToFile,
  sendBlueprint,
  serveOverGrpc,
  setSinks,
  writeToStdout,
  writeToStream,
} from "./sinks/sinks-of-recording.ts";
import { type SpawnedViewer, type SpawnOptions, spawnViewer } from "./sinks/spawn-viewer.ts";
import type { NodeWritable, ToStreamOptions } from "./sinks/stream-sink.ts";
import { serveWebViewer, type WebViewer, type WebViewerOptions } from "./sinks/web-viewer.ts";
import { runInSpan, runWithoutSpan } from "./span.ts";
import { type ExportResult, SpanIntake } from "./span-intake.ts";
import type { TimeMap, TimeValue } from "./time/time-value.ts";

/**
 * A recording: everything that is logged to it, in the order in which it was logged, ends up in the sinks that were set.
 *
 *   const rec = new RecordingStream("shop");
 *   rec.save("shop.rrd");
 *   rec.setTime("frame", { sequence: 42 });
 *   rec.log("world/points", new Points3D(positions));
 *
 * Logging calls never throw, wait or keep the process alive (I1): what cannot be recorded is warned about once per mistake and line,
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
   * @throws RerunError ERR_RERUN_APPLICATION_ID if it is empty; ERR_RERUN_ARGUMENT for an option that there is not; with `sinks`, as
   * `setSinks`.
   */
  constructor(applicationId: string, options: RecordingStreamOptions = {}) {
    options = checkedOptions("RecordingStream", options, RECORDING_OPTIONS);
    const { recordingId = newRecordingId(), defaultEnabled = true } = options;
    const storeId = { kind: "recording", applicationId: normalizeApplicationId(applicationId), recordingId } as const;
    const isEnabled = options.enabled ?? environmentSwitch("RERUN") ?? defaultEnabled;
    this[INTERNALS] = new RecordingIntake(this, storeId, isEnabled, options);
    this.#spans = new SpanIntake(this);
    if (options.makeGlobal) setGlobalDataRecording(this);
    if (options.makeThreadDefault) setThreadLocalDataRecording(this);
    if (options.sinks !== undefined) setSinks(this[INTERNALS], options.sinks);
  }

  /** One that takes every call and does nothing. */
  static disabled(): RecordingStream {
    return new RecordingStream("disabled", { enabled: false });
  }

  /** Writes to a recording that is there already: one that was read, or that another process has. */
  static fromStoreId(
    storeId: Pick<StoreId, "applicationId" | "recordingId">,
    options: Omit<RecordingStreamOptions, "recordingId"> = {},
  ): RecordingStream {
    const { applicationId, recordingId } = storeId ?? {};
    return new RecordingStream(applicationId, { ...options, recordingId });
  }

  /** Works for recordings made by another copy of the package too. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return isRecording(value);
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

  setLogTimeEnabled(enabled: boolean): void {
    this.logTimeEnabled = enabled;
  }

  setLogTickEnabled(enabled: boolean): void {
    this.logTickEnabled = enabled;
  }

  /** Logs one row: at the times that are set, or static. */
  log(entityPath: EntityPathInput, entity: Loggable, options?: LogOptions): void {
    this[INTERNALS].log(entityPath, entity, options);
  }

  /** Logs one row, strictly, and says what is wrong with it instead of throwing it. Undefined: nothing. */
  tryLog(entityPath: EntityPathInput, entity: Loggable, options?: LogOptions): unknown {
    const wrong = wrongLogOptions(options);
    if (wrong !== undefined) return wrong;
    try {
      this.log(entityPath, entity, { ...options, strict: true });
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Logs component batches as one row, for those who make them without an archetype. */
  logBatches(entityPath: EntityPathInput, batches: readonly ComponentBatch[], options?: LogOptions): void {
    this.log(entityPath, { asComponentBatches: () => checkedBatches(batches) }, options);
  }

  /**
   * Logs many rows at once; all columns have one value (or list of values) a row. Nothing is added to the times of `indexes`;
   * without an index the rows are static.
   */
  sendColumns(entityPath: EntityPathInput, content: ColumnsContent, options?: { readonly strict?: boolean }): void {
    this[INTERNALS].sendColumns(entityPath, content, options);
  }

  /**
   * Sends chunks of other recordings as chunks of this one; their entity paths, times and row ids stay, and nothing is added.
   * @throws RerunError ERR_RERUN_DATA for what is no chunk, ERR_RERUN_FORMAT where a file is damaged.
   */
  sendChunks(chunks: ChunksInput): Promise<void> {
    return copyChunks(this[INTERNALS], chunks);
  }

  /**
   * Sends the rows of an Arrow table: an IPC stream, or a table of apache-arrow or flechette. Column metadata of Rerun, or names such
   * as `/path:component`, say whose they are.
   * @throws RerunError ERR_RERUN_ARGUMENT, ERR_RERUN_TIMELINE or ERR_RERUN_DATA for what cannot be understood.
   */
  sendRecordBatch(batch: ArrowInput, options: RecordBatchOptions = {}): Promise<void> {
    return copyTable(this[INTERNALS], batch, options);
  }

  /**
   * The same for data frames: what has `toArrow` (arquero), and record batches that come one by one (readers of apache-arrow, DuckDB).
   * @throws as `sendRecordBatch`
   */
  sendDataFrame(frame: DataFrameInput, options: RecordBatchOptions = {}): Promise<void> {
    return copyDataFrame(this[INTERNALS], frame, options);
  }

  /**
   * Logs a file: `.rrd` and `.rbl` as part of this recording, texts, images, models, videos and sounds as the archetype that carries
   * them, at the entity that has the path of the file. Rejects in strict mode only.
   */
  logFile(path: string | URL, options: LogFileOptions = {}): Promise<void> {
    return importFile(this[INTERNALS], path, undefined, options);
  }

  /** The same for contents that are here already; `name` says of what type they are, and where they go. */
  logFileFromContents(name: string, contents: Uint8Array, options: LogFileOptions = {}): Promise<void> {
    return importFile(this[INTERNALS], name, contents, options);
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
   * began, and those begun inside it from now on. Another kind of time than the timeline had is warned about, and counts.
   *
   * @throws RerunError ERR_RERUN_TIMELINE in strict mode, for what is no time, and for a name that no timeline can have
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

  /**
   * Calls `fn` in a scope of this recording with those times set: what `fn` logs, also later on, has them, and nothing else does.
   */
  withTime<T>(times: TimeMap, fn: () => T): T {
    checkFunction("withTime", fn);
    return withScope(this, () => {
      for (const timeline of Object.keys(times ?? {})) this.setTime(timeline, times[timeline] as TimeValue);
      return fn();
    });
  }

  /**
   * Calls `fn` with this recording as the active one, also for all that `fn` starts. Returns or throws what `fn` does.
   * @throws RerunError ERR_RERUN_ARGUMENT if it is no function
   */
  with<T>(fn: () => T): T {
    checkFunction("with", fn);
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
   * Ties what is called from elsewhere to this recording, and to the times and the OpenTelemetry context of here and now: a function
   * (one that makes a generator, too), the listeners that an event emitter gets from now on, or an iterator, sync or async.
   */
  bind<T>(target: T): T {
    return bindTarget(this, target);
  }

  /**
   * Calls `fn` in a span, with this recording as the active one. The span ends with `fn` or its promise; an error is recorded as
   * an exception of the span and thrown on.
   *
   * @throws RerunError ERR_RERUN_ARGUMENT if it is no function
   */
  span<T>(name: string, fn: (span: Span) => T): T;
  span<T>(name: string, options: SpanOptions, fn: (span: Span) => T): T;
  span<T>(name: string, ...rest: [(span: Span) => T] | [SpanOptions, (span: Span) => T]): T {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest;
    checkFunction("span", fn);
    return this.enabled ? runInSpan(this, name, options, fn) : withScope(this, () => runWithoutSpan(fn));
  }

  /**
   * Writes to a file from now on, what was logged before included. The file is made, or emptied, at once. Replaces other sinks.
   * @throws RerunError ERR_RERUN_FILE if the path is a folder or cannot be written; ERR_RERUN_ARGUMENT for what is no path, and for an
   * option that is wrong or that there is not; ERR_RERUN_CLOSED after `shutdown`.
   */
  save(path: string | URL, options: SaveOptions = {}): void {
    saveToFile(this[INTERNALS], path, options);
  }

  /** Keeps everything in memory, what was logged before included. Replaces other sinks. */
  memoryRecording(): MemoryRecording {
    return new MemoryRecording(this[INTERNALS]);
  }

  /** Gives everything as bytes to the program, what was logged before included. Replaces other sinks. */
  binaryStream(options: BinaryStreamOptions = {}): BinaryStream {
    return openBinaryStream(this[INTERNALS], options);
  }

  /**
   * Writes everything to the standard output: `node app.js | rerun -`. Replaces other sinks. A terminal gets nothing: there is a
   * warning, and the rows wait for another sink.
   */
  stdout(options: SinkOptions = {}): void {
    writeToStdout(this[INTERNALS], options);
  }

  /**
   * Writes everything to a stream of Node's or the web's, what was logged before included, as slowly as that one takes it. Replaces
   * other sinks.
   * @throws RerunError ERR_RERUN_ARGUMENT for what is no stream
   */
  toStream(stream: NodeWritable | WritableStream<Uint8Array>, options: ToStreamOptions & SinkOptions = {}): void {
    writeToStream(this[INTERNALS], stream, options);
  }

  /**
   * Sends everything to a viewer or proxy, `rerun+http://127.0.0.1:9876/proxy` unless told otherwise, what was logged before
   * included. Replaces other sinks. Nobody has to be there yet: rows wait, and no call does. When the viewer is restarted it gets
   * the layout, what is true at all times and the last of the rest once more.
   *
   * The process does not stay alive for it. When it ends, a viewer that was reached gets what is left, 2 seconds at most.
   *
   * @throws RerunError ERR_RERUN_ARGUMENT if the URL is none of a proxy; ERR_RERUN_CLOSED after `shutdown`.
   */
  connectGrpc(url?: string, options: ConnectGrpcOptions = {}): void {
    connectToGrpc(this[INTERNALS], url, options);
  }

  /**
   * Serves everything to viewers that connect, native ones and those in browsers, as long as the recording has this sink. Replaces
   * other sinks once it serves. The process does not stay alive for it.
   *
   * @throws RerunError ERR_RERUN_ARGUMENT if the port is taken, or an option is wrong.
   */
  serveGrpc(options: ServeGrpcOptions = {}): Promise<ServedRecording> {
    return serveOverGrpc(this[INTERNALS], options);
  }

  /**
   * Starts the native viewer, `rerun` in PATH, and sends everything to it; one that listens on the port already is used. Without such a
   * program the recording is served, and shown in the browser by `serveWebViewer`. The viewer stays when the process ends.
   *
   * @returns undefined for a disabled recording
   * @throws RerunError ERR_RERUN_SINK if the viewer does not come up; ERR_RERUN_MISSING_PEER if there is none of either kind.
   */
  spawn(options: SpawnOptions = {}): Promise<SpawnedViewer | undefined> {
    return spawnViewer(this[INTERNALS], options);
  }

  /**
   * Serves the official viewer as a page on 127.0.0.1, from the optional package `@rerun-io/web-viewer`. It reads from `connectTo`;
   * without that, from what `serveGrpc` serves of this recording. The process does not stay alive for it.
   *
   * @throws RerunError ERR_RERUN_MISSING_PEER without that package; ERR_RERUN_ARGUMENT for a port that is taken, or a bad URL.
   */
  serveWebViewer(options: WebViewerOptions = {}): Promise<WebViewer> {
    const served = this[INTERNALS].sinks.find(({ plan }) => plan.isServed);
    return serveWebViewer(served === undefined ? options : { connectTo: String(served), ...options });
  }

  /**
   * Writes to all these from now on, what was logged before the first sink included. Replaces other sinks. Each has a queue of its
   * own: what one cannot take, or takes slowly, is no matter of the others.
   *
   * @throws RerunError ERR_RERUN_ARGUMENT if two of them go to the same place; what opening one of them throws.
   */
  setSinks(sinks: readonly RecordingSink[], options: SinkOptions = {}): void {
    setSinks(this[INTERNALS], sinks, checkedOptions("setSinks", options, SINK_OPTIONS));
  }

  /** The same with one. */
  setSink(sink: RecordingSink, options: SinkOptions = {}): void {
    this.setSinks([sink], options);
  }

  /** Writes to this too, from now on, until its handle removes it. @throws as `setSinks`. */
  addSink(sink: RecordingSink): SinkHandle {
    return addSink(this[INTERNALS], sink);
  }

  /** Completes and closes the sinks; what is logged later waits for new ones. */
  disconnect(): Promise<void> {
    return disconnect(this[INTERNALS]);
  }

  /**
   * Completes the files, which get their footers, and leaves them; other sinks stay. When there is none, what is logged later waits for
   * new ones. `await using` and `shutdown` do so too, and end the recording.
   */
  finalize(): Promise<void> {
    return finalize(this[INTERNALS]);
  }

  /** A reference that does not keep the recording. */
  weak(): WeakRecording {
    return new WeakRecording(this);
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

  /** Sends a layout for viewers. @throws RerunError ERR_RERUN_ARGUMENT for what is none: a view becomes one by `new Blueprint(view)`. */
  sendBlueprint(blueprint: LoggableBlueprint, options: BlueprintOptions = {}): void {
    sendBlueprint(this[INTERNALS], blueprint, options);
  }

  /**
   * Resolves when all that was logged before is in the sinks: for a file, handed to the operating system. Says of each sink what it
   * could not take; the error does too (`FlushError`), since one sink that fails is no matter of the others.
   * @throws RerunError ERR_RERUN_FLUSH_TIMEOUT when that takes longer, or ERR_RERUN_SINK when a sink cannot take it.
   */
  flush(options: FlushOptions = {}): Promise<FlushResult> {
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
      ? this.forceFlush()
      : close(this[INTERNALS], options ?? {});
  }

  /** Part of `SpanExporter`: takes finished spans of a foreign provider. Calls back exactly once and never throws. */
  export(spans: readonly unknown[], resultCallback: (result: ExportResult) => void): void {
    this.#spans.export(spans, resultCallback);
  }

  /** Part of `SpanExporter`: `flush()`. */
  async forceFlush(): Promise<void> {
    await this.flush();
  }

  /** This recording as the exporter of a log SDK: `new BatchLogRecordProcessor({ exporter: rec.logRecordExporter() })`. */
  logRecordExporter(): LogRecordExporter {
    return logRecordExporter(this);
  }

  /**
   * This recording as the exporter of a metrics SDK: `new PeriodicExportingMetricReader({ exporter: rec.metricExporter() })`.
   * Metrics carry no context: all of a reader's go to one recording.
   */
  metricExporter(options: MetricExporterOptions = {}): MetricExporter {
    return metricExporter(this, options);
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
