import type { ByteReader } from "../../bytes/byte-reader.ts";
import { copyBytes } from "../../bytes/copy-bytes.ts";

const FIRST_BYTES = 64;
/** Up to as many bytes a loop beats the calls of `subarray` and `set`. */
const SHORT = 16;

/** Bytes that grow by doubling. `reset` keeps the memory. */
export class GrowableBuffer {
  bytes = new Uint8Array(0);
  length = 0;

  /** Makes room for `count` more bytes and returns where they start; they are part of the buffer from now on. */
  extend(count: number): number {
    const start = this.length;
    const needed = start + count;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length, FIRST_BYTES));
      grown.set(this.bytes.subarray(0, start));
      this.bytes = grown;
    }
    this.length = needed;
    return start;
  }

  append(bytes: Uint8Array): void {
    const at = this.extend(bytes.length);
    copyBytes(this.bytes, bytes, at);
  }

  /** The next `count` bytes. */
  appendFrom(reader: ByteReader, count: number): void {
    if (count > SHORT) {
      this.append(reader.raw(count));
      return;
    }
    const { bytes: from, position } = reader;
    if (position + count > from.length) throw new RangeError(`${count} bytes asked for, ${reader.remaining} left`);
    const at = this.extend(count);
    for (let i = 0; i < count; i++) this.bytes[at + i] = from[position + i] as number;
    reader.position = position + count;
  }

  /** A view; valid until the next `extend` or `reset`. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  reset(): void {
    this.length = 0;
  }
}
