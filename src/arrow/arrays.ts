/**
 * Arrow arrays from JavaScript values, for tables that are made once, such as a file's manifest. Rows go through the column
 * builders instead.
 */
import type { ArrayData } from "./array-data.ts";
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

export function booleanArray(values: readonly boolean[]): ArrayData {
  return flat("Boolean", values.length, [NO_BYTES, bitmapOf(values)]);
}

export function uint64Array(values: readonly number[]): ArrayData {
  return flat("UInt64", values.length, [NO_BYTES, bytesOf(BigUint64Array.from(values, BigInt))]);
}

export function binaryArray(size: number, values: readonly Uint8Array[]): ArrayData {
  const bytes = new Uint8Array(size * values.length);
  for (const [i, value] of values.entries()) bytes.set(value, size * i);
  return flat({ kind: "FixedSizeBinary", size }, values.length, [NO_BYTES, bytes]);
}

/** 64-bit integers of any type that is stored as such; undefined becomes null. */
export function int64Array(type: DataType, values: readonly (bigint | undefined)[]): ArrayData {
  const valid = values.map((value) => value !== undefined);
  const nullCount = valid.filter((isValid) => !isValid).length;
  const data = bytesOf(BigInt64Array.from(values, (value) => value ?? 0n));
  return { ...flat(type, values.length, [nullCount === 0 ? NO_BYTES : bitmapOf(valid), data]), nullCount };
}

function flat(type: DataType, length: number, buffers: readonly Uint8Array[]): ArrayData {
  return { type, length, nullCount: 0, buffers, children: [] };
}

function bitmapOf(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array((bits.length + 7) >> 3);
  for (const [i, bit] of bits.entries()) if (bit) bytes[i >> 3] = (bytes[i >> 3] as number) | (1 << (i & 7));
  return bytes;
}

function bytesOf(view: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
