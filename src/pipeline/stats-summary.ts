import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteWriter } from "../bytes/byte-writer.ts";
import type { ShapeDefinition } from "./record.ts";
import type { RecordingStats } from "./recording-stats.ts";

/** Where viewers show what is true of the whole recording. */
export const SUMMARY_PATH = "/__properties/recorder";

/** As the layout of telemetry names its own; what is lost after that is only in this one. */
const ARCHETYPE = "Recorder";

/** A static row as the accumulators take it. */
export interface SummaryRow {
  readonly shape: ShapeDefinition;
  readonly reader: ByteReader;
}

/**
 * A recording of fewer rows that has all of them goes without a summary: one of 20 rows would have 8.2 KB instead of 5.8, for 453 µs of
 * CPU instead of 301 (1,000 recordings of `bench/rows`, a process each, warm).
 */
const SUMMARY_ROWS = 1000;

/**
 * @param isTold by the layout of telemetry, as far as nothing is lost. Its numbers once more would be ten columns, which the table of a
 * footer has for every chunk and timeline: that of a server's day outgrew its limit.
 */
export function needsSummary(stats: RecordingStats, isTold: boolean): boolean {
  return (!isTold && stats.rowsAccepted >= SUMMARY_ROWS) || rowsDropped(stats) > 0 || rowsRemoved(stats) > 0;
}

/**
 * The counters of a recording as a row of it, the last one: what was dropped has to be known when the file is all that is left (I3).
 * One whole number each: `rows_accepted`, `rows_written`, `rows_dropped` and what of them for which reason, …
 */
export function summaryRow(stats: RecordingStats): SummaryRow {
  const names = Object.entries(numbersOf(stats)).sort(([a], [b]) => (a < b ? -1 : 1));
  const row = new ByteWriter(256);
  for (const [, value] of names) {
    row.u32(1);
    row.i64(BigInt(value));
  }
  const columns = names.map(([name]) => ({
    descriptor: { archetype: ARCHETYPE, component: `${ARCHETYPE}:${name}` },
    type: "Int64" as const,
  }));
  return { shape: { isStatic: true, logTime: false, timelines: [], columns }, reader: new ByteReader(row.written()) };
}

/** Rows that are in none of the sinks. */
export function rowsDropped({ rowsDropped: reasons }: Pick<RecordingStats, "rowsDropped">): number {
  return Object.values(reasons).reduce((sum, rows) => sum + rows, 0);
}

/** Rows in segments that were removed to keep a file small. */
export function rowsRemoved({ sinks }: Pick<RecordingStats, "sinks">): number {
  return sinks.reduce((sum, { removedRows = 0 }) => sum + removedRows, 0);
}

function numbersOf(stats: RecordingStats): Record<string, number> {
  const { rowsAccepted, rowsWritten, chunksWritten, bytesWritten, spans, logs } = stats;
  const numbers: Record<string, number> = {
    rows_accepted: rowsAccepted,
    rows_written: rowsWritten,
    rows_dropped: rowsDropped(stats),
    rows_removed: rowsRemoved(stats),
    chunks_written: chunksWritten,
    bytes_written: bytesWritten,
    spans,
    logs,
  };
  for (const [reason, rows] of Object.entries(stats.rowsDropped)) numbers[`rows_dropped_${reason}`] = rows;
  return numbers;
}
