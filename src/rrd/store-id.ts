/** `StoreId.kind` on the wire (rrd-format §2.1). */
export type StoreKind = "recording" | "blueprint";

/** Identity of a store: kind, application id and recording id together. */
export interface StoreId {
  readonly kind: StoreKind;
  readonly applicationId: string;
  readonly recordingId: string;
}

/** One string per store, usable as a map key. */
export function storeKey({ kind, applicationId, recordingId }: StoreId): string {
  return `${kind}\0${applicationId}\0${recordingId}`;
}
