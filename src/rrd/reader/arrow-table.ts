import { tableFromIPC } from "@uwdata/flechette";
import { RerunError } from "../../errors.ts";
import type { ForeignArray, ForeignField } from "./arrow-arrays.ts";
import { checkedMessages } from "./ipc-stream.ts";

/** A table or record batch of apache-arrow, as far as we look into it. */
export interface ApacheTable {
  readonly schema: { readonly fields: readonly unknown[]; readonly metadata?: unknown };
  readonly batches?: readonly ApacheBatch[];
}
export interface ApacheBatch {
  readonly schema: { readonly fields: readonly unknown[]; readonly metadata?: unknown };
  readonly data: { readonly children: readonly unknown[] };
  getChildAt(index: number): { get(row: number): unknown } | null;
}
/** A table of flechette. */
export interface FlechetteTable {
  readonly schema: { readonly fields: readonly unknown[]; readonly metadata?: unknown };
  readonly children: readonly { readonly data: readonly unknown[] }[];
}
/** An Arrow table: an IPC stream, or what apache-arrow or flechette make of one. */
export type ArrowInput = Uint8Array | ApacheTable | ApacheBatch | FlechetteTable;

/** One batch: a column per field, and its values one by one for those that cannot be copied. */
export interface TableBatch {
  readonly numRows: number;
  readonly columns: readonly ForeignArray[];
  valueAt(column: number, row: number): unknown;
}

export interface ForeignTable {
  readonly metadata: ReadonlyMap<string, string>;
  readonly fields: readonly ForeignField[];
  readonly batches: readonly TableBatch[];
}

/**
 * What the three forms have in common.
 * @throws RerunError ERR_RERUN_DATA if it is none of them, ERR_RERUN_FORMAT if the stream is damaged.
 */
export function tableOf(input: ArrowInput): ForeignTable {
  if (input instanceof Uint8Array) {
    return flechetteTable(tableFromIPC(checkedMessages(input), { useBigInt: true }) as unknown as FlechetteTable);
  }
  const { schema } = (input ?? {}) as ApacheTable;
  if (Array.isArray(schema?.fields)) {
    if ("batches" in input || "data" in input) return apacheTable(input as ApacheTable | ApacheBatch);
    if ("children" in input) return flechetteTable(input);
  }
  throw new RerunError(
    "ERR_RERUN_DATA",
    "an Arrow table is needed: an IPC stream as a Uint8Array, or a table of apache-arrow or flechette",
  );
}

function apacheTable(input: ApacheTable | ApacheBatch): ForeignTable {
  const batches = "data" in input && !("batches" in input) ? [input] : ((input as ApacheTable).batches ?? []);
  return {
    ...schemaOf(input.schema),
    batches: batches.map((batch) => {
      const columns = batch.data.children as readonly ForeignArray[];
      return {
        numRows: columns[0]?.length ?? 0,
        columns,
        valueAt: (column, row) => batch.getChildAt(column)?.get(row),
      };
    }),
  };
}

function flechetteTable({ schema, children }: FlechetteTable): ForeignTable {
  type Batch = ForeignArray & { at(row: number): unknown };
  const columns = children.map(({ data }) => data as readonly Batch[]);
  return {
    ...schemaOf(schema),
    batches: (columns[0] ?? []).map(({ length }, i) => ({
      numRows: length,
      columns: columns.map((batches) => batches[i] as Batch),
      valueAt: (column, row) => columns[column]?.[i]?.at(row),
    })),
  };
}

function schemaOf({ fields, metadata }: ApacheTable["schema"]): Pick<ForeignTable, "fields" | "metadata"> {
  return { fields: fields as readonly ForeignField[], metadata: (metadata as Map<string, string> | null) ?? new Map() };
}
