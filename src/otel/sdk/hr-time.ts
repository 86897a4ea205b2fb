import type { HrTime } from "./types.ts";

const NANOS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds since the epoch. Fractions of a nanosecond, which some sources compute, are rounded; not-a-number is 0. */
export function hrTimeToNanos(time: HrTime | undefined): bigint {
  if (time === undefined) return 0n;
  const [seconds, nanos] = time;
  if (!Number.isFinite(seconds) || !Number.isFinite(nanos)) return 0n;
  const whole = Math.trunc(seconds);
  return BigInt(whole) * NANOS_PER_SECOND + BigInt(Math.round((seconds - whole) * 1e9 + nanos));
}

export function nanosToHrTime(nanos: bigint): [number, number] {
  return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)];
}

/** `time`, but never before `start`. */
export function notBefore(start: bigint, time: bigint): bigint {
  if (time < start) return start;
  return time;
}

/** Milliseconds since the epoch, which may have a fraction. */
export function millisToNanos(millis: number): bigint {
  if (!Number.isFinite(millis)) return 0n;
  const whole = Math.trunc(millis);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((millis - whole) * 1e6));
}
