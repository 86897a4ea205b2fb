/** Thresholds of the batch processor; the first that is reached (`>=`, rows before bytes) flushes the entity. */
export interface BatcherConfig {
  /** A row waits at most this long; `Infinity` = no tick. Default 50 (8 for live sinks). */
  readonly flushTickMillis: number;
  /** Bytes of one entity's accumulated rows. Default 1 MiB. */
  readonly flushNumBytes: number;
  /** Rows of one entity. Default `Infinity`. 0 = after every row. */
  readonly flushNumRows: number;
  /** A chunk with an unsorted timeline is split at this many rows. Default 8192. */
  readonly chunkMaxRowsIfUnsorted: number;
}
