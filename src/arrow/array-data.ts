import type { DataType } from "./datatype.ts";

/**
 * One finished Arrow array: exactly what a record batch stores of a column.
 *
 * `buffers` are those of the array itself in IPC order (validity first; an empty one means "no nulls", unions have none),
 * with exact lengths: padding is the IPC writer's business (`rerun rrd compare` looks at the lengths, rrd-format §4).
 */
export interface ArrayData {
  readonly type: DataType;
  readonly length: number;
  readonly nullCount: number;
  readonly buffers: readonly Uint8Array[];
  readonly children: readonly ArrayData[];
}
