import type { RowTimes } from "../../pipeline/row-encoder.ts";
import type { Timeline } from "../../rrd/timeline.ts";

/**
 * The times that a row gets: timelines sorted by name and one value each, nanoseconds or a sequence number.
 *
 *   timelines  [ age: duration, frame: sequence ]     the same array for the same timelines, so shapes are found by identity
 *   values     [ 1500000000n,   42n             ]
 *
 * Never changed once made, so that scopes can hand it on without copying.
 */
export type TimePoint = RowTimes;

export const NO_TIMES: TimePoint = { timelines: [], values: [] };

/** The point with `timeline` at `value`; a timeline of the same name is replaced, whatever its type was. */
export function withTime(point: TimePoint, timeline: Timeline, value: bigint): TimePoint {
  const { timelines, values } = point;
  const at = positionOf(timelines, timeline.name);
  const existing = timelines[at];
  if (existing?.name !== timeline.name) {
    return { timelines: interned(timelines.toSpliced(at, 0, timeline)), values: values.toSpliced(at, 0, value) };
  }
  const sameType = existing.type === timeline.type;
  return { timelines: sameType ? timelines : interned(timelines.with(at, timeline)), values: values.with(at, value) };
}

/** The point without the timeline of that name; the same point if it has none. */
export function withoutTime(point: TimePoint, name: string): TimePoint {
  const { timelines, values } = point;
  const at = positionOf(timelines, name);
  if (timelines[at]?.name !== name) return point;
  if (timelines.length === 1) return NO_TIMES;
  return { timelines: interned(timelines.toSpliced(at, 1)), values: values.toSpliced(at, 1) };
}

/** Where the name is or belongs. Names are compared by code units, as official writers sort them. */
function positionOf(timelines: readonly Timeline[], name: string): number {
  let at = 0;
  while (at < timelines.length && (timelines[at] as Timeline).name < name) at++;
  return at;
}

/**
 * Sets of timelines by their content: every request that sets the same timelines gets the same array. Bounded, since names may
 * come from data (I7); a set that fell out only costs a second look-up by content later on.
 */
const sets = new Map<string, readonly Timeline[]>();
const MAX_SETS = 1024;

function interned(timelines: readonly Timeline[]): readonly Timeline[] {
  let key = "";
  for (const { name, type } of timelines) key += `${type}\0${name}\0`;
  const known = sets.get(key);
  if (known !== undefined) return known;
  if (sets.size >= MAX_SETS) sets.clear();
  sets.set(key, timelines);
  return timelines;
}
