import * as arrow from "apache-arrow";
import type { ArrayData } from "../../../src/arrow/array-data.ts";
import type { DataType, Field } from "../../../src/arrow/datatype.ts";

/** Hands our buffers to apache-arrow as they are, so that it decides what they mean. */
export function toApacheArrow(array: ArrayData): arrow.Vector {
  return new arrow.Vector([dataOf(array)]);
}

function dataOf({ type, length, nullCount, buffers, children }: ArrayData): arrow.Data {
  const kind = typeof type === "string" ? type : type.kind;
  const [first, second, third] = buffers.map((buffer) => buffer.slice());
  const below = children.map(dataOf);
  const data = (parts: { offsets?: Uint8Array; values?: unknown; types?: Uint8Array }, validity?: Uint8Array) => {
    const offsets = parts.offsets === undefined ? undefined : new Int32Array(parts.offsets.buffer);
    const types = parts.types === undefined ? undefined : new Int8Array(parts.types.buffer);
    const given = { 0: offsets, 1: parts.values, 2: validity, 3: types } as unknown as ConstructorParameters<
      typeof arrow.Data
    >[4];
    return new arrow.Data(typeOf(type), 0, length, nullCount, given, below);
  };
  const validity = first?.length ? first : undefined;
  switch (kind) {
    case "Null":
      return data({});
    case "Union":
      return data({ types: first as Uint8Array, offsets: second as Uint8Array });
    case "List":
      return data({ offsets: second as Uint8Array }, validity);
    case "FixedSizeList":
    case "Struct":
      return data({}, validity);
    case "Utf8":
    case "Binary":
      return data({ offsets: second as Uint8Array, values: third }, validity);
    default: {
      const { ArrayType } = typeOf(type) as unknown as { ArrayType: new (buffer: ArrayBuffer) => unknown };
      return data({ values: new ArrayType((second as Uint8Array<ArrayBuffer>).buffer) }, validity);
    }
  }
}

function fieldOf({ name, nullable, type }: Field): arrow.Field {
  return new arrow.Field(name, typeOf(type), nullable);
}

function typeOf(type: DataType): arrow.DataType {
  if (typeof type === "string") return new PRIMITIVES[type]();
  switch (type.kind) {
    case "FixedSizeBinary":
      return new arrow.FixedSizeBinary(type.size);
    case "Timestamp":
      return new arrow.Int64(); // the same bytes; apache-arrow would round them to milliseconds
    case "Duration":
      return new arrow.DurationNanosecond();
    case "List":
      return new arrow.List(fieldOf(type.item));
    case "FixedSizeList":
      return new arrow.FixedSizeList(type.size, fieldOf(type.item));
    case "Struct":
      return new arrow.Struct(type.fields.map(fieldOf));
    case "Union":
      return new arrow.DenseUnion(
        type.fields.map((field) => field.typeId),
        type.fields.map(fieldOf),
      );
  }
}

const PRIMITIVES = {
  Null: arrow.Null,
  Boolean: arrow.Bool,
  Int8: arrow.Int8,
  Int16: arrow.Int16,
  Int32: arrow.Int32,
  Int64: arrow.Int64,
  UInt8: arrow.Uint8,
  UInt16: arrow.Uint16,
  UInt32: arrow.Uint32,
  UInt64: arrow.Uint64,
  Float16: arrow.Float16,
  Float32: arrow.Float32,
  Float64: arrow.Float64,
  Utf8: arrow.Utf8,
  Binary: arrow.Binary,
};
