import type { PrimitiveType } from "../arrow/datatype.ts";
import { typedArrayTag } from "../arrow/typed-array.ts";

/** Values with the datatype that was found for them. */
export interface TypedValues {
  readonly type: PrimitiveType;
  readonly values: unknown;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/**
 * The datatype of a free-form value:
 *
 *   string → Utf8 · boolean → Boolean · integer → Int64 · other number → Float64 · bigint → Int64 or UInt64
 *   typed array → its own type, one instance a number · array of one of these → as many instances
 *   everything else (null inside an array, objects, mixed arrays, the empty array) → its JSON text
 *
 * `undefined` (nothing to log) for undefined, null, functions and symbols.
 */
export function inferType(value: unknown): TypedValues | undefined {
  switch (typeof value) {
    case "string":
      return { type: "Utf8", values: value };
    case "boolean":
      return { type: "Boolean", values: value };
    case "number":
      return { type: Number.isSafeInteger(value) ? "Int64" : "Float64", values: value };
    case "bigint":
      return { type: bigintType([value]) ?? "Utf8", values: bigintType([value]) === undefined ? String(value) : value };
    case "object":
      return value === null ? undefined : ofObject(value);
    default:
      return undefined;
  }
}

function ofObject(value: object): TypedValues {
  if (ArrayBuffer.isView(value)) {
    const type = VIEW_TYPES[typedArrayTag(value)];
    if (type !== undefined) return { type, values: value };
  }
  if (Array.isArray(value)) {
    const type = arrayType(value);
    if (type !== undefined) return { type, values: value };
  }
  return { type: "Utf8", values: jsonText(value) };
}

function arrayType(values: readonly unknown[]): PrimitiveType | undefined {
  if (values.length === 0) return undefined;
  const kind = typeof values[0];
  if (kind === "string" || kind === "boolean") {
    if (!values.every((value) => typeof value === kind)) return undefined;
    return kind === "string" ? "Utf8" : "Boolean";
  }
  if (values.every((value) => typeof value === "number"))
    return values.every(Number.isSafeInteger) ? "Int64" : "Float64";
  if (values.every((value) => typeof value === "bigint")) return bigintType(values as bigint[]);
  return undefined;
}

function bigintType(values: readonly bigint[]): PrimitiveType | undefined {
  if (values.every((value) => value >= INT64_MIN && value <= INT64_MAX)) return "Int64";
  return values.every((value) => value >= 0n && value <= UINT64_MAX) ? "UInt64" : undefined;
}

/** JSON, or what `String` makes of a value that JSON cannot hold (cycles, a `toJSON` that throws). */
function jsonText(value: object): string {
  try {
    return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part)) ?? "";
  } catch {
    return Object.prototype.toString.call(value);
  }
}

const VIEW_TYPES: Partial<Record<string, PrimitiveType>> = {
  Int8Array: "Int8",
  Uint8Array: "UInt8",
  Uint8ClampedArray: "UInt8",
  Int16Array: "Int16",
  Uint16Array: "UInt16",
  Int32Array: "Int32",
  Uint32Array: "UInt32",
  BigInt64Array: "Int64",
  BigUint64Array: "UInt64",
  Float16Array: "Float16",
  Float32Array: "Float32",
  Float64Array: "Float64",
};
