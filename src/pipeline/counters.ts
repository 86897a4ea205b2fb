import type { SinkStatus } from "../sinks/sink.ts";
import type { DropReason, FlushReason, RecordingStats } from "./transport.ts";

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

  chunk(reason: FlushReason, rows: number, bytes: number): void {
    this.#chunks[reason] += 1;
    this.chunksWritten += 1;
    this.rowsWritten += rows;
    this.bytesWritten += bytes;
  }

  snapshot(sinks: readonly SinkStatus[]): RecordingStats {
    return {
      rowsAccepted: this.rowsAccepted,
      rowsWritten: this.rowsWritten,
      rowsDropped: { ...this.#dropped },
      chunksWritten: this.chunksWritten,
      chunksByFlushReason: { ...this.#chunks },
      bytesWritten: this.bytesWritten,
      spans: this.spans,
      logs: this.logs,
      sinks,
    };
  }
}
