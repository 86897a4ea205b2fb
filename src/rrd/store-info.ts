import { create, toBinary } from "@bufbuild/protobuf";
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
import type { StoreId } from "./store-id.ts";
import { storeIdMessage } from "./store-id-message.ts";

/** Official SDKs have kinds of their own; the others say who they are. */
const SOURCE = /* @__PURE__ */ new TextEncoder().encode("otel-rerun");

/** Announces a store. The row id is demanded but looked at by nobody; a fixed one makes the same bytes of the same input (I9). */
export function storeInfoMessage(store: StoreId): StoreInfoMessage {
  const message = create(SetStoreInfoSchema, {
    rowId: create(TuidSchema, { timeNs: 0n, inc: 0n }),
    info: create(StoreInfoSchema, {
      storeId: storeIdMessage(store),
      storeSource: create(StoreSourceSchema, {
        kind: StoreSourceKind.OTHER,
        extra: create(StoreSourceExtraSchema, { payload: SOURCE }),
      }),
      storeVersion: create(StoreVersionSchema, { crateVersionBits: crateVersionBits(WRITTEN_VERSION) }),
    }),
  });
  return { kind: "store-info", store, payload: toBinary(SetStoreInfoSchema, message) };
}
