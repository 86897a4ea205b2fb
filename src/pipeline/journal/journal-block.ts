import { copyBytes } from "../../bytes/copy-bytes.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import { BLOCK_HEADER_BYTES } from "../../sinks/file/journal-file.ts";
import type { Clock } from "../clock.ts";
import type { ShapeDefinition } from "../record.ts";
import type { RowIds } from "../row-ids.ts";
import { DEFINITION, ENTRY_HEADER_BYTES, type JournalDefinition, ROW_ID_BYTES } from "./journal-format.ts";

const FIRST_BYTES = 4096;

/** A buffer that one big row made is not kept beyond this. */
const KEEP_BYTES = 4 << 20;

/** Shorter runs are copied byte by byte: a view to copy from costs 50 ns. */
const SHORT_BYTES = 96;

const LOG_TIME_BYTES = 8;

/**
 * The rows of a tick as they will stand in the journal (`journal-format.ts`), behind the room for the block's header. Paths and
 * shapes are defined before their first row since `forgetDefinitions`.
 */
export class JournalBlock {
  readonly #clock: Clock;
  readonly #rowIds: RowIds;
  readonly #time = new Uint32Array(2);
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #position = BLOCK_HEADER_BYTES;
  #paths = new Map<StoreId, Map<string, number>>();
  #shapes = new Map<ShapeDefinition, number>();
  #nextNo = 1;
  #defines = false;

  constructor(clock: Clock, rowIds: RowIds) {
    this.#clock = clock;
    this.#rowIds = rowIds;
  }

  get isEmpty(): boolean {
    return this.#position === BLOCK_HEADER_BYTES;
  }

  get byteLength(): number {
    return this.#position;
  }

  /** With room for the header. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#position);
  }

  /** The row that got its id just now: its times and columns are `bytes` from `from` to `to`, `now` is its clock. */
  row(
    store: StoreId,
    entityPath: string,
    shape: ShapeDefinition,
    now: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    const path = this.#paths.get(store)?.get(entityPath) ?? this.#definePath(store, entityPath);
    const shapeNo = this.#shapes.get(shape) ?? this.#defineShape(shape);
    const length = to - from;
    const start = this.#position;
    let at = this.#reserve(ENTRY_HEADER_BYTES + 4 + ROW_ID_BYTES + LOG_TIME_BYTES + length);
    const view = this.#view;
    view.setUint32(at + 4, path, true);
    view.setUint32(at + 8, shapeNo, true);
    this.#rowIds.putAgain(view, at + 12);
    at += 12 + ROW_ID_BYTES;
    if (shape.logTime) {
      const time = this.#time;
      this.#clock.put(time, 0, now);
      view.setUint32(at, time[0] as number, true);
      view.setUint32(at + 4, time[1] as number, true);
      at += LOG_TIME_BYTES;
    }
    const target = this.#bytes;
    if (length > SHORT_BYTES) copyBytes(target, bytes.subarray(from, to), at);
    else for (let i = 0; i < length; i++) target[at + i] = bytes[from + i] as number;
    this.#position = at + length;
    view.setUint32(start, this.#position - start, true);
  }

  /** What is in it is on disk, or of no use. */
  clear(): void {
    if (this.#bytes.length > KEEP_BYTES) {
      this.#bytes = new Uint8Array(FIRST_BYTES);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#position = BLOCK_HEADER_BYTES;
    this.#defines = false;
  }

  /** Its rows are in chunks: they need not be written. */
  drop(): void {
    if (this.#defines) this.forgetDefinitions();
    this.clear();
  }

  /** A new generation begins. */
  forgetDefinitions(): void {
    this.#paths = new Map();
    this.#shapes = new Map();
  }

  #definePath(store: StoreId, entityPath: string): number {
    let paths = this.#paths.get(store);
    if (paths === undefined) {
      paths = new Map();
      this.#paths.set(store, paths);
    }
    const path = this.#nextNo++;
    this.#define({ path, store, entityPath });
    paths.set(entityPath, path);
    return path;
  }

  #defineShape(definition: ShapeDefinition): number {
    const shape = this.#nextNo++;
    this.#define({ shape, definition });
    this.#shapes.set(definition, shape);
    return shape;
  }

  #define(definition: JournalDefinition): void {
    const json = ENCODER.encode(JSON.stringify(definition));
    const size = ENTRY_HEADER_BYTES + json.length;
    const at = this.#reserve(size);
    this.#view.setUint32(at, size, true);
    this.#view.setUint32(at + 4, DEFINITION, true);
    this.#bytes.set(json, at + ENTRY_HEADER_BYTES);
    this.#position += size;
    this.#defines = true;
  }

  #reserve(length: number): number {
    const needed = this.#position + length;
    if (needed > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      bytes.set(this.#bytes.subarray(0, this.#position));
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return this.#position;
  }
}

const ENCODER = new TextEncoder();
