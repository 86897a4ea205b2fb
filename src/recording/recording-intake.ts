import { RecordingInfo, type RecordingInfoFields } from "../archetypes/generated/recording-info.ts";
import { RerunError } from "../errors.ts";
import { checkedOptions } from "../option-names.ts";
import type { Fate } from "../pipeline/command.ts";
import { RowFlag, type RowTimes } from "../pipeline/row-encoder.ts";
import type { Transport } from "../pipeline/transport.ts";
import { now as monotonicNow } from "../real-time.ts";
import { normalizeApplicationId } from "../rrd/application-id.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { StoreId } from "../rrd/store-id.ts";
import { batcherSettings } from "./batcher-settings.ts";
import { batchesOf, type ColumnsContent, columnBatchesOf, rowsOf, timeColumnsOf } from "./component-batches.ts";
import { type EntityPathInput, entityPathOf } from "./entity-path-input.ts";
import { Failures } from "./failures.ts";
import type { RecordingInternals, SpanWatcher } from "./internals.ts";
import { wrongColumnsOptions, wrongLogOptions } from "./log-options.ts";
import { installExitHooks } from "./process/exit-hooks.ts";
import { NO_TRANSPORT, processRowEncoder, processTransport } from "./process/process-pipeline.ts";
import { processState } from "./process/process-state.ts";
import { installSignalHooks } from "./process/signal-hooks.ts";
import { TELEMETRY_OPTIONS } from "./recording-option-names.ts";
import type { Loggable, LogOptions, RecordingStreamOptions } from "./recording-options.ts";
import type { RecordingStream } from "./recording-stream.ts";
import type { RecordingSink } from "./sinks/recording-sink.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";
import { RecordingTimes } from "./time/recording-times.ts";
import { NO_TIMES } from "./time/time-point.ts";

const STRICT: LogOptions = { strict: true };

/** Where the viewer looks for what is true of the whole recording. */
const PROPERTIES_PATH = "/__properties";

/** Nobody waits for a recording that settles; a reader of its pipe has so long. */
const SETTLE_MILLIS = 2000;

/**
 * One recording on the caller's side: its number, and the way of its rows into the transport.
 *
 *   new ──first row, record or sink──▶ open ──end──▶ closed          disabled: none of it ever happens
 *
 * Opening defines the recording, writes its properties and installs the exit hooks; until then it costs a few fields.
 */
export class RecordingIntake implements RecordingInternals {
  readonly no: number;
  storeId: StoreId;
  readonly isEnabled: boolean;
  readonly failures: Failures;
  readonly times: RecordingTimes;
  /** Where the rows go; until somebody has said so, they are buffered. */
  sinks: readonly RecordingSink[] = [];
  successor: (() => RecordingStream) | undefined;
  spanWatcher: SpanWatcher | undefined;

  readonly #recording: RecordingStream;
  readonly #options: RecordingStreamOptions;
  readonly #batcher: ReturnType<typeof batcherSettings>;
  readonly #startTime: Date | bigint;
  #transport: Transport | undefined;
  #isClosed = false;
  #onFirstRow: (() => void)[] | undefined = [];

  constructor(recording: RecordingStream, storeId: StoreId, isEnabled: boolean, options: RecordingStreamOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#batcher = batcherSettings(options.batcher);
    checkedOptions("telemetry", options.telemetry, TELEMETRY_OPTIONS);
    this.#startTime = options.startTime ?? new Date();
    this.no = processState().nextRecordingNo++;
    this.storeId = storeId;
    this.isEnabled = isEnabled;
    this.failures = new Failures(options.strict, recording.log, (path, warning) => {
      void this.transport;
      // at the times of the row that is warned about; static, the last warning would be the only one that a viewer shows
      this.#encode(path, this.times.next(path, this.failures.call?.time), warning.asComponentBatches());
    });
    this.times = new RecordingTimes(recording, isEnabled, this.failures);
  }

  get telemetryOptions(): TelemetryOptions | undefined {
    return this.#options.telemetry;
  }

  get hasSinks(): boolean {
    return this.sinks.length > 0;
  }

  rename(applicationId: string): boolean {
    if (this.isStarted) return false;
    this.storeId = { ...this.storeId, applicationId: normalizeApplicationId(applicationId) };
    return true;
  }

  writesTo(path: string): boolean {
    return this.sinks.some(({ plan }) => plan.target === path);
  }

  get isOpen(): boolean {
    return this.isEnabled && !this.#isClosed;
  }

  /** Rows, records or sinks were seen. */
  get isStarted(): boolean {
    return this.#transport !== undefined;
  }

  get transport(): Transport {
    return this.#transport !== undefined && this.#onFirstRow === undefined ? this.#transport : this.#startRows();
  }

  onFirstRow(callback: () => void): void {
    if (!this.isEnabled) return;
    if (this.#onFirstRow === undefined) callback();
    else this.#onFirstRow.push(callback);
  }

  log(path: EntityPathInput, entity: Loggable, options: LogOptions | undefined): void {
    if (!this.isEnabled) return;
    const { failures } = this;
    const outer = failures.call;
    failures.call = options;
    try {
      if (this.#isClosed) {
        this.#refuse(1);
        return;
      }
      if (options !== undefined) {
        const wrong = wrongLogOptions(options);
        if (wrong !== undefined) failures.report(wrong);
      }
      const entityPath = entityPathOf(path);
      const batches = batchesOf(entity);
      void this.transport;
      const times =
        options?.static === true ? this.times.nextStatic(options.time) : this.times.next(entityPath, options?.time);
      this.#encode(entityPath, times, batches);
    } catch (error) {
      this.#countUnencoded(1);
      failures.report(error);
    } finally {
      failures.call = outer;
    }
  }

  sendColumns(
    path: EntityPathInput,
    content: ColumnsContent,
    options: { readonly strict?: boolean } | undefined,
  ): void {
    if (!this.isEnabled) return;
    const { failures } = this;
    const outer = failures.call;
    failures.call = options;
    let rows = 0;
    try {
      const wrong = wrongColumnsOptions(content, options);
      const indexes = timeColumnsOf(content?.indexes);
      rows = indexes[0]?.values.length ?? 0;
      const columns = columnBatchesOf(content.columns);
      rows = rowsOf(indexes, columns);
      if (this.#isClosed) {
        this.#refuse(rows);
        return;
      }
      if (wrong !== undefined) failures.report(wrong);
      const times = indexes.map(({ timeline: { name, type }, values }) => ({
        timeline: this.times.timelines.timeline(name, type),
        values,
      }));
      // a column that does not fit must not go out as empty lists, which would clear the component in every row
      failures.call = STRICT;
      void this.transport;
      processRowEncoder().logColumns(this.no, entityPathOf(path), times, columns, rows);
    } catch (error) {
      failures.call = options;
      this.#countUnencoded(rows);
      failures.report(error);
    } finally {
      failures.call = outer;
    }
  }

  /** A partial update of the recording's own properties. */
  sendInfo(info: RecordingInfoFields): void {
    this.log(PROPERTIES_PATH, new RecordingInfo(info), { static: true });
  }

  /** Opens the recording without a row, for what concerns it as a whole: sinks, blueprints, questions. */
  open(): Transport {
    if (!this.isEnabled) return NO_TRANSPORT;
    if (this.#transport !== undefined) return this.#transport;
    const transport = processTransport();
    this.#transport = transport;
    const { batcher, telemetry, signals, sendProperties, recordingName, attachedTo, isHeld } = this.#options;
    if (batcher?.hooks !== undefined) processState().batcherHooks.set(this.no, batcher.hooks);
    transport.define({
      type: "recording",
      no: this.no,
      store: this.storeId,
      ...this.#batcher,
      ...(telemetry && { telemetry }),
      ...(isHeld && { isHeld }),
      ...(attachedTo !== undefined && { attachedTo }),
    });
    processState().openRecordings.add(this.#recording);
    installExitHooks();
    if (signals) installSignalHooks();
    if (sendProperties !== false) {
      // first of all, so that a viewer knows the name before anything else (C06)
      const info = new RecordingInfo({ startTime: this.#startTime, name: recordingName });
      this.#encode(PROPERTIES_PATH, NO_TIMES, info.asComponentBatches(), RowFlag.static);
    }
    return transport;
  }

  /** No more rows from now on. False if that was so already. */
  end(): boolean {
    if (!this.isOpen) return false;
    this.#isClosed = true;
    this.#onFirstRow = undefined;
    const state = processState();
    state.openRecordings.delete(this.#recording);
    state.rootTimes.set(this.#recording, NO_TIMES);
    return true;
  }

  settle(fate?: Fate): void {
    const { isStarted } = this;
    if (!this.end() || !isStarted) return;
    processRowEncoder().forgetRecording(this.no);
    this.open().post({ type: "close", recording: this.no, timeoutMillis: SETTLE_MILLIS, ...(fate && { fate }) });
  }

  #encode(
    entityPath: string,
    times: RowTimes,
    batches: readonly ComponentBatch[],
    flags: number = this.times.flags,
  ): void {
    processRowEncoder().logRow(this.no, entityPath, times, batches, monotonicNow(), flags);
  }

  /** Also the very first row may be one of these; without a transport the row's own error says so already. */
  #countUnencoded(rows: number): void {
    try {
      this.open().countDropped(this.no, "encode", rows);
    } catch {}
  }

  #refuse(rows: number): void {
    this.#transport?.countDropped(this.no, "closed", rows);
    this.failures.warn(
      new RerunError("ERR_RERUN_CLOSED", `${String(this.#recording)} was shut down; the row is dropped`),
    );
  }

  #startRows(): Transport {
    const transport = this.open();
    const callbacks = this.#onFirstRow;
    if (callbacks === undefined || !this.isEnabled) return transport;
    this.#onFirstRow = undefined;
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        this.failures.warn(error);
      }
    }
    return transport;
  }
}
