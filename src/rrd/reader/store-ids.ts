import { fromBinary } from "@bufbuild/protobuf";
import { normalizeApplicationId } from "../application-id.ts";
import { MessageKind } from "../frame.ts";
import { type StoreId as StoreIdMessage, StoreKind } from "../proto/rerun/common/v1alpha1/common_pb.ts";
import {
  BlueprintActivationCommandSchema,
  SetStoreInfoSchema,
  type StoreInfo,
} from "../proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { type StoreId, storeKey } from "../store-id.ts";
import { parseArrowPayload } from "./arrow-payload.ts";
import { formatError } from "./format-error.ts";

/** What official readers say for a store of which nobody named the application. */
const UNKNOWN_APPLICATION = "unknown_app_id";

/** The stores of a file in order of their appearance, one object each. */
export class StoreIds {
  readonly #stores = new Map<string, StoreId>();
  /** Application ids that store infos told, by kind and recording id: old writers put them nowhere else (rrd-format §2.3). */
  readonly #applications = new Map<string, string>();

  get all(): readonly StoreId[] {
    return [...this.#stores.values()];
  }

  announced({ storeId, applicationId }: StoreInfo): StoreId {
    const told = storeId?.applicationId?.id ?? applicationId?.id;
    if (storeId !== undefined && told !== undefined) this.#applications.set(shortKey(storeId), told);
    return this.of(storeId);
  }

  of(message: StoreIdMessage | undefined): StoreId {
    if (message === undefined) throw formatError("a message without the id of its recording");
    const told = message.applicationId?.id ?? this.#applications.get(shortKey(message)) ?? UNKNOWN_APPLICATION;
    return this.add({
      kind: message.kind === StoreKind.BLUEPRINT ? "blueprint" : "recording",
      applicationId: normalizeApplicationId(told),
      recordingId: message.recordingId,
    });
  }

  /** The store of a message. @throws as decoders do, RerunError ERR_RERUN_FORMAT */
  in(kind: Exclude<MessageKind, typeof MessageKind.End>, payload: Uint8Array): StoreId {
    switch (kind) {
      case MessageKind.ArrowMsg:
        return this.of(parseArrowPayload(payload).storeId);
      case MessageKind.BlueprintActivationCommand:
        return this.of(fromBinary(BlueprintActivationCommandSchema, payload).blueprintId);
      case MessageKind.SetStoreInfo: {
        const { info } = fromBinary(SetStoreInfoSchema, payload);
        if (info === undefined) throw formatError("a store info that says nothing");
        return this.announced(info);
      }
    }
  }

  /** The object that stands for the store. */
  add(id: StoreId): StoreId {
    const key = storeKey(id);
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    this.#stores.set(key, id);
    return id;
  }
}

function shortKey({ kind, recordingId }: StoreIdMessage): string {
  return `${kind === StoreKind.BLUEPRINT ? "blueprint" : "recording"}\0${recordingId}`;
}
