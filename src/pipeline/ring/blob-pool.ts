import type { BlobMessage } from "./ring-message.ts";
import type { RingSegment } from "./ring-segment.ts";

interface LentBlob {
  readonly message: BlobMessage;
  /** The blob's memory is free when this segment is durable up to `end`. */
  readonly segment: RingSegment;
  readonly end: number;
}

/** A buffer this many times larger than what is asked for stays for something larger. */
const MAX_WASTE = 4;

/**
 * Memory of values that are too large for the ring.
 *
 *   allocate ─▶ encoded by the caller ─▶ lend, with a `blob` record ─▶ durable ─▶ kept for the next one
 *
 * Shared memory goes back to the system only when the collectors of both threads have seen it, so it is used again.
 */
export class BlobPool {
  readonly #limitBytes: number;
  /** Bytes of values that are not durable yet. */
  lentBytes = 0;
  #lent: LentBlob[] = [];
  #kept: SharedArrayBuffer[] = [];
  #keptBytes = 0;

  /** @param limitBytes of what is lent and what is kept together. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  allocate(byteLength: number): SharedArrayBuffer {
    const at = this.#kept.findIndex(
      (buffer) => buffer.byteLength >= byteLength && buffer.byteLength <= MAX_WASTE * byteLength,
    );
    if (at < 0) return new SharedArrayBuffer(rounded(byteLength));
    const [buffer] = this.#kept.splice(at, 1) as [SharedArrayBuffer];
    this.#keptBytes -= buffer.byteLength;
    return buffer;
  }

  /** Those that are not durable yet. */
  get lent(): readonly BlobMessage[] {
    return this.#lent.map(({ message }) => message);
  }

  lend(blob: LentBlob): void {
    this.#lent.push(blob);
    this.lentBytes += sizeOf(blob);
  }

  /** Takes back what is durable. */
  reclaim(): void {
    let free = 0;
    for (const blob of this.#lent) {
      if (((blob.segment.durable - blob.end) | 0) < 0) break;
      free += 1;
      this.lentBytes -= sizeOf(blob);
      this.keep(blob.message.buffer);
    }
    if (free > 0) this.#lent = this.#lent.slice(free);
  }

  /** Memory that was allocated and then not needed. */
  keep(buffer: SharedArrayBuffer): void {
    if (this.lentBytes + this.#keptBytes + buffer.byteLength > this.#limitBytes) return;
    this.#kept.push(buffer);
    this.#keptBytes += buffer.byteLength;
  }
}

/** Eight sizes between two powers of two: values of nearly one size fit into each other's memory. */
function rounded(byteLength: number): number {
  const step = Math.max(4 << 10, 2 ** (Math.floor(Math.log2(Math.max(1, byteLength))) - 3));
  return Math.ceil(byteLength / step) * step;
}

function sizeOf({ message: { from, to } }: LentBlob): number {
  return to - from;
}
