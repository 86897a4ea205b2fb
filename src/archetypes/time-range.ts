import type { Accept } from "./accept.ts";
import type { Integer } from "./value-types.ts";

/** One end of a part of a timeline: so far from the time cursor, a time, or no end. Nanoseconds, or what a sequence counts. */
export type TimeRangeBoundary = { readonly CursorRelative: Integer } | { readonly Absolute: Integer } | "Infinite";

/** A part of a timeline; an end that is missing or null is `Infinite`. */
export interface TimeRange {
  readonly start?: TimeRangeBoundary | null | undefined;
  readonly end?: TimeRangeBoundary | null | undefined;
}

/** Fills in the ends that are missing: viewers have no other meaning for them. */
export const acceptTimeRanges: Accept = (value) => {
  if (Array.isArray(value)) return value.map(acceptTimeRanges);
  if (typeof value !== "object" || value === null) return value;
  const { start, end, ...others } = value as TimeRange;
  return { start: start ?? "Infinite", end: end ?? "Infinite", ...others };
};
