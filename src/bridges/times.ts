import { integer } from "./json/fields.ts";

const MAX_NANOS = 2n ** 63n - 1n;

/** Nanoseconds since the epoch, from bigint, digits, a number or `{ low, high }`. 0: absent or not a time. */
export function nanos(value: unknown): bigint {
  return scaled(value, 1);
}

/** The same from microseconds, which may have a fraction: never by way of a double, which would round. */
export function micros(value: unknown): bigint {
  return scaled(value, 1000);
}

function scaled(value: unknown, factor: 1 | 1000): bigint {
  const whole = integer(value);
  if (whole !== undefined) return inRange(whole * BigInt(factor));
  const digits = /^(\d{1,19})(?:\.(\d+))?$/.exec(typeof value === "number" ? String(value) : text(value));
  if (digits === null) return typeof value === "number" ? rounded(value * factor) : 0n;
  const [, integral = "0", fraction = ""] = digits;
  // the fraction in nanoseconds, rounded half up
  const tail = Math.round(Number(`0.${fraction || "0"}`) * factor);
  return inRange(BigInt(integral) * BigInt(factor) + BigInt(tail));
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

function rounded(value: number): bigint {
  return Number.isFinite(value) ? inRange(BigInt(Math.round(value))) : 0n;
}

function inRange(value: bigint): bigint {
  return value > 0n && value <= MAX_NANOS ? value : 0n;
}
