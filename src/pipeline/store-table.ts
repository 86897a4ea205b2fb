import { type StoreId, storeKey } from "../rrd/store-id.ts";
import type { FileSinkOptions } from "../sinks/file-sink.ts";
import type { LostMessage } from "../sinks/sink.ts";
import { SinkPool } from "../sinks/sink-pool.ts";
import type { RowContext } from "./accumulator.ts";
import { BatcherConfig, resolveBatcherConfig } from "./batcher-config.ts";
import { Counters } from "./counters.ts";
import { Output } from "./output.ts";
import type { Definition } from "./record.ts";
import { RowIds } from "./row-ids.ts";
import { Store } from "./store.ts";
import type { RecordingStats } from "./transport.ts";

export interface StoreTableOptions {
  readonly context: RowContext;
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
  /** Told why rows were lost. */
  readonly onError: (error: unknown) => void;
  readonly files: FileSinkOptions | undefined;
}

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
  readonly #options: StoreTableOptions;
  readonly #chunkIds: RowIds;
  readonly #recordings = new Map<number, Store>();
  readonly #stores = new Set<Store>();
  readonly #closed = new Map<number, Counters>();

  constructor(options: StoreTableOptions) {
    this.#options = options;
    this.#chunkIds = new RowIds(options.context.clock, options.random);
    this.pool = new SinkPool((lost) => this.#lost(lost), options.files);
  }

  /** All of them, those that have no number included. */
  get all(): Iterable<Store> {
    return this.#stores;
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

  statsOf(no: number): RecordingStats | undefined {
    const store = this.#recordings.get(no);
    return store === undefined ? this.#closed.get(no)?.snapshot([]) : this.stats(store);
  }

  stats(store: Store): RecordingStats {
    return store.counters.snapshot(store.output.statuses);
  }

  outputs(): ReadonlySet<Output> {
    const outputs = new Set<Output>();
    for (const { output } of this.#stores) outputs.add(output);
    return outputs;
  }

  define({ no, store: id, batcher, sinksOf, telemetry }: Definition & { readonly type: "recording" }): void {
    const counters = new Counters();
    const output =
      (sinksOf === undefined ? undefined : this.#recordings.get(sinksOf)?.output) ??
      new Output(this.pool, no, ({ rows }) => counters.lose("overflow", rows));
    this.#recordings.set(no, this.#open(id, output, counters, batcher, telemetry));
  }

  openBeside(id: StoreId, beside: Store): Store {
    return this.#open(id, beside.output, beside.counters, beside.explicitConfig, undefined);
  }

  /** The store gets no more rows. */
  forget(store: Store): void {
    this.#stores.delete(store);
  }

  flush(output: Output): void {
    for (const { processor } of this.#storesOf(output)) processor.flushAll();
  }

  /** Sink defaults may have changed; what the user set stays (C09). */
  configure(output: Output): void {
    for (const store of this.#storesOf(output)) {
      store.processor.config = this.#config(store.explicitConfig, output);
    }
  }

  /** All rows have been flushed. The sinks go with the recording they were set for. */
  close(no: number): void {
    const store = this.#recordings.get(no);
    if (store === undefined) return;
    if (!store.isAnnounced) store.sendInfo(); // a recording without rows
    this.#forgetRecording(no, store);
    if (store.output.owner !== no) return;
    for (const [other, { output }] of this.#recordings) {
      if (output === store.output) this.#forgetRecording(other, this.#recordings.get(other) as Store);
    }
    for (const other of this.#storesOf(store.output)) this.#stores.delete(other);
    store.output.close();
  }

  #open(
    id: StoreId,
    output: Output,
    counters: Counters,
    explicitConfig: Partial<BatcherConfig> | undefined,
    telemetry: unknown,
  ): Store {
    const store = new Store({
      id,
      output,
      counters,
      explicitConfig,
      telemetry,
      config: this.#config(explicitConfig, output),
      context: this.#options.context,
      nextChunkId: () => this.#nextChunkId(),
      onError: this.#options.onError,
    });
    this.#stores.add(store);
    return store;
  }

  #forgetRecording(no: number, store: Store): void {
    this.#recordings.delete(no);
    this.#stores.delete(store);
    this.#closed.set(no, store.counters);
    if (this.#closed.size > MAX_CLOSED) this.#closed.delete(this.#closed.keys().next().value as number);
  }

  #config(explicit: Partial<BatcherConfig> | undefined, output: Output): BatcherConfig {
    const { environment, onWarning } = this.#options;
    const sinkDefault = output.isLive ? BatcherConfig.lowLatency : BatcherConfig.default;
    return resolveBatcherConfig(explicit, sinkDefault, environment, onWarning);
  }

  #storesOf(output: Output): readonly Store[] {
    return [...this.#stores].filter((store) => store.output === output);
  }

  #nextChunkId(): Uint8Array {
    const id = new Uint8Array(16);
    this.#chunkIds.put(new DataView(id.buffer), 0, this.#options.context.clock.now());
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
