import { ByteWriter } from "../bytes/byte-writer.ts";
import { setBounded } from "../set-bounded.ts";
import { StoreKind } from "./proto-enums.ts";
import { putBytesField, putNumberField } from "./proto-field.ts";
import { type StoreId, storeKey } from "./store-id.ts";

const KINDS = { recording: StoreKind.RECORDING, blueprint: StoreKind.BLUEPRINT } as const;

const MAX_STORES = 256;
const known = new Map<string, Uint8Array>();
const ENCODER = /* @__PURE__ */ new TextEncoder();

/** Used again: memory is what small messages cost. */
const writer = /* @__PURE__ */ new ByteWriter(128);
const application = /* @__PURE__ */ new ByteWriter(64);

/**
 * The `StoreId` that all messages carry.
 *
 *   1 kind │ 2 recording_id │ 3 application_id { 1 id }      empty text is left out
 */
export function storeIdBytes(store: StoreId): Uint8Array {
  const key = storeKey(store);
  let bytes = known.get(key);
  if (bytes === undefined) {
    bytes = encoded(store);
    setBounded(known, key, bytes, MAX_STORES);
  }
  return bytes;
}

function encoded({ kind, applicationId, recordingId }: StoreId): Uint8Array {
  writer.reset();
  putNumberField(writer, 1, KINDS[kind]);
  if (recordingId !== "") putBytesField(writer, 2, ENCODER.encode(recordingId));
  application.reset();
  if (applicationId !== "") putBytesField(application, 1, ENCODER.encode(applicationId));
  putBytesField(writer, 3, application.written());
  return writer.written().slice();
}
