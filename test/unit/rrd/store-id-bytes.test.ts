import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { StoreIdSchema } from "../../../src/rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import { SetStoreInfoSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import { storeIdBytes } from "../../../src/rrd/store-id-bytes.ts";
import { storeIdMessage } from "../../../src/rrd/store-id-message.ts";
import { storeInfoMessage } from "../../../src/rrd/store-info.ts";

const STORES: StoreId[] = [
  { kind: "recording", applicationId: "shop", recordingId: "0b1f" },
  { kind: "blueprint", applicationId: "Ä 漢 🛒", recordingId: "é\0" },
  { kind: "recording", applicationId: "", recordingId: "" },
  { kind: "recording", applicationId: "a".repeat(300), recordingId: "b".repeat(20_000) },
];

describe("the identity of a store", () => {
  it.each(STORES)("is what the library writes: $kind", (store) => {
    expect(Buffer.from(storeIdBytes(store))).toEqual(Buffer.from(toBinary(StoreIdSchema, storeIdMessage(store))));
  });

  it.each(STORES)("is announced as the library would: $kind", (store) => {
    const { payload } = storeInfoMessage(store);
    const message = fromBinary(SetStoreInfoSchema, payload);
    expect(message.info?.storeId).toEqual(storeIdMessage(store));
    expect(message.rowId).toMatchObject({ timeNs: 0n, inc: 0n });
    expect(Buffer.from(toBinary(SetStoreInfoSchema, message))).toEqual(Buffer.from(payload));
  });
});
