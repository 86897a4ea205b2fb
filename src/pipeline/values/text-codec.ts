import type { DataType } from "../../arrow/datatype.ts";
import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { bytesOf, type Codec, isArrayBuffer, misfit, type NestedType } from "./value-codec.ts";

/** Utf8: all lengths, then all text. */
export function textCodec(): Codec {
  return variableWidth(
    "Utf8",
    "",
    (value) => typeof value === "string",
    (writer, text: string) => writer.text(text),
  );
}

/** Binary: like text, of byte arrays. */
export function binaryCodec(): Codec {
  return variableWidth("Binary", new Uint8Array(0), isBytes, putBytes);
}

/** FixedSizeBinary: byte arrays of one size, without lengths. */
export function fixedSizeBinaryCodec(type: NestedType<"FixedSizeBinary">): Codec {
  function encodeAll(instances: readonly unknown[], writer: ByteWriter): void {
    for (const instance of instances) {
      if (!isBytes(instance) || instance.byteLength !== type.size) throw misfit(type, instance);
      writer.raw(bytesOf(instance));
    }
  }
  return {
    type,
    encode: (values, writer) => encodeOneOrMany(values, encodeAll, writer),
    encodeAll,
    isInstance: isBytes,
    zero: new Uint8Array(type.size),
    concatenates: true,
    takesNull: false,
    numbersPerInstance: undefined,
  };
}

function variableWidth(
  type: DataType,
  zero: unknown,
  isInstance: (value: unknown) => boolean,
  put: (writer: ByteWriter, value: never) => number,
): Codec {
  function encodeAll(instances: readonly unknown[], writer: ByteWriter): void {
    const lengths = writer.reserve(instances.length * 4);
    writer.position += instances.length * 4;
    for (let i = 0; i < instances.length; i++) {
      if (!isInstance(instances[i])) throw misfit(type, instances[i]);
      writer.patchU32(lengths + i * 4, put(writer, instances[i] as never));
    }
  }
  return {
    type,
    encode: (values, writer) => encodeOneOrMany(values, encodeAll, writer),
    encodeAll,
    isInstance,
    zero,
    concatenates: false,
    takesNull: false,
    numbersPerInstance: undefined,
  };
}

function encodeOneOrMany(values: unknown, encodeAll: Codec["encodeAll"], writer: ByteWriter): number {
  if (Array.isArray(values)) {
    encodeAll(values, writer);
    return values.length;
  }
  encodeAll([values], writer);
  return 1;
}

function isBytes(value: unknown): value is ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || isArrayBuffer(value);
}

function putBytes(writer: ByteWriter, value: ArrayBufferView | ArrayBuffer): number {
  const bytes = bytesOf(value);
  writer.raw(bytes);
  return bytes.length;
}
