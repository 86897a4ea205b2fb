import type { Clock } from "./clock.ts";

/** Where an accumulator has its row ids from. */
export interface RowIdSource {
  /** Ids given so far. */
  readonly count: number;
  /** Writes an id at `at`; `now` is the row's `performance.now()`. */
  put(view: DataView, at: number, now: number): void;
  /** The same for the rows of a `columns` record, one behind the other. */
  putMany(view: DataView, at: number, count: number, now: number): void;
}

/** `putMany` of sources that give the id of a row a second time: a `columns` record is a chunk at once, for all who want it. */
export function onlyRowByRow(): never {
  throw new Error("these ids are given row by row");
}

/** The high half is taken anew this often, so that the ids of several processes interleave roughly by time. */
const REFRESH_MILLIS = 1000;

/**
 * Row ids: 16 bytes big endian, unique, growing in the order of the rows.
 *
 *   u64 wall nanoseconds, refreshed each second │ u16 random, this writer's │ u32 epoch │ u16 position
 *
 * An epoch begins when the user's time was set, or when the position wraps. In lock-step logging an entity then has the same
 * position in every epoch, so one byte changes per row: 4 bytes after LZ4 instead of 10 (docs/benchmarks.md).
 */
export class RowIds implements RowIdSource {
  /** Ids given so far: numbers the rows of this writer in their order. */
  count = 0;
  readonly #clock: Clock;
  readonly #random: number;
  #high = 0n;
  /** The four words of the next id; the last one without its position. As signed numbers V8 keeps them in 32 bits. */
  #highHigh = 0;
  #highLow = 0;
  #middle = 0;
  #last = 0;
  #refreshAt = Number.NEGATIVE_INFINITY;
  #epoch = 0;
  #position = -1;

  /** `random` gives 0 ≤ x < 1. */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = Math.floor(random() * 0x1_0000);
    this.#setEpoch(0);
  }

  /** The user's time was set. */
  startEpoch(): void {
    this.#position = -1;
    if (this.#epoch === 0xffff_ffff) this.#raise(this.#high + 1n);
    this.#setEpoch((this.#epoch + 1) % 0x1_0000_0000);
  }

  /** Writes the next id at `at`; `now` is the row's `performance.now()`. */
  put(view: DataView, at: number, now: number): void {
    if (now >= this.#refreshAt) {
      this.#refreshAt = now + REFRESH_MILLIS;
      this.#raise(this.#clock.wallNanos(now));
    }
    if (this.#position === 0xffff) this.startEpoch();
    this.#position += 1;
    this.count += 1;
    this.putAgain(view, at);
  }

  /**
   * The same as `count` calls of `put`: the clock is looked at once, and between two epochs only the last word changes. 10,000 ids by
   * copying take 15 µs, their four words one by one 18.
   */
  putMany(view: DataView, at: number, count: number, now: number): void {
    const end = at + 16 * count;
    while (at < end) {
      this.put(view, at, now);
      const stop = Math.min(end, at + 16 * (0x10000 - this.#position));
      repeat(new Uint8Array(view.buffer, view.byteOffset + at, stop - at), 16);
      this.count += (stop - at) / 16 - 1;
      for (at += 16; at < stop; at += 16) {
        this.#position += 1;
        view.setInt32(at + 12, this.#last | this.#position);
      }
    }
  }

  /** Writes the last id once more: the same row in another chunk, or in a journal. */
  putAgain(view: DataView, at: number): void {
    view.setInt32(at, this.#highHigh);
    view.setInt32(at + 4, this.#highLow);
    view.setInt32(at + 8, this.#middle);
    view.setInt32(at + 12, this.#last | this.#position);
  }

  #setEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#middle = (this.#random << 16) | Math.floor(epoch / 0x1_0000);
    this.#last = epoch << 16;
  }

  /** Never decreasing, whatever the clock does. */
  #raise(nanos: bigint): void {
    if (nanos > this.#high) this.#high = nanos;
    this.#highHigh = Number(this.#high >> 32n) | 0;
    this.#highLow = Number(this.#high & 0xffff_ffffn) | 0;
  }
}

/** Fills with the first `length` bytes, twice as many each time. */
function repeat(bytes: Uint8Array, length: number): void {
  for (let done = length; done < bytes.length; done *= 2) bytes.copyWithin(done, 0, done);
}
