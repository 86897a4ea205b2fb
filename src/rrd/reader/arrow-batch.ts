import { type Batch, type Field, tableFromIPC } from "@uwdata/flechette";
import { checkBatch } from "./check-batch.ts";
import { checkedMessages } from "./ipc-stream.ts";

/** The columns of one record batch, with what their schema says of them. */
export interface ArrowBatch {
  readonly metadata: ReadonlyMap<string, string>;
  readonly numRows: number;
  readonly columns: readonly ArrowColumn[];
}

export interface ArrowColumn {
  readonly field: Field;
  readonly metadata: ReadonlyMap<string, string>;
  readonly values: Batch<unknown>;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * Reads the first batch of an IPC stream. Values are decoded when they are asked for: 64-bit numbers, times and durations as
 * `bigint`, so that no digit is lost.
 *
 * @throws RerunError ERR_RERUN_FORMAT
 */
export function readBatch(ipc: Uint8Array): ArrowBatch {
  const table = tableFromIPC(checkedMessages(ipc), {
    useBigInt: true,
    useBigIntTimestamp: true,
    useDecimalInt: true,
    useMap: true,
  });
  // columns that store nothing may have no more rows than there are bits
  const mostRows = ipc.length * 8;
  const numRows = table.children[0]?.length ?? 0;
  const columns = table.schema.fields.map((field, i) => {
    const values = table.getChildAt(i).data[0] as Batch<unknown>;
    checkBatch(values, numRows, mostRows);
    return { field, metadata: field.metadata ?? NOTHING, values };
  });
  return { metadata: table.schema.metadata ?? NOTHING, numRows, columns };
}
