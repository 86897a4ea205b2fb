import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import type { TimeColumn } from "../pipeline/row-encoder.ts";
import type { AsComponents, ComponentBatch, ComponentColumnBatch } from "../rrd/component-batch.ts";
import type { Loggable } from "./recording-options.ts";

/** Columns for `sendColumns`: single ones, or the several that `X.columns({...})` gives. */
export type ColumnsInput = Iterable<ComponentColumnBatch | Iterable<ComponentColumnBatch>>;

/** What `sendColumns` sends. */
export interface ColumnsContent {
  readonly indexes: readonly TimeColumn[];
  readonly columns: ColumnsInput;
}

/**
 * The component batches of one row.
 * @throws RerunError ERR_RERUN_DATA if it is nothing that can be logged.
 */
export function batchesOf(entity: Loggable): readonly ComponentBatch[] {
  if (typeof (entity as AsComponents | undefined)?.asComponentBatches === "function") {
    return (entity as AsComponents).asComponentBatches();
  }
  if (Array.isArray(entity)) return entity.flatMap((one: AsComponents) => batchesOf(one));
  throw new RerunError(
    "ERR_RERUN_DATA",
    `only archetypes and other objects with asComponentBatches() can be logged, got ${entity === null ? "null" : typeof entity}; for plain values use anyValues({ ... })`,
  );
}

/**
 * What `logBatches` is given.
 * @throws RerunError ERR_RERUN_ARGUMENT for what are no batches.
 */
export function checkedBatches(batches: readonly ComponentBatch[]): readonly ComponentBatch[] {
  if (Array.isArray(batches) && batches.every((batch) => batch?.spec?.descriptor !== undefined)) return batches;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    "logBatches takes an array of component batches, { spec: { descriptor, type }, values }; archetypes are logged by log",
  );
}

/**
 * The time columns of `sendColumns`.
 * @throws RerunError ERR_RERUN_ARGUMENT for what is none.
 */
export function timeColumnsOf(indexes: readonly TimeColumn[]): readonly TimeColumn[] {
  if (!Array.isArray(indexes) || !indexes.every(isTimeColumn)) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      'indexes must be an array of time columns, as timeColumn("frame", { sequence: [1, 2] }) makes them; [] for static rows',
    );
  }
  return indexes;
}

/** What a chunk cannot have two of. */
export function twice(what: string): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", `${what} is given twice; give it once`);
}

function isTimeColumn(column: Partial<TimeColumn> | null | undefined): boolean {
  const { timeline, values } = column ?? {};
  return typeof timeline?.name === "string" && ArrayBuffer.isView(values) && typedArrayTag(values) === "BigInt64Array";
}

/**
 * The component columns of `sendColumns`.
 * @throws RerunError ERR_RERUN_ARGUMENT for what is none.
 */
export function columnBatchesOf(columns: ColumnsInput): ComponentColumnBatch[] {
  if (!isIterable(columns)) throw notColumns(columns);
  return Array.from(columns).flatMap((given) => {
    const batches = isIterable(given) ? [...given] : [given];
    for (const batch of batches) if (batch?.spec?.descriptor === undefined) throw notColumns(batch);
    return batches;
  });
}

function isIterable(value: unknown): value is Iterable<ComponentColumnBatch> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function notColumns(given: unknown): RerunError {
  const isArchetype = typeof (given as Partial<AsComponents> | undefined)?.asComponentBatches === "function";
  const name = isArchetype ? (given as object).constructor.name : "";
  const advice = isArchetype
    ? `one ${name} is one row; for many rows give ${name}.columns({ ... })`
    : `got ${given === null ? "null" : typeof given}`;
  return new RerunError(
    "ERR_RERUN_ARGUMENT",
    `columns must be component columns, as Scalars.columns({ scalars: [1, 2] }) makes them; ${advice}`,
  );
}

/**
 * How many rows columns have: as many as every index, or, for static ones, as the first column.
 * @throws RerunError ERR_RERUN_ARGUMENT if the lengths differ (C17), or a timeline comes twice: a chunk has one column for each.
 */
export function rowsOf(indexes: readonly TimeColumn[], columns: readonly ComponentColumnBatch[]): number {
  const rows = indexes[0]?.values.length ?? rowsOfColumn(columns[0]);
  const names = new Set<string>();
  for (const { timeline, values } of indexes) {
    if (names.has(timeline.name)) throw twice(`timeline "${timeline.name}"`);
    names.add(timeline.name);
    if (values.length !== rows) throw unequal(`time column "${timeline.name}"`, values.length, rows);
  }
  for (const { spec, lengths } of columns) {
    if (lengths !== undefined && lengths.length !== rows) {
      throw unequal(`column ${spec.descriptor.component}`, lengths.length, rows);
    }
  }
  return rows;
}

function rowsOfColumn(column: ComponentColumnBatch | undefined): number {
  if (column === undefined) return 0;
  const { lengths, values } = column;
  if (lengths !== undefined) return lengths.length;
  return Array.isArray(values) || ArrayBuffer.isView(values) ? (values as unknown as ArrayLike<unknown>).length : 1;
}

function unequal(what: string, length: number, rows: number): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", `${what} has ${length} rows, the others ${rows}; all must have the same`);
}
