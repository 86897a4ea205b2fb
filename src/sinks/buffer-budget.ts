/** Bytes that several buffers share (I7). Whoever is written to while they are exceeded makes room in itself. */
export class BufferBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes above the limit; 0 below it. */
  get excess(): number {
    return Math.max(0, this.#bytes - this.#maxBytes);
  }

  /** @param bytes negative: they are given back. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }
}
