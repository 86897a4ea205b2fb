import type { ByteReader } from "../bytes/byte-reader.ts";
import type { Chunk } from "../rrd/chunk.ts";
import { Accumulator, type RowContext } from "./accumulator.ts";
import type { BatcherConfig } from "./batcher-config.ts";
import { EntityRows, type JoinPolicy } from "./entity-rows.ts";
import type { ShapeDefinition } from "./record.ts";
import type { FlushReason } from "./recording-stats.ts";

export interface BatchProcessorOptions {
  readonly config: BatcherConfig;
  readonly context: RowContext;
  readonly nextChunkId: () => Uint8Array;
  /** Takes a chunk; its memory is used again after the call. */
  readonly emit: (chunk: Chunk, reason: FlushReason) => void;
  /** Told of each row, with those of its entity that wait now. */
  readonly onInsert?: ((entityPath: string, numRows: number, byteLength: number) => void) | undefined;
  /** Told of the shapes that an entity's rows have, more than once for some. */
  readonly onShape?: ((entityPath: string, shape: ShapeDefinition) => void) | undefined;
  /** Told of rows that could not be put into columns. */
  readonly onDiscard: (rows: number, error: unknown) => void;
}

/** Whatever is configured, a chunk is not let grow towards the 2 GiB that a column can hold. */
const MAX_ENTITY_BYTES = 512 << 20;

/** Rows that wait for company in one store, in bytes; when there are more all of them are flushed (I7). */
const MAX_PENDING_BYTES = 256 << 20;

/** What a row takes besides its own bytes: row id and wall time. */
const ROW_OVERHEAD = 24;

/** Entities without rows that are kept, and bytes of memory kept for their next rows; beyond that they are forgotten (I7). */
const MAX_IDLE_ENTITIES = 4096;
const MAX_IDLE_BYTES = 16 << 20;

/** Memory of a `columns` record that is kept for the next one. */
const MAX_SPARE_BYTES = 1 << 20;

const NEVER = (): boolean => false;

/**
 * Rows of one store → chunks, entity by entity.
 *
 *   row ─▶ entity ─▶ accumulator of its shape        rows ≥ · bytes ≥ · deadline · flush  ─▶ chunks of the whole entity
 *
 * The deadline belongs to the entity and starts with its first row, so a busy entity cannot starve a quiet one (C31). Entities
 * that wait are kept in the order of their deadlines, which is the order of their first rows: a tick looks only at what is due.
 */
export class BatchProcessor {
  config: BatcherConfig;
  readonly #options: BatchProcessorOptions;
  readonly #entities = new Map<string, EntityRows>();
  /** Those with rows; by their first deadline, and those that wait on under a join policy. */
  readonly #waiting = new Set<EntityRows>();
  readonly #joining = new Set<EntityRows>();
  #idleBytes = 0;
  #pendingBytes = 0;
  #spare: { readonly shape: ShapeDefinition; readonly accumulator: Accumulator } | undefined;

  constructor(options: BatchProcessorOptions) {
    this.#options = options;
    this.config = options.config;
  }

  /** Every row is in a chunk. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#joining.size === 0;
  }

  /** Rows that are in no chunk yet. */
  get pendingRows(): number {
    let rows = 0;
    for (const entity of this.#waiting) rows += entity.numRows;
    for (const entity of this.#joining) rows += entity.numRows;
    return rows;
  }

  /** Bytes of these rows as they came. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Number of the oldest of these rows (`RowIdSource.count`); `Infinity` = there are none. */
  get oldestRow(): number {
    return Math.min(firstOf(this.#joining)?.firstRow ?? Infinity, firstOf(this.#waiting)?.firstRow ?? Infinity);
  }

  /** The `performance.now()` of the oldest of these rows; undefined = there are none. */
  get oldestSince(): number | undefined {
    return (firstOf(this.#joining) ?? firstOf(this.#waiting))?.since;
  }

  /** When `flushDue` has something to do next, on the clock of the rows; `Infinity` = nothing waits for time. */
  get nextDeadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const entity of this.#waiting) {
      next = entity.since + this.config.flushTickMillis;
      break;
    }
    for (const { since, join } of this.#joining) return Math.min(next, since + (join as JoinPolicy).ageMillis);
    return next;
  }

  /**
   * One row; `reader` stands at its first time value.
   * @returns rows of the entity that wait now, 0 if they became a chunk; −1 if the row could not be put into columns.
   */
  row(
    entityPath: string,
    shape: ShapeDefinition,
    reader: ByteReader,
    now: number,
    join: JoinPolicy | undefined = undefined,
  ): number {
    const entity = this.#entity(entityPath);
    const accumulator = entity.accumulatorOf(shape, this.#options.context);
    // the row that would make an unsorted chunk too long starts the next one (C10)
    if (accumulator.numRows >= this.config.chunkMaxRowsIfUnsorted && !accumulator.isSorted) {
      this.#emit(entity, accumulator, "rows");
    }
    if (entity.numRows === 0) this.#startWaiting(entity, now, join);
    entity.add(accumulator);
    const start = reader.position;
    try {
      accumulator.appendRow(reader, now);
    } catch (error) {
      this.#discard(entity, accumulator, error);
      return -1;
    }
    const bytes = reader.position - start + ROW_OVERHEAD;
    entity.inputBytes += bytes;
    this.#pendingBytes += bytes;
    const { numRows } = entity;
    this.#options.onInsert?.(entityPath, numRows, entity.byteLength);
    if (numRows >= this.config.flushNumRows) this.#flush(entity, "rows");
    else if (entity.holds(Math.min(this.config.flushNumBytes, MAX_ENTITY_BYTES))) this.#flush(entity, "bytes");
    else if (this.#joining.has(entity) && entity.isWorthAChunk) this.#flush(entity, "tick");
    else if (this.#pendingBytes > MAX_PENDING_BYTES) this.#flushEvery("bytes");
    return entity.numRows;
  }

  /** A `columns` record: a chunk of its own, after the rows that came before it (I5). */
  columns(entityPath: string, shape: ShapeDefinition, reader: ByteReader, numRows: number, now: number): void {
    this.flushEntity(entityPath, "columns");
    this.#options.onShape?.(entityPath, shape);
    const accumulator = this.#columnsOf(shape, numRows);
    try {
      accumulator.appendColumns(reader, numRows, now);
    } catch (error) {
      this.#options.onDiscard(numRows, error);
      return;
    }
    this.#options.emit(accumulator.finish(entityPath, this.#options.nextChunkId()), "columns");
    if (accumulator.byteLength > MAX_SPARE_BYTES) return;
    accumulator.reset();
    this.#spare = { shape, accumulator };
  }

  /** For the rows of one record; many have the shape of the one before, whose memory is used again. */
  #columnsOf(shape: ShapeDefinition, numRows: number): Accumulator {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.shape === shape ? spare.accumulator : new Accumulator(shape, this.#options.context, numRows);
  }

  /**
   * Flushes what has waited long enough. With a writer thread this is where a slice ends: after about 1 ms it returns to the ring,
   * and what is still due comes first in the next slice.
   */
  flushDue(now: number, isOver: () => boolean = NEVER): void {
    for (const entity of this.#waiting) {
      if (now < entity.since + this.config.flushTickMillis || isOver()) break;
      if (entity.isWorthAChunk) {
        this.#flush(entity, "tick");
      } else {
        this.#waiting.delete(entity);
        this.#joining.add(entity);
      }
    }
    for (const entity of this.#joining) {
      if (now < entity.since + (entity.join as JoinPolicy).ageMillis || isOver()) break;
      this.#flush(entity, "tick");
    }
  }

  flushAll(): void {
    this.#flushEvery("manual");
  }

  /** Flushes the entities that have rows from before that number (`RowIdSource.count`): a journal needs the room. */
  flushBefore(row: number): void {
    for (const entities of [this.#joining, this.#waiting]) {
      for (const entity of entities) {
        if (entity.firstRow >= row) break;
        this.#flush(entity, "bytes");
      }
    }
  }

  /** Flushes what the entity has: something is about to overtake it. */
  flushEntity(entityPath: string, reason: FlushReason): void {
    const entity = this.#entities.get(entityPath);
    if (entity !== undefined) this.#flush(entity, reason);
  }

  /** The entity gets no rows for now: what it has is flushed, its memory freed. */
  forget(entityPath: string): void {
    const entity = this.#entities.get(entityPath);
    if (entity === undefined) return;
    this.#flush(entity, "manual");
    this.#remove(entity);
  }

  #entity(entityPath: string): EntityRows {
    let entity = this.#entities.get(entityPath);
    if (entity === undefined) {
      if (this.#entities.size >= MAX_IDLE_ENTITIES + this.#waiting.size + this.#joining.size) this.#forgetIdle();
      entity = new EntityRows(entityPath, this.#options.onShape);
      this.#entities.set(entityPath, entity);
    }
    return entity;
  }

  /** Both sets stay in the order of first rows: `oldestRow` looks at their first only. */
  #startWaiting(entity: EntityRows, now: number, join: JoinPolicy | undefined): void {
    entity.since = now;
    entity.firstRow = this.#options.context.rowIds.count;
    entity.join = join;
    this.#idleBytes -= entity.takeIdle();
    this.#waiting.delete(entity);
    this.#joining.delete(entity);
    this.#waiting.add(entity);
  }

  #flushEvery(reason: FlushReason): void {
    for (const entity of this.#joining) this.#flush(entity, reason);
    for (const entity of this.#waiting) this.#flush(entity, reason);
  }

  #flush(entity: EntityRows, reason: FlushReason): void {
    this.#waiting.delete(entity);
    this.#joining.delete(entity);
    this.#pendingBytes -= entity.takeInput();
    for (const accumulator of entity.used()) this.#emit(entity, accumulator, reason);
    if (this.#idleBytes > MAX_IDLE_BYTES) this.#forgetIdle();
  }

  #emit(entity: EntityRows, accumulator: Accumulator, reason: FlushReason): void {
    this.#idleBytes += accumulator.byteLength;
    entity.idleBytes += accumulator.byteLength;
    try {
      if (accumulator.numRows > 0) {
        this.#options.emit(accumulator.finish(entity.path, this.#options.nextChunkId()), reason);
      }
    } finally {
      entity.remove(accumulator);
      accumulator.reset();
    }
  }

  /** A row was taken in part: its columns no longer have one length, so none of their rows can be written. */
  #discard(entity: EntityRows, accumulator: Accumulator, error: unknown): void {
    const rows = entity.discard(accumulator);
    if (entity.numRows === 0) this.#flush(entity, "manual");
    this.#options.onDiscard(rows, error);
  }

  #forgetIdle(): void {
    for (const entity of this.#entities.values()) if (entity.numRows === 0) this.#remove(entity);
  }

  #remove(entity: EntityRows): void {
    this.#entities.delete(entity.path);
    this.#idleBytes -= entity.idleBytes;
  }
}

function firstOf(entities: ReadonlySet<EntityRows>): EntityRows | undefined {
  for (const entity of entities) return entity;
  return undefined;
}
