import type { SinkStatus } from "../sinks/sink.ts";

/** `rec.stats()`. Rows accepted = written + dropped + still pending. */
export interface RecordingStats {
  readonly rowsAccepted: number;
  readonly rowsWritten: number;
  readonly rowsDropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly chunksWritten: number;
  readonly chunksByFlushReason: Readonly<Record<FlushReason, number>>;
  readonly bytesWritten: number;
  readonly spans: number;
  readonly logs: number;
  readonly pending: PendingRows;
  readonly sinks: readonly SinkStatus[];
}

/** What is on its way, in the writer. */
export interface PendingRows {
  /** Accepted, and in no chunk yet. */
  readonly rows: number;
  /** Of these rows. */
  readonly bytes: number;
  /** How long the oldest of them has been there, in milliseconds. */
  readonly ageMillis: number;
  /** How long the records read last had waited for the writer, in milliseconds. */
  readonly lagMillis: number;
}

export type FlushReason = "rows" | "bytes" | "tick" | "manual" | "columns";

export type DropReason =
  /** The values do not fit their columns. */
  | "encode"
  /** A buffer or the ring was full. */
  | "overflow"
  /** A sink took them and could not write them. */
  | "sink"
  /** The recording ended before it was told where to write. */
  | "no-sink"
  /** Logged after the recording was shut down. */
  | "closed";
