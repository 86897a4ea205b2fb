import { RerunError } from "../../errors.ts";
import { byteWidth, type DataType, type Field } from "../datatype.ts";
import { BooleanBuilder } from "./boolean-builder.ts";
import { BytesBuilder } from "./bytes-builder.ts";
import { ChildBuilder } from "./child-builder.ts";
import type { ColumnBuilder } from "./column-builder.ts";
import { FixedSizeListBuilder } from "./fixed-size-list-builder.ts";
import { FixedWidthBuilder } from "./fixed-width-builder.ts";
import { ListBuilder } from "./list-builder.ts";
import { NullBuilder } from "./null-builder.ts";
import { StructBuilder } from "./struct-builder.ts";
import { UnionBuilder } from "./union-builder.ts";

/**
 * The builder of a datatype.
 * @throws RerunError ERR_RERUN_DATA for a sparse union, which no Rerun component has.
 */
export function createColumnBuilder(type: DataType): ColumnBuilder {
  const width = byteWidth(type);
  if (width !== undefined) return new FixedWidthBuilder(type, width);
  if (typeof type === "string") {
    if (type === "Boolean") return new BooleanBuilder();
    return type === "Utf8" || type === "Binary" ? new BytesBuilder(type) : new NullBuilder();
  }
  switch (type.kind) {
    case "List":
      return new ListBuilder(type, childBuilder(type.item));
    case "FixedSizeList":
      return new FixedSizeListBuilder(type, childBuilder(type.item));
    case "Struct":
      return new StructBuilder(type, type.fields.map(childBuilder));
    case "Union":
      if (type.mode === "dense") return new UnionBuilder(type, type.fields.map(childBuilder));
  }
  throw new RerunError("ERR_RERUN_DATA", "sparse unions cannot be written, use a dense union");
}

function childBuilder(field: Field): ChildBuilder {
  return new ChildBuilder(field, createColumnBuilder(field.type));
}
