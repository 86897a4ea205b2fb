import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteWriter } from "../bytes/byte-writer.ts";
import type { Attributes, AttributeValue } from "./model.ts";

/** Attribute values inside a telemetry record: a tag, then the value. */
const Tag = { null: 0, string: 1, number: 2, bigint: 3, true: 4, false: 5, list: 6, map: 7 } as const;

/** Deeper values become null: attributes come from user code and may contain themselves. */
const MAX_DEPTH = 8;

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** u32 count, then key and value of each. Values that OpenTelemetry does not know (functions, dates) are left out. */
export function writeAttributes(writer: ByteWriter, attributes: Attributes): void {
  writeMap(writer, attributes, 0);
}

export function readAttributes(reader: ByteReader): Attributes {
  return readMap(reader);
}

export function writeValue(writer: ByteWriter, value: AttributeValue, depth = 0): void {
  switch (typeof value) {
    case "string":
      writer.u8(Tag.string);
      writer.string(value);
      return;
    case "number":
      writer.u8(Tag.number);
      writer.f64(value);
      return;
    case "boolean":
      writer.u8(value ? Tag.true : Tag.false);
      return;
    case "bigint":
      if (value < INT64.min || value > INT64.max) {
        writer.u8(Tag.string);
        writer.string(String(value));
        return;
      }
      writer.u8(Tag.bigint);
      writer.i64(value);
      return;
    default:
      if (value === null || value === undefined || depth >= MAX_DEPTH) writer.u8(Tag.null);
      else if (Array.isArray(value)) {
        writer.u8(Tag.list);
        writer.u32(value.length);
        for (const item of value as readonly AttributeValue[]) writeValue(writer, item, depth + 1);
      } else {
        writer.u8(Tag.map);
        writeMap(writer, value as Attributes, depth + 1);
      }
  }
}

export function readValue(reader: ByteReader): AttributeValue {
  switch (reader.u8()) {
    case Tag.string:
      return reader.string();
    case Tag.number:
      return reader.f64();
    case Tag.bigint:
      return reader.i64();
    case Tag.true:
      return true;
    case Tag.false:
      return false;
    case Tag.list:
      return Array.from({ length: reader.u32() }, () => readValue(reader));
    case Tag.map:
      return readMap(reader);
    default:
      return null;
  }
}

function writeMap(writer: ByteWriter, map: Attributes, depth: number): void {
  const at = writer.reserve(4);
  writer.u32(0);
  let count = 0;
  for (const key in map) {
    const value = map[key];
    if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
    writer.string(key);
    writeValue(writer, value, depth);
    count++;
  }
  writer.patchU32(at, count);
}

function readMap(reader: ByteReader): Attributes {
  const map: Record<string, AttributeValue> = {};
  for (let count = reader.u32(); count > 0; count--) {
    const key = reader.string();
    const value = readValue(reader);
    // `__proto__` is a name like any other here, not a prototype to set
    if (key === "__proto__") Object.defineProperty(map, key, { value, enumerable: true });
    else map[key] = value;
  }
  return map;
}
