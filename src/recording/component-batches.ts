import { RerunError } from "../errors.ts";
import type { AsComponents, ComponentBatch, ComponentColumnBatch } from "../rrd/component-batch.ts";
import type { Loggable } from "./recording-options.ts";

/** Columns for `sendColumns`: single ones, or the several that `X.columns({...})` gives. */
export type ColumnsInput = Iterable<ComponentColumnBatch | Iterable<ComponentColumnBatch>>;

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

export function columnBatchesOf(columns: ColumnsInput): ComponentColumnBatch[] {
  return Array.from(columns).flatMap((column) => (Symbol.iterator in column ? [...column] : [column]));
}

/**
 * How many rows columns have: as many as every index, or, for static ones, as the first column.
 * @throws RerunError ERR_RERUN_ARGUMENT if the lengths differ (C17).
 */
export function rowsOf(
  indexes: readonly { readonly timeline: { readonly name: string }; readonly values: BigInt64Array }[],
  columns: readonly ComponentColumnBatch[],
): number {
  const rows = indexes[0]?.values.length ?? rowsOfColumn(columns[0]);
  for (const { timeline, values } of indexes) {
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
