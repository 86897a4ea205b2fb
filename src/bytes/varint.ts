import type { ByteWriter } from "./byte-writer.ts";

/**
 * Protobuf's variable-length integers: seven bits a byte, low ones first, the top bit says that more follow.
 * Numbers up to 2⁵³; nothing in a recording is larger or negative.
 */
export function putVarint(writer: ByteWriter, value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    writer.u8((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  writer.u8(rest);
}
