import type { Field as ArrowField, DataType as ArrowType } from "@uwdata/flechette";
import type { DataType, Field } from "../../arrow/datatype.ts";
import { Precision, TimeUnit, Type, UnionMode } from "../../arrow/ipc/format.ts";

/**
 * An Arrow type as our encoders know it; undefined for those that no Rerun component has (large and view types, dictionaries,
 * dates, times in other units). Such columns are read, but no index of ours can describe them.
 */
export function columnType(type: ArrowType): DataType | undefined {
  switch (type.typeId) {
    case Type.Null:
      return "Null";
    case Type.Bool:
      return "Boolean";
    case Type.Int:
      return `${type.signed ? "Int" : "UInt"}${type.bitWidth}`;
    case Type.FloatingPoint:
      if (type.precision === Precision.HALF) return "Float16";
      return type.precision === Precision.SINGLE ? "Float32" : "Float64";
    case Type.Utf8:
      return "Utf8";
    case Type.Binary:
      return "Binary";
    case Type.FixedSizeBinary:
      return { kind: "FixedSizeBinary", size: type.stride };
    case Type.Timestamp:
      return type.unit === TimeUnit.NANOSECOND && !type.timezone ? { kind: "Timestamp" } : undefined;
    case Type.Duration:
      return type.unit === TimeUnit.NANOSECOND ? { kind: "Duration" } : undefined;
    case Type.List: {
      const item = fieldOf(type.children[0]);
      return item && { kind: "List", item };
    }
    case Type.FixedSizeList: {
      const item = fieldOf(type.children[0]);
      return item && { kind: "FixedSizeList", size: type.stride, item };
    }
    case Type.Struct: {
      const fields = fieldsOf(type.children);
      return fields && { kind: "Struct", fields };
    }
    case Type.Union: {
      const fields = fieldsOf(type.children)?.map((field, i) => ({ ...field, typeId: type.typeIds[i] as number }));
      return fields && { kind: "Union", mode: type.mode === UnionMode.Dense ? "dense" : "sparse", fields };
    }
    default:
      return undefined;
  }
}

function fieldOf(field: ArrowField | undefined): Field | undefined {
  if (field === undefined) return undefined;
  const type = columnType(field.type);
  return type && { name: field.name, nullable: field.nullable, type };
}

function fieldsOf(children: readonly ArrowField[]): Field[] | undefined {
  const fields = children.map(fieldOf);
  return fields.every((field) => field !== undefined) ? fields : undefined;
}
