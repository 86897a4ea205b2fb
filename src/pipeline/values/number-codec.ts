import type { DataType } from "../../arrow/datatype.ts";
import { typedArrayTag } from "../../arrow/typed-array.ts";
import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { halfBits } from "./half.ts";
import { bytesOf, type Codec, misfit } from "./value-codec.ts";

type Numeric = number | bigint;
type Put = (writer: ByteWriter, value: unknown) => void;

/** Below this many numbers a call per number is cheaper than a temporary typed array. */
const BULK = 32;

/**
 * Fixed-width numbers. A typed array of the same type is copied as it is (all platforms Node runs our users on are little
 * endian, and so is Arrow); everything else is checked number by number, so that 300 never becomes 44 silently.
 */
export function numberCodec(type: DataType): Codec {
  const kind = KINDS[typeof type === "string" ? type : type.kind];
  if (kind === undefined) throw misfit(type, "a type without numbers");
  const put = kind.put(type);

  function encodeView(view: ArrayBufferView, writer: ByteWriter): number {
    const { length } = view as unknown as ArrayLike<Numeric>;
    if (length === undefined) throw misfit(type, view);
    if (kind?.tags.includes(typedArrayTag(view))) writer.raw(bytesOf(view));
    else encodeArray(view as unknown as ArrayLike<Numeric>, writer);
    return length;
  }

  function encodeArray(values: ArrayLike<unknown>, writer: ByteWriter): void {
    const { length } = values;
    if (kind?.float !== undefined && length >= BULK && onlyNumbers(values)) {
      writer.raw(bytesOf(new kind.float(values as ArrayLike<number>)));
      return;
    }
    for (let i = 0; i < length; i++) put(writer, values[i]);
  }

  return {
    type,
    encode(values, writer) {
      if (ArrayBuffer.isView(values)) return encodeView(values, writer);
      if (Array.isArray(values)) {
        encodeArray(values, writer);
        return values.length;
      }
      put(writer, values);
      return 1;
    },
    encodeAll: encodeArray,
    isInstance: (value) => typeof value === "number" || typeof value === "bigint",
    zero: 0,
    concatenates: true,
    takesNull: false,
    numbersPerInstance: 1,
  };
}

function onlyNumbers(values: ArrayLike<unknown>): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "number") return false;
  return true;
}

interface Kind {
  /** Tags of the typed arrays that hold exactly these bytes. */
  readonly tags: readonly string[];
  readonly put: (type: DataType) => Put;
  /** Set where a typed array converts numbers without checks. */
  readonly float?: Float32ArrayConstructor | Float64ArrayConstructor;
}

const KINDS: Partial<Record<string, Kind>> = {
  Int8: { tags: ["Int8Array"], put: integer(-0x80, 0x7f, (writer, value) => writer.u8(value & 0xff)) },
  UInt8: { tags: ["Uint8Array", "Uint8ClampedArray"], put: integer(0, 0xff, (writer, value) => writer.u8(value)) },
  Int16: { tags: ["Int16Array"], put: integer(-0x8000, 0x7fff, (writer, value) => writer.u16(value & 0xffff)) },
  UInt16: { tags: ["Uint16Array"], put: integer(0, 0xffff, (writer, value) => writer.u16(value)) },
  Int32: { tags: ["Int32Array"], put: integer(-(2 ** 31), 2 ** 31 - 1, (writer, value) => writer.u32(value >>> 0)) },
  UInt32: { tags: ["Uint32Array"], put: integer(0, 2 ** 32 - 1, (writer, value) => writer.u32(value)) },
  Int64: { tags: ["BigInt64Array"], put: integer64(-(2n ** 63n), 2n ** 63n - 1n) },
  UInt64: { tags: ["BigUint64Array"], put: integer64(0n, 2n ** 64n - 1n) },
  Float16: { tags: ["Float16Array"], put: real((writer, value) => writer.u16(halfBits(value))) },
  Float32: { tags: ["Float32Array"], put: real((writer, value) => writer.f32(value)), float: Float32Array },
  Float64: { tags: ["Float64Array"], put: real((writer, value) => writer.f64(value)), float: Float64Array },
  Timestamp: { tags: ["BigInt64Array"], put: timestamp },
  Duration: { tags: ["BigInt64Array"], put: integer64(-(2n ** 63n), 2n ** 63n - 1n) },
};

function integer(min: number, max: number, put: (writer: ByteWriter, value: number) => void): Kind["put"] {
  return (type) => (writer, value) => {
    const number = typeof value === "bigint" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isInteger(number) || number < min || number > max) {
      throw misfit(type, value);
    }
    put(writer, number);
  };
}

function integer64(min: bigint, max: bigint): Kind["put"] {
  return (type) => (writer, value) => {
    const integer = typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
    if (typeof integer !== "bigint" || integer < min || integer > max) throw misfit(type, value);
    writer.i64(integer);
  };
}

function real(put: (writer: ByteWriter, value: number) => void): Kind["put"] {
  return (type) => (writer, value) => {
    if (typeof value === "number") put(writer, value);
    else if (typeof value === "bigint") put(writer, Number(value));
    else throw misfit(type, value);
  };
}

/** Nanoseconds since the Unix epoch; a Date is understood as well. */
function timestamp(type: DataType): Put {
  const nanoseconds = integer64(-(2n ** 63n), 2n ** 63n - 1n)(type);
  return (writer, value) => {
    const isDate = Object.prototype.toString.call(value) === "[object Date]";
    const millis = isDate ? (value as Date).getTime() : Number.NaN;
    nanoseconds(writer, Number.isNaN(millis) ? value : BigInt(millis) * 1_000_000n);
  };
}
