import type { DataType } from "../../../src/arrow/datatype.ts";

/** Decoders give the value of a union without its variant. */
export function withoutVariants(type: DataType, instance: unknown): unknown {
  if (instance === null || typeof type === "string") return instance;
  switch (type.kind) {
    case "List":
    case "FixedSizeList":
      return (instance as unknown[]).map((item) => withoutVariants(type.item.type, item));
    case "Struct":
      return Object.fromEntries(
        type.fields.map((field) => [
          field.name,
          withoutVariants(field.type, (instance as Record<string, unknown>)[field.name]),
        ]),
      );
    case "Union":
      return Object.values(instance as object)[0];
    default:
      return instance;
  }
}
