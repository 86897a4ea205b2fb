import type { TimeInput } from "@opentelemetry/api";
import { now as monotonicNow } from "../../real-time.ts";
import { hrTimeToNanos, millisToNanos } from "../sdk/hr-time.ts";
import { monotonicNanos, wallNanos } from "../wall-clock.ts";

/** The times of one span: its start, and later moments by the monotonic clock, which does not jump as the wall clock does. */
export class SpanTime {
  /** Nanoseconds since the Unix epoch. */
  readonly start: bigint;
  readonly #hasGivenStart: boolean;
  readonly #startedAt = monotonicNow();

  constructor(start: TimeInput | undefined) {
    this.#hasGivenStart = start !== undefined && start !== null;
    this.start = this.#hasGivenStart ? this.at(start) : wallNanos(this.#startedAt);
  }

  /** Nanoseconds since the Unix epoch; now, when nothing is given. */
  at(input: TimeInput | undefined): bigint {
    const now = monotonicNow();
    // A number that small can only be a reading of performance.now().
    if (typeof input === "number") {
      return input <= now && input > EARLIEST ? wallNanos(input) : withinInt64(millisToNanos(input));
    }
    if (input instanceof Date) return millisToNanos(input.getTime());
    if (isTimeInput(input)) return withinInt64(hrTimeToNanos(input));
    // With a start that was given, the monotonic clock says nothing about the distance to it.
    if (this.#hasGivenStart) return wallNanos(now);
    return this.start + monotonicNanos(now - this.#startedAt);
  }
}

/** 31 years before the process began, in milliseconds. */
const EARLIEST = -1e12;
const MAX_NANOS = 2n ** 63n - 1n;

/** No time that somebody computed wrongly costs the span. */
function withinInt64(nanos: bigint): bigint {
  if (nanos > MAX_NANOS) return MAX_NANOS;
  return nanos < -MAX_NANOS ? -MAX_NANOS : nanos;
}

export function isTimeInput(value: unknown): value is TimeInput {
  if (typeof value === "number" || value instanceof Date) return true;
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "number" && typeof value[1] === "number";
}
