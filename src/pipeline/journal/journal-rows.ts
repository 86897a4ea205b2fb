import { ByteReader } from "../../bytes/byte-reader.ts";
import { ByteWriter } from "../../bytes/byte-writer.ts";
import type { Chunk } from "../../rrd/chunk.ts";
import { type StoreId, storeKey } from "../../rrd/store-id.ts";
import type { Timeline } from "../../rrd/timeline.ts";
import type { JournalBlocks } from "../../sinks/file/journal-file.ts";
import { Accumulator, type RowContext } from "../accumulator.ts";
import { Clock } from "../clock.ts";
import type { ShapeDefinition } from "../record.ts";
import { onlyRowByRow } from "../row-ids.ts";
import {
  DEFINITION,
  ENTRY_HEADER_BYTES,
  type JournalDefinition,
  type JournalRow,
  ROW_ID_BYTES,
} from "./journal-format.ts";

const DECODER = new TextDecoder();
const LOG_TIME = "log_time";

/** The rows of a journal in the order in which they were logged. What cannot be understood is passed over, and told. */
export function journalRows(
  journals: readonly JournalBlocks[],
  onDamage: (message: string) => void,
): readonly JournalRow[] {
  const rows: JournalRow[] = [];
  for (const { blocks } of journals) {
    const definitions = new Definitions();
    for (const block of blocks) readBlock(block, definitions, rows, onDamage);
  }
  return rows;
}

/** A key for the row's id, also of the same id in a chunk. */
export function rowKey(rowIds: Uint8Array, row: number): string {
  return String.fromCharCode(...rowIds.subarray(ROW_ID_BYTES * row, ROW_ID_BYTES * (row + 1)));
}

/** Rows as chunks, one of each entity and shape, each with the ids its rows were given. Rows that are damaged are told. */
export function chunksOf(
  rows: readonly JournalRow[],
  onDamage: (message: string) => void,
): readonly { readonly store: StoreId; readonly chunk: Chunk }[] {
  const parts = new Map<string, { readonly store: StoreId; readonly path: string; readonly rows: ChunkRows }>();
  for (const row of rows) {
    const key = `${storeKey(row.store)}\0${row.entityPath}\0${JSON.stringify(row.shape)}`;
    let part = parts.get(key);
    if (part === undefined) {
      part = { store: row.store, path: row.entityPath, rows: new ChunkRows(row.shape) };
      parts.set(key, part);
    }
    try {
      part.rows.append(row);
    } catch (error) {
      parts.delete(key); // half a row is in its columns
      onDamage(`rows of ${row.entityPath} in the journal: ${(error as Error).message}`);
    }
  }
  return [...parts.values()].map((part) => ({ store: part.store, chunk: part.rows.chunk(part.path) }));
}

class Definitions {
  readonly paths = new Map<number, { readonly store: StoreId; readonly entityPath: string }>();
  readonly shapes = new Map<number, ShapeDefinition>();

  add(definition: JournalDefinition): void {
    if ("path" in definition) this.paths.set(definition.path, definition);
    else this.shapes.set(definition.shape, definition.definition);
  }
}

function readBlock(
  block: Uint8Array,
  definitions: Definitions,
  rows: JournalRow[],
  onDamage: (message: string) => void,
): void {
  const reader = new ByteReader(block);
  let at = 0;
  try {
    while (at + ENTRY_HEADER_BYTES <= block.length) {
      reader.position = at;
      const end = at + reader.u32();
      if (end <= at || end > block.length) throw new RangeError(`an entry of ${end - at} bytes at ${at}`);
      const path = reader.u32();
      if (path === DEFINITION) definitions.add(JSON.parse(DECODER.decode(block.subarray(reader.position, end))));
      else rows.push(rowOf(path, block.subarray(0, end), reader.position, definitions));
      at = end;
    }
  } catch (error) {
    onDamage(`a block of the journal cannot be read: ${(error as Error).message}`);
  }
}

function rowOf(pathNo: number, bytes: Uint8Array, at: number, { paths, shapes }: Definitions): JournalRow {
  const reader = new ByteReader(bytes, at);
  const path = paths.get(pathNo);
  const shape = shapes.get(reader.u32());
  if (path === undefined || shape === undefined) throw new RangeError("a row whose path or shape is not defined");
  return { store: path.store, entityPath: path.entityPath, shape, rowId: reader.raw(ROW_ID_BYTES), reader };
}

/** The rows of one entity and shape; `log_time` is a time like the others here. */
class ChunkRows {
  readonly #accumulator: Accumulator;
  /** The times as they stand in a row, and in a chunk. */
  readonly #recorded: readonly Timeline[];
  readonly #sorted: readonly Timeline[];
  readonly #row = new ByteWriter(256);
  #rowId = new Uint8Array(0);

  constructor(shape: ShapeDefinition) {
    const logTime: Timeline = { name: LOG_TIME, type: "timestamp" };
    this.#recorded = shape.logTime ? [logTime, ...shape.timelines] : shape.timelines;
    // a timeline of the user with that name gives way, as in every chunk
    const names = new Map([...this.#recorded].reverse().map((timeline) => [timeline.name, timeline]));
    this.#sorted = [...names.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const context: RowContext = {
      clock: new Clock(),
      rowIds: { count: 0, put: (view, to) => putId(view, to, this.#rowId), putMany: onlyRowByRow },
    };
    this.#accumulator = new Accumulator({ ...shape, logTime: false, timelines: this.#sorted }, context, 16);
  }

  append({ rowId, reader }: JournalRow): void {
    const times = new Map<string, bigint>();
    for (const { name } of this.#recorded) {
      const time = reader.i64();
      if (!times.has(name)) times.set(name, time);
    }
    const row = this.#row;
    row.reset();
    for (const { name } of this.#sorted) row.i64(times.get(name) as bigint);
    row.raw(reader.raw(reader.remaining));
    this.#rowId = rowId as Uint8Array<ArrayBuffer>;
    this.#accumulator.appendRow(new ByteReader(row.written()), 0);
  }

  /** Its id is that of its last row, so that the same journal makes the same chunks (I9). */
  chunk(entityPath: string): Chunk {
    return this.#accumulator.finish(entityPath, this.#rowId.slice());
  }
}

function putId(view: DataView, at: number, id: Uint8Array): void {
  for (let i = 0; i < ROW_ID_BYTES; i++) view.setUint8(at + i, id[i] as number);
}
