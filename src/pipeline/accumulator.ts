import { ListColumn } from "../arrow/builders/list-column.ts";
import type { ByteReader } from "../bytes/byte-reader.ts";
import type { Chunk } from "../rrd/chunk.ts";
import type { Clock } from "./clock.ts";
import type { ShapeDefinition } from "./record.ts";
import type { RowIdSource } from "./row-ids.ts";
import { TimeColumnBuilder } from "./time-column.ts";

/** What every row of a writer needs. */
export interface RowContext {
  readonly clock: Clock;
  readonly rowIds: RowIdSource;
}

const LOG_TIME = "log_time";

/**
 * Rows of one entity with one shape, in columns, until they are worth a chunk.
 *
 *   record ──▶ [ row ids | timelines… | component lists… ] ──▶ chunk
 *                 starts at the size of the entity's last chunk: growing was 10 % of the writer's CPU
 *
 * I5: rows leave in the order in which they came. I7: `byteLength` is what the limits count.
 */
export class Accumulator {
  readonly #context: RowContext;
  /** In the order of the shape, as they stand in a record. */
  readonly #recorded: readonly TimeColumnBuilder[];
  readonly #logTime: TimeColumnBuilder | undefined;
  /** Sorted by name, as they stand in a chunk. */
  readonly #timelines: readonly TimeColumnBuilder[];
  readonly #columns: readonly {
    readonly descriptor: ShapeDefinition["columns"][number]["descriptor"];
    readonly list: ListColumn;
  }[];
  #rowIds: Uint8Array;
  #rowIdsView: DataView;
  #numRows = 0;

  constructor(shape: ShapeDefinition, context: RowContext, capacity: number) {
    this.#context = context;
    this.#recorded = shape.timelines.map((timeline) => new TimeColumnBuilder(timeline, capacity));
    this.#logTime = shape.logTime ? new TimeColumnBuilder({ name: LOG_TIME, type: "timestamp" }, capacity) : undefined;
    this.#timelines = merge(this.#recorded, this.#logTime);
    this.#columns = shape.columns.map(({ descriptor, type }) => ({ descriptor, list: new ListColumn(type) }));
    this.#rowIds = new Uint8Array(16 * capacity);
    this.#rowIdsView = new DataView(this.#rowIds.buffer);
  }

  get numRows(): number {
    return this.#numRows;
  }

  /** Bytes of the values, without what Arrow adds. */
  get byteLength(): number {
    let bytes = this.#numRows * (16 + 8 * this.#timelines.length);
    for (const { list } of this.#columns) bytes += list.byteLength;
    return bytes;
  }

  get isSorted(): boolean {
    for (const timeline of this.#timelines) if (!timeline.isSorted) return false;
    return true;
  }

  /** Appends one row; `reader` stands at its first time value, `now` is the caller's `performance.now()`. */
  appendRow(reader: ByteReader, now: number): void {
    for (const timeline of this.#recorded) timeline.append(reader.u32(), reader.u32());
    this.#logTime?.appendClock(this.#context.clock, now);
    for (const column of this.#columns) column.list.append(reader);
    this.#reserveRowIds(1);
    this.#context.rowIds.put(this.#rowIdsView, 16 * this.#numRows++, now);
  }

  /** Appends the rows of a `columns` record; `reader` stands at its first time column. */
  appendColumns(reader: ByteReader, numRows: number, now: number): void {
    for (const timeline of this.#recorded) timeline.appendFrom(reader, numRows);
    for (const column of this.#columns) column.list.appendRows(reader, numRows);
    this.#reserveRowIds(numRows);
    this.#context.rowIds.putMany(this.#rowIdsView, 16 * this.#numRows, numRows, now);
    this.#numRows += numRows;
  }

  /** The rows so far as a chunk. Its memory is used again by the rows after `reset`. */
  finish(entityPath: string, id: Uint8Array): Chunk {
    return {
      id,
      entityPath,
      numRows: this.#numRows,
      rowIds: this.#rowIds.subarray(0, 16 * this.#numRows),
      rowIdsSorted: true,
      timelines: this.#timelines.map((timeline) => timeline.finish()),
      components: this.#columns.map(({ descriptor, list }) => ({ descriptor, list: list.finish() })),
    };
  }

  reset(): void {
    this.#numRows = 0;
    for (const timeline of this.#timelines) timeline.reset();
    for (const { list } of this.#columns) list.reset();
  }

  #reserveRowIds(rows: number): void {
    const needed = 16 * (this.#numRows + rows);
    if (needed <= this.#rowIds.length) return;
    const rowIds = new Uint8Array(Math.max(needed, 2 * this.#rowIds.length, 256));
    rowIds.set(this.#rowIds);
    this.#rowIds = rowIds;
    this.#rowIdsView = new DataView(rowIds.buffer);
  }
}

/** `log_time` replaces a user's timeline of the same name. */
function merge(
  recorded: readonly TimeColumnBuilder[],
  logTime: TimeColumnBuilder | undefined,
): readonly TimeColumnBuilder[] {
  if (logTime === undefined) return recorded;
  const others = recorded.filter((builder) => builder.timeline.name !== LOG_TIME);
  const at = others.findIndex((builder) => builder.timeline.name > LOG_TIME);
  return others.toSpliced(at < 0 ? others.length : at, 0, logTime);
}
