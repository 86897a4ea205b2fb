import type { ByteReader } from "../bytes/byte-reader.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import type { StoreId } from "../rrd/store-id.ts";
import type { Timeline } from "../rrd/timeline.ts";
import type { RecordKind } from "./record.ts";
import type { RecordingStats } from "./recording-stats.ts";

/**
 * Turns telemetry records into rows, on the writer's side. Implemented by `src/telemetry/` and put together with the pipeline
 * by `src/writer-entry.ts`, so the pipeline knows nothing of spans.
 */
export interface Expander {
  /** A recording was defined with these telemetry options. */
  open(recording: StoreHandle, options: unknown): void;
  /** A `telemetry` definition of that recording. */
  define(recording: StoreHandle, value: unknown): void;
  /** One record of kind spanStart, spanEnd, log or metric; `reader` stands behind the record's header. */
  record(recording: StoreHandle, kind: RecordKind, reader: ByteReader): void;
  /** Called about every tick. `nowNanos` = wall clock. */
  tick(nowNanos: bigint): void;
  /** A copy is about to be made of what is held: the summary is written as of now. */
  summarize(): void;
  /** The recording ends: what is still open is written (summary, undecided traces). */
  close(recording: StoreHandle): void;
  /** The recording is given up: nothing of it is written. */
  forget(recording: StoreHandle): void;
}

/** A store the writer has open. Identity matters, the members are for reading. */
export interface StoreHandle {
  readonly id: StoreId;
  /** Viewers have heard of the store, and chosen a layout for it if there was none. */
  readonly isAnnounced: boolean;
}

export interface TimeCell {
  readonly timeline: Timeline;
  /** Nanoseconds, or a sequence number. */
  readonly value: bigint;
}

/** Entity paths, each with the archetypes of its rows; `version` grows with them. */
export interface EntityArchetypes extends Iterable<readonly [entityPath: string, archetypes: ReadonlySet<string>]> {
  readonly version: number;
}

/** What an expander may do. Every row it logs takes the same way as a user's row, from the accumulators on. */
export interface ExpanderHost {
  /** Opens a further store that writes to the sinks of `beside` (request recordings, blueprints); store info goes out with the first chunk. */
  openStore(id: StoreId, beside: StoreHandle): StoreHandle;
  /** Logs a row. No times = static. `log_time` is one of the times when wanted: the host adds nothing. */
  log(
    store: StoreHandle,
    entityPath: string,
    times: readonly TimeCell[],
    components: AsComponents | readonly AsComponents[],
  ): void;
  /**
   * A store beside `beside` that is the same wherever it goes, as dashboards are. `write` fills it, at the first time for a `key`; the
   * chunks that came of it are sent from then on.
   */
  sendSame(id: StoreId, beside: StoreHandle, key: string, write: (store: StoreHandle) => void): void;
  /** Makes chunks of all rows of the store now. */
  flush(store: StoreHandle): void;
  /** Sends a blueprint's activation; all its rows must have been logged (they are flushed first). */
  activate(blueprint: StoreHandle, options: { makeActive: boolean; makeDefault: boolean }): void;
  /** Repeats store info, which is what readers of a stream go by that show the store they heard of last. */
  repeatStoreInfo(store: StoreHandle): void;
  /**
   * Repeats store info and activates the blueprint of its application once more. Viewers go to each recording that they have not heard of; to
   * one that they know only an activation takes them back.
   */
  bringToFront(store: StoreHandle): void;
  /** Flushes and forgets the store; its sinks stay open. */
  closeStore(store: StoreHandle): void;
  /** What the recording has of the application and of the layout. */
  entities?(store: StoreHandle): EntityArchetypes;
  /** What recordings of the application are shown with where `beside` is written to; undefined: nothing was sent. */
  blueprintOf?(applicationId: string, beside: StoreHandle): StoreId | undefined;
  /** Counters that `rec.stats()` shows. */
  count(store: StoreHandle, what: "spans" | "logs", n: number): void;
  /** Rows and bytes of the recording so far, for the summary. */
  stats(store: StoreHandle): RecordingStats;
  /** How long all sinks of the store keep what they get, in nanoseconds. Undefined: for good. */
  windowNanos?(store: StoreHandle): bigint | undefined;
  /** Something happened that a black box may be dumped for. */
  notice?(what: "http5xx"): void;
}

export type CreateExpander = (host: ExpanderHost) => Expander;
