import { Clock } from "../pipeline/clock.ts";
import { now as monotonicNow, timeOrigin, wall } from "../real-time.ts";

const RECHECK_MILLIS = 1_000;

let clock: Clock | undefined;
let checkedAt = 0;

/**
 * Nanoseconds since the Unix epoch at `now`, a reading of `performance.now()`: by the rules of the rows' clock, so that spans and
 * rows agree.
 */
export function wallNanos(now: number = monotonicNow()): bigint {
  clock ??= new Clock({ now: monotonicNow, wall, origin: timeOrigin });
  if (now - checkedAt > RECHECK_MILLIS) {
    checkedAt = now;
    clock.anchor();
  }
  return clock.wallNanos(now);
}

/** Milliseconds of the monotonic clock as nanoseconds; exact enough up to 100 days of run time. */
export function monotonicNanos(millis: number): bigint {
  return BigInt(Math.round(millis * 1e6));
}
