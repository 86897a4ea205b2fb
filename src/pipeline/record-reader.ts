import { ByteReader } from "../bytes/byte-reader.ts";
import { setBounded } from "../set-bounded.ts";
import type { Clock } from "./clock.ts";
import { decodeDefinition } from "./definition-codec.ts";
import type { LazyExpander } from "./lazy-expander.ts";
import { type Definition, RECORD_HEADER_BYTES, RecordFlag, RecordKind, type ShapeDefinition } from "./record.ts";
import type { RowIds } from "./row-ids.ts";
import type { Store } from "./store.ts";
import type { StoreTable } from "./store-table.ts";
import type { Warnings } from "./warnings.ts";

export interface RecordReaderOptions {
  readonly stores: StoreTable;
  readonly expander: LazyExpander;
  readonly clock: Clock;
  readonly rowIds: RowIds;
  readonly warnings: Warnings;
  /** Called with every record of telemetry. */
  readonly onProgress: (() => void) | undefined;
}

/** Whose records are read: several threads may write to one writer, each with numbers of its own. */
export interface Origin {
  /** Added to the numbers of recordings, paths, shapes and memory sinks. */
  readonly base: number;
  /** Added to the thread's `performance.now()`, in milliseconds. */
  readonly clockSkew: number;
  /** Takes barriers and blobs; `reader` stands at the payload. */
  readonly onControl?: (kind: RecordKind, reader: ByteReader, end: number) => void;
}

const OWN: Origin = { base: 0, clockSkew: 0 };

/** Shapes of all callers; each bounds its own table (`ShapeTable`), so the oldest here are those nobody uses. */
const MAX_SHAPES = 65_536;

const UNDEFINED = "its path or shape is not defined";

/**
 * Gives records to the stores, and keeps the tables their numbers refer to.
 *
 *   define · row · columns · forget ─▶ Store             span, log, metric ─▶ Expander             barrier, blob ─▶ whose ring it is
 *
 * I3: what cannot be read is counted.
 */
export class RecordReader {
  readonly #stores: StoreTable;
  readonly #expander: LazyExpander;
  readonly #clock: Clock;
  readonly #rowIds: RowIds;
  readonly #warnings: Warnings;
  readonly #onProgress: (() => void) | undefined;
  readonly #shapes = new Map<number, ShapeDefinition>();
  /** Of the records that are being read. */
  #origin = OWN;
  #isFirstRow = true;

  constructor({ stores, expander, clock, rowIds, warnings, onProgress }: RecordReaderOptions) {
    this.#stores = stores;
    this.#expander = expander;
    this.#clock = clock;
    this.#rowIds = rowIds;
    this.#warnings = warnings;
    this.#onProgress = onProgress;
  }

  /** Reads whole records, up to the first that is for `onControl`, which is read as well. Returns where it stopped. */
  read(bytes: Uint8Array, from: number, to: number, origin: Origin = OWN): number {
    const reader = new ByteReader(bytes, from);
    this.#origin = origin;
    this.#isFirstRow = true;
    let at = from;
    while (at < to) {
      reader.position = at;
      const size = reader.u32();
      const kind = reader.u8() as RecordKind;
      if (kind === RecordKind.pad) return to;
      const flags = reader.u8();
      reader.position += 2;
      const recording = reader.u32() + origin.base;
      reader.position = at + RECORD_HEADER_BYTES;
      const end = at + size;
      if (kind === RecordKind.barrier || kind === RecordKind.blob) {
        origin.onControl?.(kind, reader, end);
        return end;
      }
      try {
        this.#record(kind, flags, recording, reader, end);
      } catch (error) {
        this.#failed(recording, kind, error);
      }
      at = end;
    }
    return to;
  }

  #record(kind: RecordKind, flags: number, recording: number, reader: ByteReader, end: number): void {
    const store = this.#stores.recording(recording);
    switch (kind) {
      case RecordKind.define:
        this.define(decodeDefinition(reader.bytes.subarray(reader.position, end)), this.#origin.base);
        break;
      case RecordKind.row:
        if (store === undefined) this.#stores.drop(recording, "closed", 1);
        else this.#row(store, flags, reader);
        break;
      case RecordKind.columns:
        this.#columns(store, recording, reader);
        break;
      case RecordKind.forget:
        if (store !== undefined) forgetPath(store, reader.u32() + this.#origin.base);
        break;
      case RecordKind.spanStart:
      case RecordKind.spanEnd:
      case RecordKind.log:
      case RecordKind.metric:
        this.#onProgress?.();
        if (store === undefined) this.#stores.drop(recording, "closed", 1);
        else this.#expander.for(store)?.record(store, kind, reader);
    }
  }

  #row(store: Store, flags: number, reader: ByteReader): void {
    if ((flags & RecordFlag.timeChanged) !== 0) this.#rowIds.startEpoch();
    const { base, clockSkew } = this.#origin;
    store.counters.rowsAccepted += 1;
    const path = store.paths.get(reader.u32() + base);
    const shape = this.#shapes.get(reader.u32() + base);
    if (path === undefined || shape === undefined) throw new RangeError(UNDEFINED);
    const loggedAt = reader.f64() + clockSkew;
    if (this.#isFirstRow) this.#measureLag(loggedAt);
    store.row(path, shape, reader, loggedAt);
  }

  /** Once per batch: the row has waited longest. */
  #measureLag(loggedAt: number): void {
    this.#isFirstRow = false;
    this.#stores.lagMillis = Math.max(0, this.#clock.now() - loggedAt);
  }

  #columns(store: Store | undefined, recording: number, reader: ByteReader): void {
    const { base } = this.#origin;
    const no = reader.u32() + base;
    const shape = this.#shapes.get(reader.u32() + base);
    const rows = reader.u32();
    if (store === undefined) {
      this.#stores.drop(recording, "closed", rows);
      return;
    }
    store.counters.rowsAccepted += rows;
    try {
      const path = store.paths.get(no);
      if (path === undefined || shape === undefined) throw new RangeError(UNDEFINED);
      reader.align(8);
      store.columns(path, shape, reader, rows, this.#clock.now());
    } catch (error) {
      store.counters.drop("encode", rows);
      throw error;
    }
  }

  /** Takes a definition; what is defined already stays as it is. `base` is added to its numbers. */
  define(definition: Definition, base = 0): void {
    switch (definition.type) {
      case "recording":
        this.#stores.define(definition, base);
        break;
      case "path":
        this.#stores.recording(definition.recording + base)?.paths.set(definition.no + base, definition.entityPath);
        break;
      case "shape":
        setBounded(this.#shapes, definition.no + base, definition.shape, MAX_SHAPES);
        break;
      case "telemetry": {
        const store = this.#stores.recording(definition.recording + base);
        if (store !== undefined) this.#expander.for(store)?.define(store, definition.value);
      }
    }
  }

  #failed(recording: number, kind: RecordKind, error: unknown): void {
    if (kind === RecordKind.row) this.#stores.countersOf(recording)?.drop("encode", 1);
    this.#warnings.addError("a record could not be written", error);
  }
}

function forgetPath(store: Store, no: number): void {
  const path = store.paths.get(no);
  if (path === undefined) return;
  store.paths.delete(no);
  store.forgetPath(path);
}
