import type { StoreId } from "./store-id.ts";

/**
 * What goes to a sink: the protobuf body of one message, encoded once however many sinks there are. A file frames the
 * payload (rrd-format §1.2), gRPC wraps it into a `LogMsg` (§2.2).
 */
export type LogMessage = StoreInfoMessage | ArrowMessage | ActivationMessage;

interface Sent {
  readonly store: StoreId;
  readonly payload: Uint8Array;
  /** The payload's memory stays as it is: who keeps the message needs no copy. Default: it is valid during the call. */
  readonly isOwned?: true;
}

export interface StoreInfoMessage extends Sent {
  readonly kind: "store-info";
}

export interface ArrowMessage extends Sent {
  readonly kind: "arrow";
  readonly isStatic: boolean;
  /** What the footer has to know of the chunk; the chunk itself may be forgotten. */
  readonly summary: ChunkSummary;
}

export interface ActivationMessage extends Sent {
  readonly kind: "activation";
}

/** The part of a chunk that its manifest row needs (rrd-format §5). Bounded by columns, not by rows. */
export interface ChunkSummary {
  readonly id: Uint8Array;
  readonly entityPath: string;
  readonly numRows: number;
  readonly uncompressedBytes: number;
  readonly timelines: readonly TimelineSummary[];
  readonly components: readonly ComponentSummary[];
}

export interface TimelineSummary {
  readonly name: string;
  readonly type: import("./timeline.ts").TimelineType;
  readonly start: bigint;
  readonly end: bigint;
}

export interface ComponentSummary {
  readonly descriptor: import("./component-descriptor.ts").ComponentDescriptor;
  /** Datatype of the instances; the column is a List of it. */
  readonly type: import("../arrow/datatype.ts").DataType;
  readonly isEmpty: boolean;
  /** Rows whose list is not null, and first and last time of those, per timeline of the chunk (same order). */
  readonly numRows: number;
  readonly ranges: readonly { readonly start: bigint; readonly end: bigint }[];
}
