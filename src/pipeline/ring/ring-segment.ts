/** Words of the header, on cache lines of their own: producer and consumer do not slow each other down. */
const HEAD = 0;
const DURABLE = 32;
const LEFT = 33;
const LINKED = 48;
const HEADER_BYTES = 256;

/**
 * A piece of shared memory that records go round in. Both sides have one of these over the same memory.
 *
 *   ┌────────┬───────────────────────────────────────────────────────────────┐
 *   │ header │ free │ kept: read, not in a file yet │ waiting │ free │ (pad)  │       positions are counts of bytes, modulo 2³²
 *   └────────┴──────┴───────────────────────────────┴─────────┴──────┴────────┘
 *                   ▲ durable                       ▲         ▲ head
 *                                                   where the consumer reads on; only it knows
 * One thread moves `head`, one other `durable`. A record never wraps: a pad fills the end.
 */
export class RingSegment {
  readonly buffer: SharedArrayBuffer;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly capacity: number;
  readonly mask: number;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.capacity = buffer.byteLength - HEADER_BYTES;
    this.mask = this.capacity - 1;
    this.#words = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.bytes = new Uint8Array(buffer, HEADER_BYTES);
    this.view = new DataView(buffer, HEADER_BYTES);
  }

  /** @param capacity in bytes, a power of two from 64 to 2³⁰. */
  static create(capacity: number): RingSegment {
    return new RingSegment(new SharedArrayBuffer(HEADER_BYTES + capacity));
  }

  /** Both sides are done with it: it begins anew, as another segment. */
  reset(): void {
    this.#words.fill(0);
  }

  get head(): number {
    return Atomics.load(this.#words, HEAD);
  }

  set head(position: number) {
    Atomics.store(this.#words, HEAD, position);
  }

  /** Everything before is safe elsewhere; its memory is free. */
  get durable(): number {
    return Atomics.load(this.#words, DURABLE);
  }

  set durable(position: number) {
    Atomics.store(this.#words, DURABLE, position);
  }

  /** The producer has gone on to another segment, and will not come back. */
  get isLinked(): boolean {
    return Atomics.load(this.#words, LINKED) === 1;
  }

  link(): void {
    Atomics.store(this.#words, LINKED, 1);
  }

  /** The consumer has gone on to another segment. One that stands at the end of this still looks for what comes. */
  get isLeft(): boolean {
    return Atomics.load(this.#words, LEFT) === 1;
  }

  leave(): void {
    Atomics.store(this.#words, LEFT, 1);
  }
}
