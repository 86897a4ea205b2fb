import type { TimeColumn } from "../../pipeline/row-encoder.ts";
import { kindOf, type Moment, nanosOrNumbers, type TimeSpan } from "./time-value.ts";

/** Times of many rows on one timeline; exactly one of the three kinds, each value as in `TimeValue`. */
export type TimeColumnValues =
  | { readonly sequence: Iterable<number | bigint> }
  | { readonly duration: Iterable<TimeSpan> }
  | { readonly timestamp: Iterable<Moment> };

/**
 * An index column for `sendColumns`: `timeColumn("frame", { sequence: [1, 2, 3] })`.
 * @throws RerunError ERR_RERUN_TIMELINE if the values are not of exactly one kind, or one of them is not a time.
 */
export function timeColumn(name: string, values: TimeColumnValues): TimeColumn {
  const type = kindOf(values);
  const given = (values as Record<typeof type, Iterable<unknown>>)[type];
  return { timeline: { name, type }, values: nanosOrNumbers(type, given) };
}
