const FIRST_BYTES = 64;

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
    // a loop beats the call of `set` for a number or a short word
    if (bytes.length > 16) this.bytes.set(bytes, at);
    else for (let i = 0; i < bytes.length; i++) this.bytes[at + i] = bytes[i] as number;
  }

  /** A view; valid until the next `extend` or `reset`. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  reset(): void {
    this.length = 0;
  }
}
