import type { SinkStatus } from "../sinks/sink.ts";
import type { DropReason, FlushReason, PendingRows, RecordingStats } from "./recording-stats.ts";
import { rowsDropped } from "./stats-summary.ts";

/** Numbers that cross threads. */
export type CountersSnapshot = Omit<RecordingStats, "sinks" | "pending">;

export const NOTHING_PENDING: PendingRows = { rows: 0, bytes: 0, ageMillis: 0, lagMillis: 0 };

/** What happened to the rows of one recording and of the stores beside it (I3). */
export class Counters {
  rowsAccepted = 0;
  rowsWritten = 0;
  chunksWritten = 0;
  bytesWritten = 0;
  spans = 0;
  logs = 0;
  readonly #dropped: Partial<Record<DropReason, number>> = {};
  readonly #chunks: Record<FlushReason, number> = { rows: 0, bytes: 0, tick: 0, manual: 0, columns: 0 };

  drop(reason: DropReason, rows: number): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + rows;
  }

  /** Rows that had been handed on were lost after all. */
  lose(reason: DropReason, rows: number): void {
    this.rowsWritten -= rows;
    this.drop(reason, rows);
  }

  /** What waited, and as many of the rows that had been handed on, since they had not left memory. */
  loseHeld(reason: DropReason, held: number): void {
    this.rowsWritten -= Math.min(held, this.rowsWritten);
    const lost = this.rowsAccepted - this.rowsWritten - rowsDropped({ rowsDropped: this.#dropped });
    if (lost > 0) this.drop(reason, lost);
  }

  chunk(reason: FlushReason, rows: number, bytes: number): void {
    this.#chunks[reason] += 1;
    this.chunksWritten += 1;
    this.rowsWritten += rows;
    this.bytesWritten += bytes;
  }

  /** Goes on counting where another writer was. */
  restore(snapshot: CountersSnapshot): void {
    const { rowsDropped, chunksByFlushReason, ...numbers } = snapshot;
    Object.assign(this, numbers);
    Object.assign(this.#dropped, rowsDropped);
    Object.assign(this.#chunks, chunksByFlushReason);
  }

  snapshot(sinks: readonly SinkStatus[], pending: PendingRows = NOTHING_PENDING): RecordingStats {
    return {
      rowsAccepted: this.rowsAccepted,
      rowsWritten: this.rowsWritten,
      rowsDropped: { ...this.#dropped },
      chunksWritten: this.chunksWritten,
      chunksByFlushReason: { ...this.#chunks },
      bytesWritten: this.bytesWritten,
      spans: this.spans,
      logs: this.logs,
      pending,
      sinks,
    };
  }
}
