import type { Builder } from "flatbuffers";
import type { DataType, PrimitiveType } from "../datatype.ts";
import { Precision, TimeUnit, Type, UnionMode } from "./format.ts";

/** A type's table in a schema: its id in the union `Type`, and what is written of it. Equal JSON means equal table. */
export interface TypeTable {
  readonly id: number;
  readonly parameters: readonly (number | readonly number[])[];
  write(builder: Builder): number;
}

export function writeType(type: DataType): TypeTable {
  if (typeof type === "string") return primitive(type);
  switch (type.kind) {
    case "FixedSizeBinary":
      return table(Type.FixedSizeBinary, [type.size], (builder) => builder.addFieldInt32(0, type.size, 0));
    case "FixedSizeList":
      return table(Type.FixedSizeList, [type.size], (builder) => builder.addFieldInt32(0, type.size, 0));
    case "Timestamp":
      return table(Type.Timestamp, [], (builder) => builder.addFieldInt16(0, TimeUnit.NANOSECOND, 0));
    case "Duration":
      return table(Type.Duration, [], (builder) => builder.addFieldInt16(0, TimeUnit.NANOSECOND, 1));
    case "List":
      return table(Type.List, []);
    case "Struct":
      return table(Type.Struct, []);
    case "Union":
      return union(
        type.mode === "dense" ? UnionMode.Dense : UnionMode.Sparse,
        type.fields.map(({ typeId }) => typeId),
      );
  }
}

function primitive(type: PrimitiveType): TypeTable {
  switch (type) {
    case "Null":
      return table(Type.Null, []);
    case "Boolean":
      return table(Type.Bool, []);
    case "Utf8":
      return table(Type.Utf8, []);
    case "Binary":
      return table(Type.Binary, []);
    case "Float16":
      return floatingPoint(Precision.HALF);
    case "Float32":
      return floatingPoint(Precision.SINGLE);
    case "Float64":
      return floatingPoint(Precision.DOUBLE);
    default:
      return int(Number(type.replace(/^U?Int/, "")), !type.startsWith("U"));
  }
}

function floatingPoint(precision: number): TypeTable {
  return table(Type.FloatingPoint, [precision], (builder) => builder.addFieldInt16(0, precision, 0));
}

function int(bitWidth: number, isSigned: boolean): TypeTable {
  return table(Type.Int, [bitWidth, isSigned ? 1 : 0], (builder) => {
    builder.addFieldInt32(0, bitWidth, 0);
    builder.addFieldInt8(1, isSigned ? 1 : 0, 0);
  });
}

function union(mode: number, typeIds: readonly number[]): TypeTable {
  return {
    id: Type.Union,
    parameters: [mode, typeIds],
    write(builder) {
      builder.startVector(4, typeIds.length, 4);
      for (const typeId of typeIds.toReversed()) builder.addInt32(typeId);
      const vector = builder.endVector();
      builder.startObject(2);
      builder.addFieldInt16(0, mode, 0);
      builder.addFieldOffset(1, vector, 0);
      return builder.endObject();
    },
  };
}

function table(id: number, parameters: readonly number[], fields: (builder: Builder) => void = () => {}): TypeTable {
  return {
    id,
    parameters,
    write(builder) {
      builder.startObject(2);
      fields(builder);
      return builder.endObject();
    },
  };
}
