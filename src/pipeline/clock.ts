import { now, timeOrigin, wall } from "../real-time.ts";

/** Where time comes from. Tests give their own, so that the same input makes the same bytes (I9). */
export interface ClockSource {
  /** Milliseconds since some fixed moment, never backwards: `performance.now()`. */
  now(): number;
  /** Milliseconds since the Unix epoch: `Date.now()`. */
  wall(): number;
  /** What `wall` was when `now` was 0, if that is known more exactly than to the millisecond. */
  readonly origin?: number;
}

export const systemClock: ClockSource = { now, wall, origin: timeOrigin };

/** Off by more than this, the offset is taken anew: the machine slept, or its clock was set. */
const TOLERANCE_MILLIS = 5;

/**
 * Wall nanoseconds for moments of `performance.now()`.
 *
 *   wall = anchor + (now − anchor's now)          anchor moved when it is more than 5 ms off, checked each tick
 *
 * Callers read `performance.now()` only: it keeps nanoseconds and needs no BigInt. A clock that is set back is not followed,
 * because `log_time` would fold over itself.
 */
export class Clock {
  readonly #source: ClockSource;
  #anchorNow: number;
  #anchorNanos: bigint;
  #anchorLow: number;
  #anchorHigh: number;

  constructor(source: ClockSource = systemClock) {
    this.#source = source;
    this.#anchorNow = source.now();
    this.#anchorNanos = nanosOfMillis(source.origin === undefined ? source.wall() : source.origin + this.#anchorNow);
    this.#anchorLow = 0;
    this.#anchorHigh = 0;
    this.#split();
  }

  now(): number {
    return this.#source.now();
  }

  /** Nanoseconds since the Unix epoch at the moment `now`. */
  wallNanos(now: number): bigint {
    return this.#anchorNanos + BigInt(Math.round((now - this.#anchorNow) * 1e6));
  }

  /** The same as two words at `index` and `index + 1`, little endian: 5 ns instead of the 19 ns of a BigInt. */
  put(words: Uint32Array, index: number, now: number): void {
    let low = this.#anchorLow + Math.round((now - this.#anchorNow) * 1e6);
    const carry = Math.floor(low / 0x1_0000_0000);
    low -= carry * 0x1_0000_0000;
    words[index] = low;
    words[index + 1] = this.#anchorHigh + carry;
  }

  /** Called each tick. */
  anchor(): void {
    const now = this.#source.now();
    const here = this.wallNanos(now);
    const ahead = this.#source.wall() - Number(here) / 1e6;
    if (ahead > TOLERANCE_MILLIS) this.#anchorNanos = nanosOfMillis(this.#source.wall());
    else if (now - this.#anchorNow > 3_600_000)
      this.#anchorNanos = here; // keeps the difference exact in a double
    else return;
    this.#anchorNow = now;
    this.#split();
  }

  #split(): void {
    this.#anchorLow = Number(this.#anchorNanos & 0xffff_ffffn);
    this.#anchorHigh = Number(this.#anchorNanos >> 32n);
  }
}

function nanosOfMillis(millis: number): bigint {
  const whole = Math.floor(millis);
  return BigInt(whole) * 1_000_000n + BigInt(Math.floor((millis - whole) * 1e6));
}
