/** Kinds of index columns: a plain number, nanoseconds, or nanoseconds since the Unix epoch (rrd-format §3.4). */
export type TimelineType = "sequence" | "duration" | "timestamp";

export interface Timeline {
  readonly name: string;
  readonly type: TimelineType;
}
