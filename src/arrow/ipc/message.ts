import type { Builder } from "flatbuffers";
import { CONTINUATION, PREFIX_BYTES, padded } from "./format.ts";

export interface FinishedMessage {
  /** Prefix, metadata, padding. */
  readonly bytes: Uint8Array;
  /** Where something that was built stands in `bytes`; builders give offsets from the end. */
  position(offset: number): number;
}

/** Puts the prefix before a `Message` table whose last part was built. */
export function finishMessage(builder: Builder, root: number): FinishedMessage {
  builder.finish(root);
  const metadata = builder.asUint8Array();
  const bytes = new Uint8Array(PREFIX_BYTES + padded(metadata.length));
  bytes.set(metadata, PREFIX_BYTES);
  putPrefix(bytes, 0, bytes.length - PREFIX_BYTES);
  return { bytes, position: (offset) => PREFIX_BYTES + metadata.length - offset };
}

export function putPrefix(target: Uint8Array, at: number, metadataLength: number): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(at, CONTINUATION, true);
  view.setInt32(at + 4, metadataLength, true);
}
