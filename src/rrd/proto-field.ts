import type { ByteWriter } from "../bytes/byte-writer.ts";
import { putVarint } from "../bytes/varint.ts";

// Protobuf by hand, where a message is written once per chunk or per recording: the library takes 10 to 20 µs for each.

/** The tag of a field that is a number, written as a varint. */
export function numberTag(no: number): number {
  return no << 3;
}

/** The tag of a field that is bytes, text or a message, behind their length. */
export function bytesTag(no: number): number {
  return (no << 3) | 2;
}

/** The tag of a field of eight bytes, little endian. */
export function fixed64Tag(no: number): number {
  return (no << 3) | 1;
}

/** A number below 2⁵³. */
export function putNumberField(writer: ByteWriter, no: number, value: number): void {
  writer.u8(numberTag(no));
  putVarint(writer, value);
}

/** @param parts one behind the other. */
export function putBytesField(writer: ByteWriter, no: number, ...parts: readonly Uint8Array[]): void {
  writer.u8(bytesTag(no));
  let length = 0;
  for (const part of parts) length += part.length;
  putVarint(writer, length);
  for (const part of parts) writer.raw(part);
}
