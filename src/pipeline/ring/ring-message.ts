/**
 * What the producer of a ring sends beside the records: memory that they refer to, always before the record that does.
 */
export type RingMessage = SegmentMessage | BlobMessage | WakeMessage;

/** The segment that the last one links to. */
export interface SegmentMessage {
  readonly type: "segment";
  /** Counted from the ring's first one. */
  readonly no: number;
  readonly buffer: SharedArrayBuffer;
}

/** Records from `from` to `to`, in the place of the `blob` record with that number. */
export interface BlobMessage {
  readonly type: "blob";
  readonly no: number;
  readonly buffer: SharedArrayBuffer;
  readonly from: number;
  readonly to: number;
}

/** Something is there to be read. */
export interface WakeMessage {
  readonly type: "wake";
}
