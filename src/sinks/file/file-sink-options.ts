import type { OnLost } from "../sink.ts";
import type { FileLayer } from "./file-layer.ts";
import type { LoadReader } from "./read-back.ts";

export interface FileSinkOptions {
  readonly files?: FileLayer;
  readonly now?: () => number;
  readonly onLost?: OnLost;
  /** Told once that a limit cannot be kept. */
  readonly onWarning?: (message: string) => void;
  /** Limit of a journal, both generations together. Default: that of `Journal`. */
  readonly journalBytes?: number;
  /** A recording has left the file of that path. Default: this thread's table of open files is told. */
  readonly onReleased?: (path: string) => void;
  /** The file of the next segment is about to be made, where there is none. */
  readonly onSegment?: (path: string) => void;
  /** For the footer of a file that another writer began. Default: such a file has none. */
  readonly loadReader?: LoadReader;
}

/** Beside a file: it decides when the file rotates, because accumulators have to be flushed before. */
export interface FileJournal {
  /** It has not heard that the segment failed: its rows would come into the next one and be in both. */
  readonly isUsable: boolean;
  /** How many of these rows it has on disk. */
  rowsOnDisk(rowIds: Uint8Array): number;
}
