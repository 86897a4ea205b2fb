import { RerunError } from "../errors.ts";
import type { Accept } from "./accept.ts";
import type { Integer } from "./value-types.ts";

/** A place in a video: nanoseconds from its first frame, or an object that says the unit. */
export type VideoTime =
  | Integer
  | { readonly seconds: number }
  | { readonly millis: number }
  | { readonly nanos: Integer };

const NANOSECONDS: Readonly<Record<string, number>> = { seconds: 1e9, millis: 1e6, nanos: 1 };

export const acceptVideoTimes: Accept = (value) => {
  if (Array.isArray(value)) return value.map(acceptVideoTimes);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const [unit = "", ...others] = Object.keys(value);
  const amount = (value as Record<string, unknown>)[unit];
  const factor = NANOSECONDS[unit];
  if (factor === undefined || others.length > 0) {
    throw new RerunError("ERR_RERUN_DATA", "a place in a video is nanoseconds, { seconds }, { millis } or { nanos }");
  }
  return typeof amount === "number" ? BigInt(Math.round(amount * factor)) : amount;
};
