import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { activationMessage } from "../../../src/rrd/activation.ts";
import type { ArrowMessage } from "../../../src/rrd/log-message.ts";
import * as common from "../../../src/rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import * as logMsg from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import * as byHand from "../../../src/rrd/proto-enums.ts";
import { retargetChunk } from "../../../src/rrd/retarget-chunk.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import { storeIdBytes } from "../../../src/rrd/store-id-bytes.ts";
import { storeInfoMessage } from "../../../src/rrd/store-info.ts";

const STORES: StoreId[] = [
  { kind: "recording", applicationId: "shop", recordingId: "0b1f" },
  { kind: "blueprint", applicationId: "Ä 漢 🛒", recordingId: "é\0" },
  { kind: "recording", applicationId: "", recordingId: "" },
  { kind: "recording", applicationId: "a".repeat(300), recordingId: "b".repeat(20_000) },
];

function storeIdMessage({ kind, applicationId, recordingId }: StoreId): common.StoreId {
  return create(common.StoreIdSchema, {
    kind: kind === "recording" ? common.StoreKind.RECORDING : common.StoreKind.BLUEPRINT,
    recordingId,
    applicationId: create(common.ApplicationIdSchema, { id: applicationId }),
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("messages by hand are what the library writes", () => {
  it("numbers of enums", () => {
    for (const [name, members] of Object.entries(byHand)) {
      expect({ ...common, ...logMsg }[name as "StoreKind"], name).toMatchObject(members);
    }
  });

  it.each(STORES)("identity of a store: $kind", (store) => {
    expect(hex(storeIdBytes(store))).toEqual(hex(toBinary(common.StoreIdSchema, storeIdMessage(store))));
  });

  it.each(STORES)("announcement of a store: $kind", (store) => {
    const expected = create(logMsg.SetStoreInfoSchema, {
      rowId: create(common.TuidSchema, { timeNs: 0n, inc: 0n }),
      info: {
        storeId: storeIdMessage(store),
        storeSource: {
          kind: logMsg.StoreSourceKind.OTHER,
          extra: { payload: new TextEncoder().encode("otel-rerun") },
        },
        storeVersion: { crateVersionBits: 33 << 8 },
      },
    });
    expect(hex(storeInfoMessage(store).payload)).toEqual(hex(toBinary(logMsg.SetStoreInfoSchema, expected)));
  });

  it.each([
    [true, true],
    [true, false],
    [false, false],
  ])("activation, active %s, default %s", (makeActive, makeDefault) => {
    for (const store of STORES) {
      const expected = create(logMsg.BlueprintActivationCommandSchema, {
        blueprintId: storeIdMessage(store),
        makeActive,
        makeDefault,
      });
      const { payload } = activationMessage(store, { makeActive, makeDefault });
      expect(hex(payload)).toEqual(hex(toBinary(logMsg.BlueprintActivationCommandSchema, expected)));
    }
  });

  it.each(STORES)("chunk of another store: $kind", (store) => {
    const message = create(logMsg.ArrowMsgSchema, {
      storeId: storeIdMessage(STORES[0] as StoreId),
      chunkId: create(common.TuidSchema, { timeNs: 1n << 62n, inc: 7n }),
      compression: common.Compression.LZ4,
      uncompressedSize: 300n,
      encoding: logMsg.Encoding.ARROW_IPC,
      payload: Uint8Array.from({ length: 200 }, (_, i) => i),
      isStatic: false,
    });
    const chunk = { payload: toBinary(logMsg.ArrowMsgSchema, message) } as ArrowMessage;
    const moved = retargetChunk(chunk, store);
    expect(fromBinary(logMsg.ArrowMsgSchema, moved.payload)).toEqual({ ...message, storeId: storeIdMessage(store) });
    expect(moved.store).toBe(store);
    expect(hex(retargetChunk(moved, STORES[0] as StoreId).payload)).toBe(hex(chunk.payload));
  });
});
