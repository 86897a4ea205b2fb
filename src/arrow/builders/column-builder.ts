import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { DataType } from "../datatype.ts";

/**
 * Collects values of one datatype as Arrow buffers. There is one implementation per layout of the Arrow columnar format, in the
 * files beside this one; `create-column-builder.ts` chooses.
 *
 *   packed(T, n) ─▶ append ─▶ buffers that grow by doubling ─▶ finish ─▶ ArrayData (views)
 */
export interface ColumnBuilder {
  readonly type: DataType;
  /** Values so far. */
  readonly length: number;
  /** Bytes of the buffers so far, children included, without padding. */
  readonly byteLength: number;
  /** Appends packed(type, count); the reader stands behind it afterwards (`packed-values.ts`). */
  append(reader: ByteReader, count: number): void;
  /** Views of the buffers: valid until the next `append` or `reset`. */
  finish(): ArrayData;
  /** Empty again; the memory is kept. */
  reset(): void;
}

/** The validity buffer of a column without nulls. */
export const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
