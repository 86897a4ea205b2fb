const FIRST_CAPACITY = 16;

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
    // beyond 31 bits the column would be unreadable, so it must not come to be
    if (end > 0x7fffffff) throw new RangeError("a column holds more than 2 GiB");
    if (this.#length + 1 === this.#offsets.length) {
      const grown = new Int32Array(2 * this.#offsets.length);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[++this.#length] = end;
  }

  view(): Uint8Array {
    return new Uint8Array(this.#offsets.buffer, 0, this.byteLength);
  }

  reset(): void {
    this.#length = 0;
  }
}
