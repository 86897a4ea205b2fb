import { GrowableBuffer } from "./growable-buffer.ts";

/** Bits of an Arrow bitmap, the least significant of a byte first. Bits behind the last one are zero. */
export class Bitmap {
  readonly #buffer = new GrowableBuffer();
  #length = 0;
  #zeros = 0;

  /** @param length bits that are there from the beginning, all 0. */
  constructor(length = 0) {
    this.#buffer.extend((length + 7) >> 3);
    this.#length = length;
    this.#zeros = length;
  }

  get length(): number {
    return this.#length;
  }

  /** How many bits are 0. */
  get zeros(): number {
    return this.#zeros;
  }

  get byteLength(): number {
    return this.#buffer.length;
  }

  /** Makes a bit that is there 1. */
  set(at: number): void {
    const { bytes } = this.#buffer;
    const before = bytes[at >> 3] as number;
    const bit = 1 << (at & 7);
    if ((before & bit) === 0) this.#zeros--;
    bytes[at >> 3] = before | bit;
  }

  append(bit: boolean): void {
    const at = this.#length++;
    if ((at & 7) === 0) this.#buffer.bytes[this.#buffer.extend(1)] = 0;
    const { bytes } = this.#buffer;
    if (bit) bytes[at >> 3] = (bytes[at >> 3] as number) | (1 << (at & 7));
    else this.#zeros++;
  }

  appendOnes(count: number): void {
    for (let i = 0; i < count; i++) this.append(true);
  }

  view(): Uint8Array {
    return this.#buffer.view();
  }

  reset(): void {
    this.#buffer.reset();
    this.#length = 0;
    this.#zeros = 0;
  }
}
