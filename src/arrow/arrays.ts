/**
 * Arrow arrays from JavaScript values, for tables that are made once, such as a file's manifest. Rows go through the column
 * builders instead.
 */
import type { ArrayData } from "./array-data.ts";
import type { Bitmap } from "./builders/bitmap.ts";
import type { DataType } from "./datatype.ts";

const ENCODER = /* @__PURE__ */ new TextEncoder();
const NO_BYTES = /* @__PURE__ */ new Uint8Array(0);

export function utf8Array(values: readonly string[]): ArrayData {
  const texts = values.map((value) => ENCODER.encode(value));
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) offsets[i + 1] = (offsets[i] as number) + text.length;
  const bytes = new Uint8Array(offsets[texts.length] as number);
  for (const [i, text] of texts.entries()) bytes.set(text, offsets[i]);
  return flat("Utf8", values.length, [NO_BYTES, bytesOf(offsets), bytes]);
}

export function booleanArray(values: Bitmap): ArrayData {
  return flat("Boolean", values.length, [NO_BYTES, values.view()]);
}

export function uint64Array(values: readonly number[] | BigUint64Array<ArrayBuffer>): ArrayData {
  const words = values instanceof BigUint64Array ? values : BigUint64Array.from(values, BigInt);
  return flat("UInt64", values.length, [NO_BYTES, bytesOf(words)]);
}

export function binaryArray(size: number, values: readonly Uint8Array[]): ArrayData {
  const bytes = new Uint8Array(size * values.length);
  for (const [i, value] of values.entries()) bytes.set(value, size * i);
  return flat({ kind: "FixedSizeBinary", size }, values.length, [NO_BYTES, bytes]);
}

/** 64-bit integers of any type that is stored as such; those that are not `valid` are null. */
export function int64Array(type: DataType, values: BigInt64Array<ArrayBuffer>, valid: Bitmap): ArrayData {
  const nullCount = valid.zeros;
  const validity = nullCount === 0 ? NO_BYTES : valid.view();
  return { ...flat(type, values.length, [validity, bytesOf(values)]), nullCount };
}

function flat(type: DataType, length: number, buffers: readonly Uint8Array[]): ArrayData {
  return { type, length, nullCount: 0, buffers, children: [] };
}

function bytesOf(view: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
