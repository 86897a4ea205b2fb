import { ByteWriter } from "../bytes/byte-writer.ts";
import { TUID_BYTES } from "../bytes/tuid.ts";
import { crateVersionBits, WRITTEN_VERSION } from "./format-version.ts";
import type { StoreInfoMessage } from "./log-message.ts";
import { StoreSourceKind } from "./proto-enums.ts";
import { fixed64Tag, putBytesField, putNumberField } from "./proto-field.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdBytes } from "./store-id-bytes.ts";

/** Official SDKs have kinds of their own; the others say who they are. */
const SOURCE = /* @__PURE__ */ new TextEncoder().encode("otel-rerun");

/** Used again: memory is what small messages cost. */
const info = /* @__PURE__ */ new ByteWriter(128);
const message = /* @__PURE__ */ new ByteWriter(192);

/** What is the same for all stores. */
let same: { readonly rowId: Uint8Array; readonly source: Uint8Array; readonly version: Uint8Array } | undefined;

/**
 * Announces a store. The row id is demanded but looked at by nobody; a fixed one makes the same bytes of the same input (I9).
 *
 *   1 row_id │ 2 info { 2 store_id │ 5 store_source │ 6 store_version }
 */
export function storeInfoMessage(store: StoreId): StoreInfoMessage {
  same ??= { rowId: zeroTuid(), source: storeSource(), version: storeVersion() };
  info.reset();
  putBytesField(info, 2, storeIdBytes(store));
  putBytesField(info, 5, same.source);
  putBytesField(info, 6, same.version);
  message.reset();
  putBytesField(message, 1, same.rowId);
  putBytesField(message, 2, info.written());
  return { kind: "store-info", store, payload: message.written().slice(), isOwned: true };
}

/** 1 time_ns │ 2 inc */
function zeroTuid(): Uint8Array {
  const bytes = new Uint8Array(2 + TUID_BYTES);
  bytes[0] = fixed64Tag(1);
  bytes[1 + TUID_BYTES / 2] = fixed64Tag(2);
  return bytes;
}

/** 1 kind │ 2 extra { 1 payload } */
function storeSource(): Uint8Array {
  const extra = new ByteWriter(SOURCE.length + 8);
  putBytesField(extra, 1, SOURCE);
  const source = new ByteWriter(extra.position + 8);
  putNumberField(source, 1, StoreSourceKind.OTHER);
  putBytesField(source, 2, extra.written());
  return source.written();
}

/** 1 crate_version_bits */
function storeVersion(): Uint8Array {
  const version = new ByteWriter(8);
  putNumberField(version, 1, crateVersionBits(WRITTEN_VERSION));
  return version.written();
}
