import type { Position } from "./problem.ts";

/** Reads one format, chunk by chunk. */
export interface FormatReader {
  /** @throws RerunError ERR_RERUN_FORMAT when the whole input is no use. */
  push(chunk: Buffer): void;
  /** No more comes. */
  end(): void;
}

/** What a reader is told, and whom it tells. */
export interface ReaderContext {
  /** Bytes of what is in memory at once: a value of JSON, a message of protobuf. */
  readonly maxPieceBytes: number;
  /** A part of the input is left out. */
  problem(reason: string, position: Position): void;
}
