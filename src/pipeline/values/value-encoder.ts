/**
 * Values as users write them → packed values (`arrow/packed-values.ts`), on the caller's side of a record.
 *
 *   DataType ──compose once──▶ Codec ──▶ (values, writer) => n        one file per kind: value-encoder-*.ts
 *
 * Whatever does not fit throws a RerunError ERR_RERUN_DATA that names what was expected and what came; nothing is converted
 * silently, except numbers to the nearest float.
 */
import { VARIED } from "../../arrow/builders/list-column.ts";
import type { DataType } from "../../arrow/datatype.ts";
import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { RerunError } from "../../errors.ts";
import type { ComponentColumnBatch, ComponentSpec } from "../../rrd/component-batch.ts";
import { firstArgumentError } from "./first-argument.ts";
import { fixedSizeListCodec, listCodec } from "./list-codec.ts";
import { numberCodec } from "./number-codec.ts";
import { inField, structCodec } from "./struct-codec.ts";
import { binaryCodec, fixedSizeBinaryCodec, textCodec } from "./text-codec.ts";
import { unionCodec } from "./union-codec.ts";
import { bytesOf, type Codec, misfit } from "./value-codec.ts";

/** Writes packed(T, n) and returns n. On an error the writer may hold a part of the value. */
export type ValueEncoder = (values: unknown, writer: ByteWriter) => number;

const primitives = new Map<string, Codec>();
const nested = new WeakMap<object, Codec>();

/** The encoder of a datatype. Made once: primitives by name, nested types by the identity of the type object. */
export function valueEncoder(type: DataType): ValueEncoder {
  const codec = codecOf(type);
  return (values, writer) => codec.encode(values, writer);
}

/**
 * Writes one component of a row: u32 n, packed(T, n). If the values do not fit the writer stands where it stood before and the
 * error names the component.
 */
export function encodeComponent(spec: ComponentSpec, values: unknown, writer: ByteWriter): void {
  // the two most frequent rows of all, a number and a line of text
  if (spec.type === "Float64" && typeof values === "number" && spec.accept === undefined) {
    writer.u32(1);
    writer.f64(values);
    return;
  }
  const start = writer.position;
  if (spec.type === "Utf8" && typeof values === "string" && spec.accept === undefined) {
    writer.u32(1);
    writer.u32(0);
    writer.patchU32(start + 4, writer.text(values));
    return;
  }
  try {
    writer.u32(0);
    const accepted = spec.accept === undefined ? values : spec.accept(values);
    writer.patchU32(start, codecOf(spec.type).encode(accepted, writer));
  } catch (error) {
    writer.position = start;
    throw inField(spec.descriptor.component, firstArgumentError(spec, values, error));
  }
}

/**
 * Writes one component of many rows, as `ListColumn` reads it. The lengths must be as many as there are rows and add up to the
 * instances. Errors as in `encodeComponent`.
 */
export function encodeColumn(column: ComponentColumnBatch, rows: number, writer: ByteWriter): void {
  const { spec, lengths, values } = column;
  const start = writer.position;
  try {
    if (lengths !== undefined && lengths.length !== rows) {
      throw new RerunError(
        "ERR_RERUN_DATA",
        `partitioned into ${lengths.length} rows, but the time columns have ${rows}`,
      );
    }
    const expected = putLengths(lengths, rows, writer);
    writer.align(8);
    const accepted = spec.accept === undefined ? values : spec.accept(values);
    const count = codecOf(spec.type).encode(accepted, writer);
    if (count !== expected) {
      const wanted = lengths === undefined ? `one for each of ${rows} rows` : `the lengths add up to ${expected}`;
      throw new RerunError("ERR_RERUN_DATA", `${count} instances were given, ${wanted}`);
    }
  } catch (error) {
    writer.position = start;
    throw inField(spec.descriptor.component, error);
  }
}

/** Returns their sum. */
function putLengths(lengths: Uint32Array | undefined, rows: number, writer: ByteWriter): number {
  if (lengths === undefined) {
    writer.u32(1);
    return rows;
  }
  writer.u32(VARIED);
  writer.raw(bytesOf(lengths));
  let sum = 0;
  for (const length of lengths) sum += length;
  return sum;
}

function codecOf(type: DataType): Codec {
  let codec = typeof type === "string" ? primitives.get(type) : nested.get(type);
  if (codec === undefined) {
    codec = compose(type);
    if (typeof type === "string") primitives.set(type, codec);
    else nested.set(type, codec);
  }
  return codec;
}

function compose(type: DataType): Codec {
  if (typeof type === "string") {
    switch (type) {
      case "Null":
        return nullCodec();
      case "Boolean":
        return booleanCodec();
      case "Utf8":
        return textCodec();
      case "Binary":
        return binaryCodec();
      default:
        return numberCodec(type);
    }
  }
  switch (type.kind) {
    case "FixedSizeBinary":
      return fixedSizeBinaryCodec(type);
    case "List":
      return listCodec(type, codecOf(type.item.type));
    case "FixedSizeList":
      return fixedSizeListCodec(type, codecOf(type.item.type));
    case "Struct":
      return structCodec(
        type,
        type.fields.map((field) => codecOf(field.type)),
      );
    case "Union":
      return unionCodec(
        type,
        type.fields.map((field) => codecOf(field.type)),
      );
    default:
      return numberCodec(type);
  }
}

/** One byte each; what becomes bits is the column builder's business. */
function booleanCodec(): Codec {
  function put(writer: ByteWriter, value: unknown): void {
    if (typeof value !== "boolean") throw misfit("Boolean", value);
    writer.u8(value ? 1 : 0);
  }
  return {
    type: "Boolean",
    encode(values, writer) {
      if (!Array.isArray(values)) {
        put(writer, values);
        return 1;
      }
      for (const value of values) put(writer, value);
      return values.length;
    },
    encodeAll(instances, writer) {
      for (const instance of instances) put(writer, instance);
    },
    isInstance: (value) => typeof value === "boolean",
    zero: false,
    concatenates: true,
    takesNull: false,
    numbersPerInstance: undefined,
  };
}

/** Nothing is written, only counted. */
function nullCodec(): Codec {
  return {
    type: "Null",
    encode: (values) => (Array.isArray(values) ? values.length : 1),
    encodeAll: () => {},
    isInstance: (value) => value === null || value === undefined,
    zero: null,
    concatenates: true,
    takesNull: true,
    numbersPerInstance: undefined,
  };
}
