import type { TimeCell } from "../../pipeline/expander.ts";
import type { Timeline } from "../../rrd/timeline.ts";

const LOG_TIME: Timeline = { name: "log_time", type: "timestamp" };
const ELAPSED: Timeline = { name: "elapsed", type: "duration" };
const SPAN_NO: Timeline = { name: "span_no", type: "sequence" };

/** No time at all: a static row. */
export const STATIC: readonly TimeCell[] = [];

/** The times of a layout's rows: the wall clock, and what passed since the first span. Never the time of writing. */
export class Times {
  #origin: bigint | undefined;

  /** The first one fixes the origin of `elapsed`. */
  at(time: bigint): TimeCell[] {
    this.#origin ??= time;
    return [
      { timeline: ELAPSED, value: time - this.#origin },
      { timeline: LOG_TIME, value: time },
    ];
  }

  /**
   * For the span table: two spans may start in the same nanosecond, so it has a number as well. One whose start is not known (0)
   * has nothing else: 1970 would be made up.
   */
  ofSpan(time: bigint, spanNo: bigint): TimeCell[] {
    return [...(time === 0n ? [] : this.at(time)), { timeline: SPAN_NO, value: spanNo }];
  }
}
