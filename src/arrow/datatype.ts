/**
 * Arrow datatypes as plain data, in the encoding of `codegen/types.json`: a string for a primitive, an object for the rest.
 * Names are those of the Arrow columnar specification.
 */
export type PrimitiveType =
  | "Null"
  | "Boolean"
  | "Int8"
  | "Int16"
  | "Int32"
  | "Int64"
  | "UInt8"
  | "UInt16"
  | "UInt32"
  | "UInt64"
  | "Float16"
  | "Float32"
  | "Float64"
  | "Utf8"
  | "Binary";

export interface Field {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: DataType;
  /** Key/value metadata of the schema field; absent on nested fields. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface UnionField extends Field {
  readonly typeId: number;
}

export type DataType =
  | PrimitiveType
  | { readonly kind: "FixedSizeBinary"; readonly size: number }
  /** Nanoseconds since the Unix epoch, no time zone. */
  | { readonly kind: "Timestamp" }
  /** Nanoseconds. */
  | { readonly kind: "Duration" }
  | { readonly kind: "List"; readonly item: Field }
  | { readonly kind: "FixedSizeList"; readonly size: number; readonly item: Field }
  | { readonly kind: "Struct"; readonly fields: readonly Field[] }
  | { readonly kind: "Union"; readonly mode: "dense" | "sparse"; readonly fields: readonly UnionField[] };

/** Bytes of one value of a fixed-width primitive; `undefined` for Boolean (bits), Null and the variable-width ones. */
export function byteWidth(type: DataType): number | undefined {
  if (typeof type !== "string") {
    if (type.kind === "FixedSizeBinary") return type.size;
    return type.kind === "Timestamp" || type.kind === "Duration" ? 8 : undefined;
  }
  return WIDTHS[type];
}

/** The datatype of a component column: a list per row, whose items Rerun wants declared nullable. */
export function componentListType(type: DataType): Extract<DataType, { kind: "List" }> {
  return { kind: "List", item: { name: "item", nullable: true, type } };
}

const WIDTHS: Partial<Record<PrimitiveType, number>> = {
  Int8: 1,
  UInt8: 1,
  Int16: 2,
  UInt16: 2,
  Float16: 2,
  Int32: 4,
  UInt32: 4,
  Float32: 4,
  Int64: 8,
  UInt64: 8,
  Float64: 8,
};
