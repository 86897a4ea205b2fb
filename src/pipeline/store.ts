import type { ByteReader } from "../bytes/byte-reader.ts";
import type { Chunk } from "../rrd/chunk.ts";
import { encodeChunk } from "../rrd/chunk-encoder.ts";
import type { ArrowMessage, LogMessage } from "../rrd/log-message.ts";
import { retargetChunk } from "../rrd/retarget-chunk.ts";
import type { StoreId } from "../rrd/store-id.ts";
import { storeInfoMessage } from "../rrd/store-info.ts";
import { ownedMessage } from "../sinks/sink-tally.ts";
import { BatchProcessor, type BatchProcessorOptions } from "./batch-processor.ts";
import type { BatcherConfig } from "./batcher-config.ts";
import type { BatcherEvents } from "./batcher-hooks.ts";
import type { Clock } from "./clock.ts";
import type { Counters } from "./counters.ts";
import type { JoinPolicy } from "./entity-rows.ts";
import type { StoreHandle } from "./expander.ts";
import type { Audience, Output } from "./output.ts";
import type { ShapeDefinition } from "./record.ts";
import type { FlushReason } from "./recording-stats.ts";
import { onlyRowByRow, type RowIdSource, type RowIds } from "./row-ids.ts";
import type { SeenEntities } from "./seen-entities.ts";

/** When the rows of a store become chunks. */
export interface Cadence {
  readonly config: BatcherConfig;
  /** Rows may wait beyond the tick while a journal keeps them safe: nobody said how long a tick is. */
  readonly mayJoin?: boolean;
  /** For sinks that are watched while others keep. */
  readonly live?: BatcherConfig | undefined;
}

export interface StoreOptions extends Cadence {
  readonly id: StoreId;
  readonly output: Output;
  /** Shared with the recording that a store is opened beside. */
  readonly counters: Counters;
  readonly explicitConfig: Partial<BatcherConfig> | undefined;
  /** Options of the layout; the expander reads them. */
  readonly telemetry: unknown;
  /** Where its entities are noted down, if somebody may ask for them. */
  readonly entities?: SeenEntities | undefined;
  /** Somebody wants to hear of the batch processor. */
  readonly events?: BatcherEvents | undefined;
  readonly context: { readonly clock: Clock; readonly rowIds: RowIds };
  readonly nextChunkId: () => Uint8Array;
  /** Told of rows that are lost, which are counted. */
  readonly onError: (error: unknown) => void;
}

/**
 * Rows this large are a chunk of their own at once: waiting for others they would be written twice, to the journal and to the file.
 */
const JOURNALED_ROW_BYTES = 64 << 10;

/**
 * A recording or blueprint that the writer has open. Its first message is its store info, which waits for the second: viewers
 * choose a layout as soon as they hear of a recording, so a default blueprint that is opened beside it has to come before.
 *
 *   row ─┬─▶ processor ── worth a chunk ──▶ sinks that keep
 *        ├─▶ live ─────── 8 ms ───────────▶ sinks that are watched; only in a tee of both
 *        └─▶ journals ─── tick             the same row id in all of them, so a viewer that sees two sees one
 */
export class Store implements StoreHandle {
  readonly id: StoreId;
  readonly output: Output;
  readonly counters: Counters;
  readonly explicitConfig: Partial<BatcherConfig> | undefined;
  readonly processor: BatchProcessor;
  /** Entity paths by the numbers of the caller's side. */
  readonly paths = new Map<number, string>();
  /** The expander was told of this store. */
  isExpanded = false;
  isAnnounced = false;
  readonly telemetry: unknown;
  readonly entities: SeenEntities | undefined;
  readonly events: BatcherEvents | undefined;
  readonly #options: StoreOptions;
  #live: BatchProcessor | undefined;
  #mayJoin = true;
  #isForAll = false;
  #copies: LogMessage[] | undefined;

  constructor(options: StoreOptions) {
    this.id = options.id;
    this.output = options.output;
    this.counters = options.counters;
    this.explicitConfig = options.explicitConfig;
    this.telemetry = options.telemetry;
    this.entities = options.entities;
    this.events = options.events;
    this.#options = options;
    const emit = (chunk: Chunk, reason: FlushReason): void => {
      this.#emit(chunk, reason, this.#live === undefined || this.#isForAll ? "all" : "kept");
    };
    this.processor = this.#processor(options.config, options.context.rowIds, emit, this.#onInsert());
    this.setCadence(options);
    this.events?.add({ hook: "onConfigChange", value: options.config });
  }

  sendInfo(): void {
    this.isAnnounced = true;
    this.output.send(storeInfoMessage(this.id));
  }

  /** All rows have been flushed. */
  setCadence({ config, mayJoin = true, live }: Cadence): void {
    if (!isSame(config, this.processor.config)) this.events?.add({ hook: "onConfigChange", value: config });
    this.processor.config = config;
    this.#mayJoin = mayJoin;
    this.#live = live && this.#processor(live, again(this.#options.context.rowIds), (chunk) => this.#emitLive(chunk));
  }

  /** One row; `reader` stands at its first time value, `now` is the caller's `performance.now()`. */
  row(entityPath: string, shape: ShapeDefinition, reader: ByteReader, now: number, join?: JoinPolicy): void {
    const { output, processor } = this;
    const from = reader.position;
    const waiting = processor.row(
      entityPath,
      shape,
      reader,
      now,
      this.#mayJoin ? (output.joinPolicy ?? join) : undefined,
    );
    if (waiting < 0) return;
    const to = reader.position;
    if (output.journals.length > 0) {
      const isLarge = to - from >= JOURNALED_ROW_BYTES && this.#mayJoin;
      if (waiting > 0 && !isLarge) {
        for (const journal of output.journals) journal.row(this.id, entityPath, shape, now, reader.bytes, from, to);
      } else {
        if (isLarge) processor.flushEntity(entityPath, "bytes");
        output.chunked();
      }
    }
    if (this.#live === undefined) return;
    reader.position = from;
    this.#live.row(entityPath, shape, reader, now);
  }

  /** A `columns` record, a chunk of its own: the same for all sinks. */
  columns(entityPath: string, shape: ShapeDefinition, reader: ByteReader, numRows: number, now: number): void {
    this.#live?.flushEntity(entityPath, "columns");
    this.processor.flushEntity(entityPath, "columns");
    this.#isForAll = true;
    try {
      this.processor.columns(entityPath, shape, reader, numRows, now);
    } finally {
      this.#isForAll = false;
    }
    this.output.chunked();
  }

  flushDue(now: number, isOver?: () => boolean): void {
    this.processor.flushDue(now, isOver);
    this.#live?.flushDue(now, isOver);
  }

  flushAll(): void {
    this.processor.flushAll();
    this.#live?.flushAll();
  }

  /** The entity gets no rows for now. */
  forgetPath(entityPath: string): void {
    this.processor.forget(entityPath);
    this.#live?.forget(entityPath);
  }

  /** Sends a chunk of another store as one of this, behind the rows that came before. */
  copy(chunk: ArrowMessage): void {
    const { numRows, entityPath, components } = chunk.summary;
    this.counters.rowsAccepted += numRows;
    if (this.output.isClosed) {
      this.counters.drop("closed", numRows);
      return;
    }
    this.flushAll();
    try {
      const message = retargetChunk(chunk, this.id);
      this.send(message);
      this.counters.chunk("columns", numRows, message.payload.length);
      this.entities?.add(entityPath, components);
    } catch (error) {
      this.counters.drop("encode", numRows);
      this.#options.onError(error);
    }
    this.output.chunked();
  }

  /** Sends a message of this store, which is announced before the first. */
  send(message: LogMessage, audience: Audience = "all", rowIds?: Uint8Array): void {
    if (!this.isAnnounced) this.sendInfo();
    this.output.send(message, audience, rowIds);
    if (audience !== "live") this.#copies?.push(ownedMessage(message));
  }

  /** What `fn` sends, of its rows and else, but for the announcement. */
  copySent(fn: () => void): readonly LogMessage[] {
    const copies: LogMessage[] = [];
    this.#copies = copies;
    try {
      fn();
      this.flushAll();
    } finally {
      this.#copies = undefined;
    }
    return copies;
  }

  /** Sends what a store of the same id has sent elsewhere. */
  sendAgain(messages: readonly LogMessage[]): void {
    for (const message of messages) {
      if (message.kind === "arrow") {
        const { numRows } = message.summary;
        this.counters.rowsAccepted += numRows;
        this.counters.chunk("manual", numRows, message.payload.length);
      }
      this.send(message);
    }
  }

  /** When `flushDue` has something to do next. */
  get nextDeadline(): number {
    return Math.min(this.processor.nextDeadline, this.#live?.nextDeadline ?? Number.POSITIVE_INFINITY);
  }

  get tickMillis(): number {
    return Math.min(
      this.processor.config.flushTickMillis,
      this.#live?.config.flushTickMillis ?? Number.POSITIVE_INFINITY,
    );
  }

  #processor(
    config: BatcherConfig,
    rowIds: RowIdSource,
    emit: (chunk: Chunk, reason: FlushReason) => void,
    onInsert?: BatchProcessorOptions["onInsert"],
  ): BatchProcessor {
    const { context, nextChunkId, entities } = this.#options;
    return new BatchProcessor({
      config,
      context: { clock: context.clock, rowIds },
      nextChunkId,
      emit,
      onInsert,
      onShape: entities && ((entityPath, { columns }) => entities.add(entityPath, columns)),
      onDiscard: (rows, error) => {
        this.counters.drop("encode", rows);
        this.#options.onError(error);
      },
    });
  }

  #onInsert(): BatchProcessorOptions["onInsert"] {
    const { events } = this;
    if (events?.wants("onInsert") !== true) return undefined;
    return (entityPath, numRows, byteLength) =>
      events.add({ hook: "onInsert", value: { entityPath, numRows, byteLength } });
  }

  #emit(chunk: Chunk, reason: FlushReason, audience: Audience): void {
    if (this.output.isClosed) {
      this.counters.drop("closed", chunk.numRows);
      return;
    }
    try {
      const message = encodeChunk(this.id, chunk);
      const { entityPath, numRows } = chunk;
      const byteLength = message.payload.length;
      const { journals } = this.output;
      for (const journal of journals) journal.budget.chunk();
      this.send(message, audience, journals.length > 0 ? chunk.rowIds : undefined);
      this.counters.chunk(reason, numRows, byteLength);
      this.events?.add({ hook: "onFlush", value: { entityPath, numRows, byteLength, reason } });
    } catch (error) {
      this.counters.drop("encode", chunk.numRows);
      this.#options.onError(error);
    }
  }

  /** Rows that the kept sinks count, or have counted. */
  #emitLive(chunk: Chunk): void {
    if (this.output.isClosed) return;
    try {
      this.send(encodeChunk(this.id, chunk), "live");
    } catch {
      // the same rows fail, and are counted, on their way to the sinks that keep
    }
  }
}

function isSame(a: BatcherConfig, b: BatcherConfig): boolean {
  return Object.entries(a).every(([name, value]) => b[name as keyof BatcherConfig] === value);
}

function again(rowIds: RowIds): RowIdSource {
  return {
    get count() {
      return rowIds.count;
    },
    put: (view, at) => rowIds.putAgain(view, at),
    putMany: onlyRowByRow,
  };
}
