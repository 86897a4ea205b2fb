import { now, wall } from "../../real-time.ts";
import type { ClockSource } from "../clock.ts";

/**
 * This thread's `performance.now()` when `process.hrtime` was 0, in milliseconds. Each thread's clock starts with the thread; the
 * difference of two offsets turns the time of one into that of the other.
 */
export function clockOffset(): number {
  return now() - Number(process.hrtime.bigint()) / 1e6;
}

/** The clock of another thread, whose offset and time origin these are. */
export function clockOf(offset: number, origin: number): ClockSource {
  const skew = offset - clockOffset();
  return { now: () => now() + skew, wall, origin };
}
