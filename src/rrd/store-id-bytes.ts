import { ByteWriter } from "../bytes/byte-writer.ts";
import { putVarint } from "../bytes/varint.ts";
import { StoreKind } from "./proto/rerun/common/v1alpha1/common_pb.ts";
import { type StoreId, storeKey } from "./store-id.ts";

const LENGTH_AND_BYTES = 2;
const Tag = {
  kind: 1 << 3,
  recordingId: (2 << 3) | LENGTH_AND_BYTES,
  applicationId: (3 << 3) | LENGTH_AND_BYTES,
  id: (1 << 3) | LENGTH_AND_BYTES,
} as const;

const KINDS = { recording: StoreKind.RECORDING, blueprint: StoreKind.BLUEPRINT } as const;

/** Used again: memory is what small messages cost. */
const writer = /* @__PURE__ */ new ByteWriter(128);
const application = /* @__PURE__ */ new ByteWriter(64);

const MAX_STORES = 256;
const known = new Map<string, Uint8Array>();
const ENCODER = /* @__PURE__ */ new TextEncoder();

/**
 * The `StoreId` that all messages carry, by hand: the library takes 14 µs, which was paid for each recording of a request.
 *
 *   kind │ recording_id │ application_id { id }
 */
export function storeIdBytes(store: StoreId): Uint8Array {
  const key = storeKey(store);
  let bytes = known.get(key);
  if (bytes === undefined) {
    bytes = encoded(store);
    if (known.size >= MAX_STORES) known.delete(known.keys().next().value as string);
    known.set(key, bytes);
  }
  return bytes;
}

function encoded({ kind, applicationId, recordingId }: StoreId): Uint8Array {
  writer.reset();
  writer.u8(Tag.kind);
  writer.u8(KINDS[kind]);
  if (recordingId !== "") putField(writer, Tag.recordingId, ENCODER.encode(recordingId));
  application.reset();
  if (applicationId !== "") putField(application, Tag.id, ENCODER.encode(applicationId));
  putField(writer, Tag.applicationId, application.written());
  return writer.written().slice();
}

/** A field of a message: its tag, its length, its bytes. */
export function putField(writer: ByteWriter, tag: number, bytes: Uint8Array): void {
  writer.u8(tag);
  putVarint(writer, bytes.length);
  writer.raw(bytes);
}
