import type { DataType, Field } from "../../../src/arrow/datatype.ts";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";

/**
 * Reads packed values back by the table in `arrow/packed-values.ts`, slowly and plainly: one JavaScript value per instance,
 * 64-bit integers as bigint, unions as `{ variant: value }` or null.
 */
export function unpack(type: DataType, count: number, bytes: Uint8Array): unknown[] {
  const reader = new ByteReader(bytes);
  const values = read(type, count, reader);
  if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes left`);
  return values;
}

export function read(type: DataType, count: number, reader: ByteReader): unknown[] {
  if (count === 0) return [];
  if (typeof type === "string") {
    if (type === "Null") return times(count, () => null);
    if (type === "Boolean") return times(count, () => reader.u8() === 1);
    if (type === "Utf8" || type === "Binary") {
      const lengths = times(count, () => reader.u32());
      return lengths.map((length) => {
        const bytes = reader.raw(length).slice();
        return type === "Utf8" ? new TextDecoder("utf-8", { fatal: true }).decode(bytes) : bytes;
      });
    }
    return times(count, () => number(type, reader));
  }
  switch (type.kind) {
    case "FixedSizeBinary":
      return times(count, () => reader.raw(type.size).slice());
    case "List": {
      const lengths = times(count, () => reader.u32());
      const items = child(type.item, sum(lengths), reader);
      return lengths.map((length) => items.splice(0, length));
    }
    case "FixedSizeList": {
      const items = child(type.item, count * type.size, reader);
      return times(count, () => items.splice(0, type.size));
    }
    case "Struct": {
      const columns = type.fields.map((field) => child(field, count, reader));
      return times(count, (i) => Object.fromEntries(type.fields.map((field, f) => [field.name, columns[f]?.[i]])));
    }
    case "Union": {
      const ids = times(count, () => reader.u8());
      const columns = type.fields.map((field) => child(field, reader.u32(), reader));
      return ids.map((id) => {
        const index = type.fields.findIndex((field) => field.typeId === id);
        const value = columns[index]?.shift();
        const name = type.fields[index]?.name as string;
        return name === "_null_markers" ? null : { [name]: value };
      });
    }
    default:
      return times(count, () => reader.i64());
  }
}

function child(field: Field, count: number, reader: ByteReader): unknown[] {
  const valid = count > 0 && field.nullable && reader.u8() === 1 ? times(count, () => reader.u8() === 1) : undefined;
  return read(field.type, count, reader).map((value, i) => (valid === undefined || valid[i] ? value : null));
}

function number(type: string, reader: ByteReader): unknown {
  switch (type) {
    case "Int8":
      return (reader.u8() << 24) >> 24;
    case "UInt8":
      return reader.u8();
    case "Int16":
      return (reader.u16() << 16) >> 16;
    case "UInt16":
      return reader.u16();
    case "Int32":
      return reader.u32() | 0;
    case "UInt32":
      return reader.u32();
    case "Int64":
      return reader.i64();
    case "UInt64":
      return BigInt.asUintN(64, reader.i64());
    case "Float16":
      return halfValue(reader.u16());
    case "Float32":
      return reader.f32();
    default:
      return reader.f64();
  }
}

/** Straight from the definition of IEEE 754 binary16. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * 2 ** -24 * fraction : sign * 2 ** (exponent - 25) * (1024 + fraction);
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
