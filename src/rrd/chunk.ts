import type { ArrayData } from "../arrow/array-data.ts";
import type { ComponentDescriptor } from "./component-descriptor.ts";
import type { TimelineType } from "./timeline.ts";

/** One index column of a chunk: nanoseconds or sequence numbers, one per row, no nulls (rrd-format §3.4). */
export interface TimelineColumn {
  readonly name: string;
  readonly type: TimelineType;
  readonly times: BigInt64Array;
  /** Readers trust this flag (§3.3), so it must be true only if the times never go back. */
  readonly isSorted: boolean;
}

/** One component column: `list` is the Arrow List array around the instances; a null list means "not logged in this row". */
export interface ComponentColumn {
  readonly descriptor: ComponentDescriptor;
  readonly list: ArrayData;
}

/**
 * Rows of one entity with one set of timelines, in columns: the unit that is written, compressed and indexed.
 * No timeline at all means static.
 */
export interface Chunk {
  /** TUID, 16 bytes big endian. */
  readonly id: Uint8Array;
  /** Escaped, with a leading slash. */
  readonly entityPath: string;
  readonly numRows: number;
  /** `numRows` TUIDs, 16 bytes each. */
  readonly rowIds: Uint8Array;
  readonly rowIdsSorted: boolean;
  readonly timelines: readonly TimelineColumn[];
  readonly components: readonly ComponentColumn[];
}
