import { textOf } from "./text-of.ts";

/** Reads what `ByteWriter` wrote. Reading past the end throws a RangeError; nothing is copied. */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;
  #view: DataView;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.position = position;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    return this.#view.getUint8(this.position++);
  }

  u16(): number {
    const value = this.#view.getUint16(this.position, true);
    this.position += 2;
    return value;
  }

  u32(): number {
    const value = this.#view.getUint32(this.position, true);
    this.position += 4;
    return value;
  }

  i64(): bigint {
    const value = this.#view.getBigInt64(this.position, true);
    this.position += 8;
    return value;
  }

  f32(): number {
    const value = this.#view.getFloat32(this.position, true);
    this.position += 4;
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.position, true);
    this.position += 8;
    return value;
  }

  /** A view of the next `length` bytes; valid as long as the memory below it. */
  raw(length: number): Uint8Array {
    const start = this.#pass(length);
    return this.bytes.subarray(start, this.position);
  }

  /** UTF-8 behind its byte length as u32. */
  string(): string {
    const length = this.u32();
    const start = this.#pass(length);
    return textOf(this.bytes, start, this.position);
  }

  align(alignment: number): void {
    this.position += -this.position & (alignment - 1);
  }

  /** Moves on and returns where it stood. */
  #pass(length: number): number {
    if (length > this.remaining) throw new RangeError(`${length} bytes asked for, ${this.remaining} left`);
    const start = this.position;
    this.position += length;
    return start;
  }
}
