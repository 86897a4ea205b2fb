import type { ByteWriter } from "../bytes/byte-writer.ts";
import { RerunError } from "../errors.ts";
import type { ComponentBatch, ComponentColumnBatch, ComponentSpec } from "../rrd/component-batch.ts";
import type { Timeline } from "../rrd/timeline.ts";
import { PathTable } from "./path-table.ts";
import { RecordFlag, RecordKind } from "./record.ts";
import { ShapeTable } from "./shape-table.ts";
import type { Transport } from "./transport.ts";
import { encodeColumn, encodeComponent } from "./values/value-encoder.ts";

/** The times of one row. Sorted by name; the same array for the same timelines, since shapes are found by its identity. */
export interface RowTimes {
  readonly timelines: readonly Timeline[];
  /** One per timeline: nanoseconds or a sequence number. */
  readonly values: readonly bigint[];
}

/** What a row is, beside its values. */
export const RowFlag = {
  /** Belongs to no time; `times` and `logTime` are ignored. */
  static: 1,
  /** Gets `log_time` from `nowMillis`. */
  logTime: 2,
  /** The recording's time was set since its last row. */
  timeChanged: 4,
} as const;

/** Index values of many rows; as many as the rows of every other column. */
export interface TimeColumn {
  readonly timeline: Timeline;
  readonly values: BigInt64Array;
}

/** What is wrong with a component. If its values could not be encoded it is an empty list; the other components are unharmed. */
export interface EncodeFailure {
  readonly recording: number;
  readonly entityPath: string;
  readonly spec: ComponentSpec;
  readonly error: unknown;
}

export interface RowEncoderOptions {
  /** Called during the call that failed, once per component. May throw (strict mode): the row is then forgotten. */
  readonly onFailure: (failure: EncodeFailure) => void;
  /** Turns a path as the user wrote it into an escaped one with a leading slash. Asked once per path. */
  readonly normalisePath?: (path: string) => string;
}

/**
 * Turns rows into records, on the caller's thread: numbers for path and shape, then the values, straight into the transport.
 *
 *   ("/cpu", Scalars(0.4), frame = 7)  ─▶  header | path 3 | shape 1 | now | 7 | n = 1, 0.4
 *
 * What a row says for the first time (a path, a shape) is defined first; later rows only name the number. One per transport.
 */
export class RowEncoder {
  readonly #transport: Transport;
  readonly #onFailure: (failure: EncodeFailure) => void;
  readonly #normalisePath: ((path: string) => string) | undefined;
  readonly #shapes: ShapeTable;
  readonly #paths = new Map<number, PathTable>();
  #lastRecording = -1;
  #lastPaths: PathTable | undefined;

  constructor(transport: Transport, options: RowEncoderOptions) {
    this.#transport = transport;
    this.#onFailure = options.onFailure;
    this.#normalisePath = options.normalisePath;
    this.#shapes = new ShapeTable((no, shape) => transport.define({ type: "shape", no, shape }));
  }

  /**
   * Logs one row. `nowMillis` is the caller's `performance.now()`, `flags` are of `RowFlag`.
   *
   * @returns false if there was nothing to log (no components) or the row was dropped and counted.
   */
  logRow(
    recording: number,
    entityPath: string,
    times: RowTimes,
    batches: readonly ComponentBatch[],
    nowMillis: number,
    flags: number,
  ): boolean {
    const present = withoutGaps(batches);
    if (present !== batches) this.#reportProblems(recording, entityPath, batches, present.length);
    if (present.length === 0) return false;
    const shape = this.#shapes.shapeOf(times.timelines, present, flags);
    if (shape.order.length < present.length) this.#reportTwice(recording, entityPath, present);
    const path = this.#pathsOf(recording).numberOf(entityPath);
    const recordFlags = (flags & RowFlag.timeChanged) === 0 ? 0 : RecordFlag.timeChanged;
    const writer = this.#transport.begin(RecordKind.row, recording, recordFlags);
    try {
      writer.u32(path);
      writer.u32(shape.no);
      writer.f64(nowMillis);
      if (!shape.isStatic) for (const value of times.values) writer.i64(value);
      for (const at of shape.order) {
        const batch = present[at] as ComponentBatch;
        try {
          encodeComponent(batch.spec, batch.values, writer);
        } catch (error) {
          writer.u32(0); // as upstream: a field that cannot be converted is an empty list
          this.#onFailure({ recording, entityPath, spec: batch.spec, error });
        }
      }
    } catch (error) {
      this.#transport.abort(writer);
      throw error;
    }
    return this.#transport.end(writer);
  }

  /**
   * Logs many rows at once, as a chunk of their own. No time column at all = static. Nothing is added to the times.
   *
   * @returns false if there was nothing to log or the rows were dropped and counted.
   */
  logColumns(
    recording: number,
    entityPath: string,
    times: readonly TimeColumn[],
    columns: readonly ComponentColumnBatch[],
    numRows: number,
  ): boolean {
    const sorted = times.toSorted((a, b) => (a.timeline.name < b.timeline.name ? -1 : 1));
    const timelines = sorted.map((column) => column.timeline);
    const present = withoutGaps(columns);
    if (present !== columns) this.#reportProblems(recording, entityPath, columns, present.length);
    if (present.length === 0 || numRows === 0) return false;
    const shape = this.#shapes.shapeOf(timelines, present, timelines.length === 0 ? RowFlag.static : 0);
    if (shape.order.length < present.length) this.#reportTwice(recording, entityPath, present);
    const path = this.#pathsOf(recording).numberOf(entityPath);
    const writer = this.#transport.begin(RecordKind.columns, recording, 0);
    try {
      writer.u32(path);
      writer.u32(shape.no);
      writer.u32(numRows);
      writer.align(8); // V8 copies to shared memory in words only where both are aligned alike
      for (const { values } of sorted) writer.raw(bytesOf(values));
      for (const at of shape.order) this.#column(recording, entityPath, present[at]!, numRows, writer);
    } catch (error) {
      this.#transport.abort(writer);
      throw error;
    }
    return this.#transport.end(writer);
  }

  /** The recording is closed: its paths are forgotten on this side. */
  forgetRecording(recording: number): void {
    this.#paths.delete(recording);
    this.#lastRecording = -1;
    this.#lastPaths = undefined;
  }

  #column(
    recording: number,
    entityPath: string,
    column: ComponentColumnBatch,
    numRows: number,
    writer: ByteWriter,
  ): void {
    try {
      encodeColumn(column, numRows, writer);
    } catch (error) {
      writer.u32(0);
      writer.align(8);
      this.#onFailure({ recording, entityPath, spec: column.spec, error });
    }
  }

  /** @throws RerunError ERR_RERUN_DATA if nothing is left of the row. */
  #reportProblems(
    recording: number,
    entityPath: string,
    batches: readonly { readonly spec: ComponentSpec }[],
    left: number,
  ): void {
    for (const { spec } of batches) {
      if (spec.problem === undefined) continue;
      const error = new RerunError("ERR_RERUN_DATA", spec.problem);
      if (left === 0) throw error;
      this.#onFailure({ recording, entityPath, spec, error });
    }
  }

  /** The last one is written (`columnOrder`), as upstream. */
  #reportTwice(recording: number, entityPath: string, batches: readonly { readonly spec: ComponentSpec }[]): void {
    const seen = new Set<string>();
    for (const { spec } of batches) {
      const { component } = spec.descriptor;
      if (seen.has(component)) {
        const message = `${component} is there twice in one row, and the last one counts; give it once`;
        this.#onFailure({ recording, entityPath, spec, error: new RerunError("ERR_RERUN_DATA", message) });
      }
      seen.add(component);
    }
  }

  #pathsOf(recording: number): PathTable {
    if (recording === this.#lastRecording) return this.#lastPaths!;
    let paths = this.#paths.get(recording);
    if (paths === undefined) {
      paths = new PathTable(this.#transport, recording, this.#normalisePath);
      this.#paths.set(recording, paths);
    }
    this.#lastRecording = recording;
    this.#lastPaths = paths;
    return paths;
  }
}

/** Components without values are not in the row; few rows have such, so most are not copied. */
export function withoutGaps<T extends { readonly values: unknown }>(batches: readonly T[]): readonly T[] {
  for (const { values } of batches) {
    if (values === undefined) return batches.filter((batch) => batch.values !== undefined);
  }
  return batches;
}

function bytesOf(values: BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
