import { type StoreId, storeKey } from "../rrd/store-id.ts";
import { setBounded } from "../set-bounded.ts";
import { BufferBudget } from "../sinks/buffer-budget.ts";
import type { FileSinkOptions } from "../sinks/file/file-sink-options.ts";
import type { LostMessage, Patience } from "../sinks/sink.ts";
import { SinkPool } from "../sinks/sink-pool.ts";
import type { BatchProcessor } from "./batch-processor.ts";
import { BatcherConfig, resolveBatcherConfig, saysTick } from "./batcher-config.ts";
import { BatcherEvents, type OnBatcherEvents } from "./batcher-hooks.ts";
import type { Clock } from "./clock.ts";
import { Counters } from "./counters.ts";
import type { JournaledRows } from "./journal/journal.ts";
import { JournalTable } from "./journal/journal-table.ts";
import { Output } from "./output.ts";
import { type Definition, threadOf } from "./record.ts";
import type { DropReason, PendingRows, RecordingStats } from "./recording-stats.ts";
import { RowIds } from "./row-ids.ts";
import { SeenEntities } from "./seen-entities.ts";
import { type Cadence, Store, type StoreOptions } from "./store.ts";

export interface StoreTableOptions {
  readonly clock: Clock;
  readonly rowIds: RowIds;
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
  /** Called with every chunk. */
  readonly onProgress: (() => void) | undefined;
  /** Told why rows were lost. */
  readonly onError: (error: unknown) => void;
  readonly files: FileSinkOptions | undefined;
  /** Tells threads of what they want to hear. */
  readonly onBatcherEvents: OnBatcherEvents | undefined;
}

export interface EndedRecording {
  readonly no: number;
  /** It was another thread's part of a recording, which goes on. */
  readonly partOf?: Output;
}

/** Of all recordings that are held in memory until their end (I7). */
const MAX_HELD_BYTES = 256 << 20;

/** Closed recordings whose counters can still be asked for. */
const MAX_CLOSED = 1024;

/**
 * The stores a writer has open, and what they share.
 *
 *   recording 1 ──┬─▶ Output ─▶ sinks          stores beside a recording (notable traces, blueprints) write to its sinks,
 *     store beside┘                            and end with it
 */
export class StoreTable {
  readonly pool: SinkPool;
  /** How long the records read last had waited, in milliseconds. */
  lagMillis = 0;
  readonly #journals: JournalTable;
  readonly #options: StoreTableOptions;
  readonly #chunkIds: RowIds;
  readonly #heldBytes = new BufferBudget(MAX_HELD_BYTES);
  readonly #recordings = new Map<number, Store>();
  readonly #stores = new Set<Store>();
  readonly #closed = new Map<number, Counters>();
  #ended: EndedRecording[] | undefined;
  /** Numbers under which other threads write to a recording. */
  readonly #attached = new Set<number>();

  constructor(options: StoreTableOptions) {
    this.#options = options;
    const { clock, rowIds } = options;
    this.#chunkIds = new RowIds(clock, options.random);
    this.#journals = new JournalTable({
      clock,
      rowIds,
      maxBytes: options.files?.journalBytes,
      rowsOf: (path) => this.#rowsOf(path),
      onChange: (path, error) => this.#journalChanged(path, error),
    });
    this.pool = new SinkPool((lost) => this.#lost(lost), options.files);
  }

  /** All of them, those that have no number included. */
  get all(): Iterable<Store> {
    return this.#stores;
  }

  /** By their numbers. */
  get recordings(): ReadonlyMap<number, Store> {
    return this.#recordings;
  }

  get recordingNumbers(): readonly number[] {
    return [...this.#recordings.keys()];
  }

  recording(no: number): Store | undefined {
    return this.#recordings.get(no);
  }

  /** Those of a recording that is open or was so lately. */
  countersOf(no: number): Counters | undefined {
    return this.#recordings.get(no)?.counters ?? this.#closed.get(no);
  }

  /** Counts rows that were refused; false if the recording is not known. */
  drop(recording: number, reason: DropReason, rows: number): boolean {
    const counters = this.countersOf(recording);
    if (counters === undefined) return false;
    counters.rowsAccepted += rows;
    counters.drop(reason, rows);
    return true;
  }

  statsOf(no: number): RecordingStats | undefined {
    const store = this.#recordings.get(no);
    return store === undefined ? this.#closed.get(no)?.snapshot([]) : this.stats(store);
  }

  stats(store: Store): RecordingStats {
    return store.counters.snapshot(store.output.statuses, this.#pendingOf(store.counters));
  }

  outputs(): ReadonlySet<Output> {
    const outputs = new Set<Output>();
    for (const { output } of this.#stores) outputs.add(output);
    return outputs;
  }

  /** `base` is added to the numbers of the definition. */
  define(definition: Definition & { readonly type: "recording" }, base: number): void {
    const { store: id, batcher, sinksOf, telemetry, hooks } = definition;
    const no = definition.no + base;
    if (this.#recordings.has(no)) return;
    if (definition.attachedTo !== undefined) {
      const attached = this.#recordings.get(definition.attachedTo);
      if (attached === undefined) return;
      this.#recordings.set(no, attached);
      this.#attached.add(no);
      return;
    }
    const counters = new Counters();
    const output =
      (sinksOf === undefined ? undefined : this.#recordings.get(sinksOf + base)?.output) ??
      new Output({
        pool: this.pool,
        owner: no,
        onLost: ({ rows }, reason) => counters.lose(reason, rows),
        journals: this.#journals,
        ...(definition.isHeld === true && { budget: this.#heldBytes }),
      });
    const { onBatcherEvents } = this.#options;
    const events = hooks && onBatcherEvents && new BatcherEvents(no, hooks, onBatcherEvents);
    const seen = id.kind === "recording" ? new SeenEntities() : undefined;
    this.#recordings.set(no, this.#open(id, output, counters, batcher, { telemetry, events, entities: seen }));
  }

  /** Tells what happened since the last time. */
  settleEvents(recording?: number): void {
    if (recording !== undefined) this.recording(recording)?.events?.settle();
    else for (const { events } of this.#stores) events?.settle();
  }

  openBeside(id: StoreId, beside: Store): Store {
    return this.#open(id, beside.output, beside.counters, beside.explicitConfig);
  }

  /** The store gets no more rows. */
  forget(store: Store): void {
    this.#stores.delete(store);
  }

  flush(output: Output): void {
    for (const store of this.#storesOf(output)) store.flushAll();
  }

  flushAll(): void {
    for (const output of this.outputs()) this.flush(output);
  }

  /** Where a recording is written to; all outputs without one. */
  outputsOf(recording: number | undefined): Iterable<Output> {
    if (recording === undefined) return this.outputs();
    const store = this.recording(recording);
    return store === undefined ? [] : [store.output];
  }

  /** Sink defaults may have changed; what the user set stays (C09). */
  configure(output: Output): void {
    for (const store of this.#storesOf(output)) store.setCadence(this.#cadence(store.explicitConfig, output));
  }

  /** Telemetry has come: from now on the rows of the recording's files are kept safe. */
  openJournals(output: Output): void {
    this.flush(output);
    output.openJournals();
  }

  /** All rows have been flushed. The sinks go with the recording they were set for; returns the first error of theirs. */
  close(no: number, patience?: Patience, isDiscarded = false): Error | undefined {
    const store = this.#recordings.get(no);
    if (store === undefined) return undefined;
    if (this.#attached.delete(no)) {
      this.#recordings.delete(no);
      this.#ended?.push({ no, partOf: store.output });
      this.#forgetPaths(store, threadOf(no));
      return undefined;
    }
    if (!store.isAnnounced && !isDiscarded) store.sendInfo(); // a recording without rows
    if (store.output.owner !== no) {
      this.#forgetRecording(no, store);
      return undefined;
    }
    // first, so that what a sink gives up now is counted
    const error = store.output.close(patience);
    for (const [other, { output }] of this.#recordings) {
      if (output === store.output) this.#forgetRecording(other, this.#recordings.get(other) as Store);
    }
    for (const other of this.#storesOf(store.output)) this.#stores.delete(other);
    return error;
  }

  /**
   * Writes a recording that was held to a new file, readable by its owner only (I12).
   * @throws as `node:fs`; its rows are lost then, and counted.
   */
  keep({ output }: Store, path: string): void {
    output.setSinks([this.pool.create(path)]);
  }

  /** Forgets a recording that was held; nothing of it is written, and that is no loss. */
  discard(no: number): void {
    this.#recordings.get(no)?.output.discard();
    this.close(no, undefined, true);
  }

  /** No row waits in memory for one of the output's files. */
  isSafe(output: Output): boolean {
    if (output.files.length === 0) return true;
    return this.#storesOf(output).every(({ processor }) => processor.isEmpty);
  }

  /** Recordings that ended since the last call. The first one begins it: nobody asks where no other writer can follow. */
  takeEnded(): readonly EndedRecording[] {
    const ended = this.#ended ?? [];
    this.#ended = [];
    return ended;
  }

  /** It is another thread's part of a recording. */
  isAttached(no: number): boolean {
    return this.#attached.has(no);
  }

  #open(
    id: StoreId,
    output: Output,
    counters: Counters,
    explicitConfig: Partial<BatcherConfig> | undefined,
    { telemetry, events, entities }: Partial<Pick<StoreOptions, "telemetry" | "events" | "entities">> = {},
  ): Store {
    const store = new Store({
      id,
      output,
      counters,
      explicitConfig,
      telemetry,
      events,
      entities,
      ...this.#cadence(explicitConfig, output),
      context: { clock: this.#options.clock, rowIds: this.#options.rowIds },
      nextChunkId: () => this.#nextChunkId(),
      onError: this.#options.onError,
    });
    this.#stores.add(store);
    return store;
  }

  /** A thread's part of a recording ended. Its numbers are those of all its parts of it. */
  #forgetPaths(store: Store, thread: number): void {
    for (const [no, other] of this.#recordings) if (other === store && threadOf(no) === thread) return;
    const { paths } = store;
    for (const path of paths.keys()) if (threadOf(path) === thread) paths.delete(path);
  }

  #forgetRecording(no: number, store: Store): void {
    this.#recordings.delete(no);
    this.#stores.delete(store);
    store.events?.add({ hook: "end" });
    this.#ended?.push({ no });
    setBounded(this.#closed, no, store.counters, MAX_CLOSED);
  }

  #cadence(explicit: Partial<BatcherConfig> | undefined, output: Output): Cadence {
    const { environment, onWarning } = this.#options;
    const resolve = (sinkDefault: BatcherConfig): BatcherConfig =>
      resolveBatcherConfig(explicit, sinkDefault, environment, onWarning);
    return {
      config: resolve(output.isLive ? BatcherConfig.lowLatency : BatcherConfig.default),
      mayJoin: !saysTick(explicit, environment),
      live: output.isMixed ? resolve(BatcherConfig.lowLatency) : undefined,
    };
  }

  /** Of all stores that count together. */
  #pendingOf(counters: Counters): PendingRows {
    const now = this.#options.clock.now();
    let rows = 0;
    let bytes = 0;
    let since = now;
    for (const { counters: own, processor } of this.#stores) {
      if (own !== counters) continue;
      rows += processor.pendingRows;
      bytes += processor.pendingBytes;
      since = Math.min(since, processor.oldestSince ?? now);
    }
    return { rows, bytes, ageMillis: now - since, lagMillis: this.lagMillis };
  }

  #rowsOf(path: string): JournaledRows {
    const processors = (): readonly BatchProcessor[] =>
      [...this.#stores].flatMap(({ output, processor }) => (output.writesTo(path) ? [processor] : []));
    return {
      oldestRow: () => Math.min(...processors().map(({ oldestRow }) => oldestRow)),
      flushBefore: (row) => {
        for (const processor of processors()) processor.flushBefore(row);
      },
    };
  }

  #journalChanged(path: string, error: Error | undefined): void {
    for (const output of this.outputs()) if (output.writesTo(path)) output.refreshPolicy();
    if (error === undefined) return;
    this.#options.onWarning(
      `the journal of ${path} cannot be written, so a killed process may lose more than its last tick: ${error.message}`,
    );
  }

  #storesOf(output: Output): readonly Store[] {
    return [...this.#stores].filter((store) => store.output === output);
  }

  #nextChunkId(): Uint8Array {
    this.#options.onProgress?.();
    const id = new Uint8Array(16);
    this.#chunkIds.put(new DataView(id.buffer), 0, this.#options.clock.now());
    return id;
  }

  /** A message that a sink took is lost. With several sinks another one may have it, so only the sink counts it. */
  #lost({ store: id, rows }: LostMessage): void {
    const key = storeKey(id);
    for (const { id: other, output, counters } of this.#stores) {
      if (output.sinkCount === 1 && storeKey(other) === key) {
        counters.lose("sink", rows);
        return;
      }
    }
  }
}
