import { type AnyValues, dynamicArchetype } from "../../archetypes/index.ts";
import type { RecordingStats } from "../../pipeline/recording-stats.ts";
import { rowsDropped, rowsRemoved } from "../../pipeline/stats-summary.ts";
import type { LeftOut } from "./caps.ts";

/** What is not in a recording, or not drawn in it. */
export interface RunLosses {
  readonly stats: RecordingStats;
  readonly leftOut: LeftOut;
  /** Spans whose times are far from all others. */
  readonly outliers: number;
  /** Spans that had not ended. */
  readonly unfinished: number;
  /** Spans without a start or without ids. */
  readonly unplaced: number;
}

/** Lines for the summary. */
export function remarksOf({ stats, leftOut, outliers, unfinished, unplaced }: RunLosses): string[] {
  const dropped = Object.entries(stats.rowsDropped).filter(([, rows]) => rows > 0);
  const removed = rowsRemoved(stats);
  const notDrawn = leftOut.toString();
  const remarks: string[] = [];
  if (dropped.length > 0) remarks.push(`rows dropped: ${dropped.map(([why, rows]) => `${why} ${rows}`).join(", ")}`);
  if (removed > 0) remarks.push(`rows in segments that are gone, by the size limit or by somebody else: ${removed}`);
  if (notDrawn !== "") remarks.push(`not drawn, but in the span table: ${notDrawn}`);
  if (outliers > 0) remarks.push(`spans more than an hour away from the rest, in the span table only: ${outliers}`);
  if (unfinished > 0) remarks.push(`spans that were open at the end: ${unfinished}`);
  if (unplaced > 0) remarks.push(`spans without a start or an id, in the span table only: ${unplaced}`);
  return remarks;
}

/** The counters as fields: they survive a merge, which makes summaries anew (I3). */
export function recorderCounters({ stats, leftOut }: RunLosses): AnyValues {
  return dynamicArchetype("Recorder", {
    spans: stats.spans,
    logs: stats.logs,
    rows_dropped: rowsDropped(stats),
    rows_removed: rowsRemoved(stats),
    not_drawn: leftOut.toString(),
  });
}
