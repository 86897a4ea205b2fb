import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import type { ShapeDefinition } from "../record.ts";

/**
 * What stands in the blocks of a journal: rows with everything a reader needs, but the definitions of their paths and shapes,
 * which come before their first row of a generation.
 *
 *   definition   u32 size · u32 0 · JSON
 *   row          u32 size · u32 path · u32 shape · 16 B row id · [i64 log_time] · i64 per timeline · per column: u32 n, packed(T, n)
 *
 * Rows stand here as they enter the accumulators, behind the layout: reading a journal needs no layout, and whatever state the
 * layout had when the process died, its rows are there with their ids. A scalar row takes 56 bytes.
 */
export type JournalDefinition =
  | { readonly path: number; readonly store: StoreId; readonly entityPath: string }
  | { readonly shape: number; readonly definition: ShapeDefinition };

/** A row of a journal, and what is needed to put it into columns. */
export interface JournalRow {
  readonly store: StoreId;
  readonly entityPath: string;
  readonly shape: ShapeDefinition;
  /** 16 bytes, big endian. */
  readonly rowId: Uint8Array;
  /** Stands at the first time; `log_time` first if the shape has it. */
  readonly reader: ByteReader;
}

export const ENTRY_HEADER_BYTES = 8;
export const ROW_ID_BYTES = 16;

/** In the place of a path: a definition. */
export const DEFINITION = 0;
