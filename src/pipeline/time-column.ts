import type { ByteReader } from "../bytes/byte-reader.ts";
import { copyBytes } from "../bytes/copy-bytes.ts";
import type { TimelineColumn } from "../rrd/chunk.ts";
import type { Timeline } from "../rrd/timeline.ts";
import type { Clock } from "./clock.ts";

/**
 * Index values of the rows of one accumulator: int64 as two little-endian words, since no BigInt is needed to copy or compare.
 * Grows by doubling; whether the values ever went back is tracked on the way, because readers trust the flag.
 */
export class TimeColumnBuilder {
  readonly timeline: Timeline;
  isSorted = true;
  #length = 0;
  #words: Uint32Array;

  constructor(timeline: Timeline, capacity: number) {
    this.timeline = timeline;
    this.#words = new Uint32Array(2 * capacity);
  }

  append(low: number, high: number): void {
    const at = this.#reserve(1);
    this.#words[at] = low;
    this.#words[at + 1] = high;
    this.#compare(at);
  }

  /** Appends as many values as they stand in a record. */
  appendFrom(reader: ByteReader, count: number): void {
    const at = this.#reserve(count);
    copyBytes(new Uint8Array(this.#words.buffer), reader.raw(8 * count), 4 * at);
    this.isSorted &&= isSorted(this.#words, Math.max(2, at), at + 2 * count);
  }

  /** Appends the wall time of a moment of `performance.now()`. */
  appendClock(clock: Clock, now: number): void {
    const at = this.#reserve(1);
    clock.put(this.#words, at, now);
    this.#compare(at);
  }

  /** A view; valid until the next `append` or `reset`. */
  finish(): TimelineColumn {
    const times = new BigInt64Array(this.#words.buffer, 0, this.#length);
    return { name: this.timeline.name, type: this.timeline.type, times, isSorted: this.isSorted };
  }

  reset(): void {
    this.#length = 0;
    this.isSorted = true;
  }

  #reserve(count: number): number {
    const at = 2 * this.#length;
    this.#length += count;
    if (2 * this.#length > this.#words.length) {
      const words = new Uint32Array(Math.max(16, 2 * at, 2 * this.#length));
      words.set(this.#words);
      this.#words = words;
    }
    return at;
  }

  #compare(at: number): void {
    if (at > 0 && this.isSorted && goesBack(this.#words, at)) this.isSorted = false;
  }
}

function isSorted(words: Uint32Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 2) if (goesBack(words, at)) return false;
  return true;
}

/** The value at this word is less than the one before. */
function goesBack(words: Uint32Array, at: number): boolean {
  const high = (words[at + 1] as number) | 0;
  const before = (words[at - 1] as number) | 0;
  return high < before || (high === before && (words[at] as number) < (words[at - 2] as number));
}
