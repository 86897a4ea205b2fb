import type { ByteReader } from "../../bytes/byte-reader.ts";

const FIRST_CAPACITY = 16;
const MAX_END = 0x7fff_ffff;

/** The offsets of a list or text column: where each value ends in the child, with a zero in front; 32 bits. */
export class Offsets {
  #offsets = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  /** Values, which is one less than there are offsets. */
  get length(): number {
    return this.#length;
  }

  get byteLength(): number {
    return 4 * (this.#length + 1);
  }

  /** Where the last value ends. */
  get end(): number {
    return this.#offsets[this.#length] as number;
  }

  /** Appends a value of `size` items or bytes. */
  append(size: number): void {
    const end = this.end + size;
    if (end > MAX_END) throw tooLong();
    if (this.#length + 1 === this.#offsets.length) this.#grow(this.#length + 2);
    this.#offsets[++this.#length] = end;
  }

  /** Appends `count` values whose sizes stand in a record, u32 each. */
  appendFrom(reader: ByteReader, count: number): void {
    if (this.#length + count >= this.#offsets.length) this.#grow(this.#length + count + 1);
    const offsets = this.#offsets;
    let { end } = this;
    for (let at = this.#length + 1; at <= this.#length + count; at++) {
      end += reader.u32();
      offsets[at] = end;
    }
    if (end > MAX_END) throw tooLong();
    this.#length += count;
  }

  /** Appends `count` values of the same size. */
  appendEach(size: number, count: number): void {
    if (this.end + size * count > MAX_END) throw tooLong();
    if (this.#length + count >= this.#offsets.length) this.#grow(this.#length + count + 1);
    const offsets = this.#offsets;
    let { end } = this;
    for (let at = this.#length + 1; at <= this.#length + count; at++) offsets[at] = end += size;
    this.#length += count;
  }

  view(): Uint8Array {
    return new Uint8Array(this.#offsets.buffer, 0, this.byteLength);
  }

  reset(): void {
    this.#length = 0;
  }

  #grow(needed: number): void {
    const grown = new Int32Array(Math.max(needed, 2 * this.#offsets.length));
    grown.set(this.#offsets);
    this.#offsets = grown;
  }
}

/** Beyond 31 bits the column would be unreadable, so it must not come to be. */
function tooLong(): RangeError {
  return new RangeError("a column holds more than 2 GiB");
}
