import type { Batch, DataType } from "@uwdata/flechette";
import { Type } from "../../arrow/ipc/format.ts";
import { formatError } from "./format-error.ts";

/** Types that we read but never write, so `arrow/ipc/format.ts` does not know them (Arrow's `Schema.fbs`; -1 is flechette's). */
const Foreign = {
  Dictionary: -1,
  Decimal: 7,
  Date: 8,
  Time: 9,
  Interval: 11,
  Map: 17,
  LargeBinary: 19,
  LargeUtf8: 20,
  LargeList: 21,
  RunEndEncoded: 22,
  BinaryView: 23,
  Utf8View: 24,
  ListView: 25,
  LargeListView: 26,
} as const;

/** A view: length, then up to 12 bytes of it, or 4 bytes, number of a buffer and offset in it. */
const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/** By unit: months; days and milliseconds; months, days and nanoseconds. */
const INTERVAL_BYTES: readonly number[] = [4, 8, 16];

/** What there is of a column, by type; flechette declares only what all have in common. */
interface Parts {
  readonly length: number;
  readonly type: DataType & { readonly stride?: number; readonly bitWidth?: number; readonly unit?: number };
  readonly values?: ArrayLike<number | bigint> & { readonly byteLength: number };
  readonly offsets?: ArrayLike<number | bigint>;
  readonly sizes?: ArrayLike<number | bigint>;
  readonly children?: readonly Parts[];
  readonly typeIds?: Int8Array;
  readonly typeMap?: Readonly<Record<number, number>>;
  readonly data?: readonly Uint8Array[];
  readonly dictionary?: { readonly data: readonly unknown[] };
}

/**
 * Makes sure that every value of a column is where its offsets say (I8). Without it a column that lies gives rows of
 * `undefined`, reads what belongs to others, or announces 2⁵³ rows of nothing.
 *
 * @param mostRows what a column may have that stores nothing per row, e.g. one of type Null.
 */
export function checkBatch(batch: Batch<unknown>, numRows: number, mostRows: number): void {
  const parts = batch as unknown as Parts;
  if (parts.length !== numRows) throw formatError(`an Arrow column of ${parts.length} rows among ${numRows}`);
  if (!isComplete(parts, mostRows)) throw formatError("an Arrow column without all of its values");
}

function isComplete(parts: Parts, mostRows: number): boolean {
  const { length, type, values, children = [] } = parts;
  if (!Number.isSafeInteger(length) || length < 0) return false;
  if (!children.every((child) => isComplete(child, mostRows))) return false;
  const { stride = 0, bitWidth = 128, unit = 0 } = type;
  const bytes = values?.byteLength ?? 0;
  const numValues = values?.length ?? 0;
  const numItems = children[0]?.length ?? 0;
  switch (type.typeId as number) {
    case Type.Null:
      return length <= mostRows;
    case Type.Bool:
      return bytes * 8 >= length;
    case Type.Int:
    case Type.FloatingPoint:
    case Type.Timestamp:
    case Type.Duration:
    case Foreign.Date:
    case Foreign.Time:
      return numValues >= length;
    case Foreign.Decimal:
      return bytes * 8 >= length * bitWidth;
    case Foreign.Interval:
      return bytes >= length * (INTERVAL_BYTES[unit] ?? Number.POSITIVE_INFINITY);
    case Type.FixedSizeBinary:
      return stride > 0 ? bytes >= length * stride : stride === 0 && length <= mostRows;
    case Type.FixedSizeList:
      return stride > 0 ? numItems >= length * stride : stride === 0 && length <= mostRows;
    case Type.Utf8:
    case Type.Binary:
    case Foreign.LargeUtf8:
    case Foreign.LargeBinary:
      return hasOffsets(parts, bytes);
    case Type.List:
    case Foreign.LargeList:
    case Foreign.Map:
      return hasOffsets(parts, numItems);
    case Foreign.ListView:
    case Foreign.LargeListView:
      return hasRanges(parts, numItems);
    case Type.Struct:
      return children.length > 0 ? children.every((child) => child.length >= length) : length <= mostRows;
    case Type.Union:
      return hasVariants(parts);
    case Foreign.BinaryView:
    case Foreign.Utf8View:
      return hasViews(parts);
    case Foreign.Dictionary:
      return numValues >= length && hasDictionary(parts, mostRows);
    case Foreign.RunEndEncoded:
      return hasRuns(parts);
    default:
      return false;
  }
}

/** From 0 or more to `end` or less, never going back. A column without rows may have none. */
function hasOffsets({ length, offsets }: Parts, end: number): boolean {
  if (length === 0) return true;
  if (offsets === undefined || offsets.length <= length) return false;
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = Number(offsets[i]);
    if (offset < last || offset > end) return false;
    last = offset;
  }
  return true;
}

function hasRanges({ length, offsets = [], sizes = [] }: Parts, end: number): boolean {
  if (offsets.length < length || sizes.length < length) return false;
  for (let i = 0; i < length; i++) {
    const offset = Number(offsets[i]);
    const size = Number(sizes[i]);
    if (offset < 0 || size < 0 || offset + size > end) return false;
  }
  return true;
}

function hasVariants({ length, typeIds = new Int8Array(), typeMap = {}, offsets, children = [] }: Parts): boolean {
  if (typeIds.length < length) return false;
  for (let i = 0; i < length; i++) {
    const child = children[typeMap[typeIds[i] as number] as number];
    // a sparse union has no offsets: its children are as long as itself
    const at = offsets ? Number(offsets[i] ?? -1) : i;
    if (child === undefined || at < 0 || at >= child.length) return false;
  }
  return true;
}

function hasViews({ length, values, data = [] }: Parts): boolean {
  const bytes = values as unknown as Uint8Array;
  if (bytes.length < length * VIEW_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < length * VIEW_BYTES; at += VIEW_BYTES) {
    const size = view.getInt32(at, true);
    if (size < 0) return false;
    if (size <= INLINE_BYTES) continue;
    const offset = view.getInt32(at + 12, true);
    if (offset < 0 || offset + size > (data[view.getInt32(at + 8, true)]?.length ?? 0)) return false;
  }
  return true;
}

function hasDictionary({ dictionary }: Parts, mostRows: number): boolean {
  return dictionary?.data.every((batch) => isComplete(batch as Parts, mostRows)) ?? false;
}

function hasRuns({ length, children: [runs, values] = [] }: Parts): boolean {
  if (length === 0) return true;
  if (runs === undefined || values === undefined || runs.length === 0 || values.length < runs.length) return false;
  return Number(runs.values?.[runs.length - 1]) >= length;
}
