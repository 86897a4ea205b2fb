import type { DataType, Field } from "../../arrow/datatype.ts";
import { typedArrayTag } from "../../arrow/typed-array.ts";
import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { RerunError } from "../../errors.ts";

/** The nested datatype of one kind. */
export type NestedType<Kind extends string> = Extract<DataType, { readonly kind: Kind }>;

/**
 * How values of one datatype become packed values (`arrow/packed-values.ts`). Composed once per datatype, from the inside out:
 * one file per kind beside this one.
 */
export interface Codec {
  readonly type: DataType;
  /** Writes packed(T, n) of `values` in any form that is understood, and returns n. */
  encode(values: unknown, writer: ByteWriter): number;
  /** Writes packed(T, instances.length). Every element is exactly one instance. */
  encodeAll(instances: readonly unknown[], writer: ByteWriter): void;
  /** Whether the value reads as one instance. A guess by form: a wrong content is found while encoding. */
  isInstance(value: unknown): boolean;
  /** What stands in the place of a null. */
  readonly zero: unknown;
  /** packed(a) followed by packed(b) is packed(a and b): nothing but fixed-width values inside. */
  readonly concatenates: boolean;
  /** Takes null by itself: Null and Union have no validity bitmap. */
  readonly takesNull: boolean;
  /** How many numbers make one instance, when instances may come as flat numbers. */
  readonly numbersPerInstance: number | undefined;
}

/** Writes the child of a nested type: nullable fields say first which values are null, unless there are no values. */
export function encodeField(field: Field, codec: Codec, values: readonly unknown[], writer: ByteWriter): void {
  if (values.length === 0) return;
  if (field.nullable) {
    const hasNulls = !codec.takesNull && values.some(isNull);
    writer.u8(hasNulls ? 1 : 0);
    if (hasNulls) {
      for (const value of values) writer.u8(isNull(value) ? 0 : 1);
      codec.encodeAll(
        values.map((value) => value ?? codec.zero),
        writer,
      );
      return;
    }
  }
  codec.encodeAll(values, writer);
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

/** A value that does not fit its datatype. The caller puts component or field in front. */
export function misfit(type: DataType, value: unknown): RerunError {
  return new RerunError("ERR_RERUN_DATA", `expected ${typeName(type)}, got ${preview(value)}`);
}

/** Short Arrow notation, e.g. `FixedSizeList<Float32, 3>`. */
export function typeName(type: DataType): string {
  if (typeof type === "string") return type;
  switch (type.kind) {
    case "List":
      return `List<${typeName(type.item.type)}>`;
    case "FixedSizeList":
      return `FixedSizeList<${typeName(type.item.type)}, ${type.size}>`;
    case "FixedSizeBinary":
      return `FixedSizeBinary(${type.size})`;
    case "Struct":
    case "Union":
      return `${type.kind}{${type.fields.map((field) => field.name).join(", ")}}`;
    default:
      return type.kind;
  }
}

const PREVIEW_LENGTH = 40;

function preview(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const { length } = value as unknown as ArrayLike<unknown>;
    const first = length > 0 && Array.isArray(value) ? ` starting with ${typeof value[0]}` : "";
    return `${Array.isArray(value) ? "an array" : typedArrayTag(value)} of ${length}${first}`;
  }
  if (typeof value === "object") {
    const keys = shorten(Object.keys(value).join(", "));
    return keys === "" ? "an empty object" : `an object with ${keys}`;
  }
  return `${shorten(String(value))} (${typeof value})`;
}

function shorten(text: string): string {
  return text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH)}…` : text;
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

export function bytesOf(value: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}
