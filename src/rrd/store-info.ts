import { create, toBinary } from "@bufbuild/protobuf";
import { ByteWriter } from "../bytes/byte-writer.ts";
import { crateVersionBits, WRITTEN_VERSION } from "./format-version.ts";
import type { StoreInfoMessage } from "./log-message.ts";
import { TuidSchema } from "./proto/rerun/common/v1alpha1/common_pb.ts";
import {
  SetStoreInfoSchema,
  StoreInfoSchema,
  StoreSourceExtraSchema,
  StoreSourceKind,
  StoreSourceSchema,
  StoreVersionSchema,
} from "./proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { putBytesField } from "./proto-field.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdBytes } from "./store-id-bytes.ts";

/** Official SDKs have kinds of their own; the others say who they are. */
const SOURCE = /* @__PURE__ */ new TextEncoder().encode("otel-rerun");

/** `SetStoreInfo.info`, and `StoreInfo.store_id` in it. */
const INFO = 2;
const STORE_ID = 2;

/** Used again: memory is what small messages cost. */
const info = /* @__PURE__ */ new ByteWriter(128);
const message = /* @__PURE__ */ new ByteWriter(192);

/** What is the same for all stores. */
let same: { readonly rowId: Uint8Array; readonly info: Uint8Array } | undefined;

/** Announces a store. The row id is demanded but looked at by nobody; a fixed one makes the same bytes of the same input (I9). */
export function storeInfoMessage(store: StoreId): StoreInfoMessage {
  same ??= {
    rowId: toBinary(
      SetStoreInfoSchema,
      create(SetStoreInfoSchema, { rowId: create(TuidSchema, { timeNs: 0n, inc: 0n }) }),
    ),
    info: toBinary(
      StoreInfoSchema,
      create(StoreInfoSchema, {
        storeSource: create(StoreSourceSchema, {
          kind: StoreSourceKind.OTHER,
          extra: create(StoreSourceExtraSchema, { payload: SOURCE }),
        }),
        storeVersion: create(StoreVersionSchema, { crateVersionBits: crateVersionBits(WRITTEN_VERSION) }),
      }),
    ),
  };
  info.reset();
  putBytesField(info, STORE_ID, storeIdBytes(store));
  info.raw(same.info);
  message.reset();
  message.raw(same.rowId);
  putBytesField(message, INFO, info.written());
  return { kind: "store-info", store, payload: message.written().slice(), isOwned: true };
}
