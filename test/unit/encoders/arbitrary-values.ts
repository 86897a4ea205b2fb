import fc from "fast-check";
import type { DataType, Field } from "../../../src/arrow/datatype.ts";

/** Random instances of a datatype, in the form that reading them back gives. */
export function arbitraryInstance(type: DataType): fc.Arbitrary<unknown> {
  if (typeof type === "string") return primitive(type);
  switch (type.kind) {
    case "FixedSizeBinary":
      return fc.uint8Array({ minLength: type.size, maxLength: type.size });
    case "List":
      return fc.array(ofField(type.item), { maxLength: 5 });
    case "FixedSizeList":
      return fc.array(ofField(type.item), { minLength: type.size, maxLength: type.size });
    case "Struct":
      return fc.record(Object.fromEntries(type.fields.map((field) => [field.name, ofField(field)])));
    case "Union":
      return fc.oneof(
        fc.constant(null),
        ...type.fields
          .filter((field) => field.name !== "_null_markers")
          .map((field) => arbitraryInstance(field.type).map((value) => ({ [field.name]: value }))),
      );
    default:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  }
}

function ofField(field: Field): fc.Arbitrary<unknown> {
  const instance = arbitraryInstance(field.type);
  return field.nullable ? fc.option(instance, { nil: null }) : instance;
}

function primitive(type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case "Null":
      return fc.constant(null);
    case "Boolean":
      return fc.boolean();
    case "Utf8":
      return fc.string({ unit: "grapheme" });
    case "Binary":
      return fc.uint8Array();
    case "Int64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "UInt64":
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "Float16":
      return fc.integer({ min: -2048, max: 2048 }).map((value) => value / 32 + 0);
    case "Float32":
      return fc.float();
    case "Float64":
      return fc.double();
    default: {
      const bits = Number(/\d+/.exec(type)?.[0]);
      return type.startsWith("U")
        ? fc.integer({ min: 0, max: 2 ** bits - 1 })
        : fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
    }
  }
}
