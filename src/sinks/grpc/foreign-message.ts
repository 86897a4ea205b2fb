import { fromBinary } from "@bufbuild/protobuf";
import { StoreKind } from "../../rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import {
  ArrowMsgSchema,
  BlueprintActivationCommandSchema,
  SetStoreInfoSchema,
} from "../../rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import type { EncodedLogMsg } from "../../rrd/proto/rerun/sdk_comms/v1alpha1/sdk_comms_pb.ts";
import type { ProxyMessage } from "./message-history.ts";

const KINDS = { setStoreInfo: "store-info", arrowMsg: "arrow", blueprintActivationCommand: "activation" } as const;

/**
 * A message that came from the network. It is looked at only as far as its place in the history depends on it; a chunk that cannot be
 * read by viewers passes here as it does in the official proxy.
 *
 * @returns what is wrong with it, if anything is
 */
export function foreignProxyMessage(encoded: EncodedLogMsg | undefined): ProxyMessage | string {
  if (encoded === undefined) return "missing `log_msg`";
  const { case: member, value } = encoded.msg;
  if (member === undefined) return "missing `msg`";
  const kind = KINDS[member];
  try {
    switch (member) {
      case "setStoreInfo":
        fromBinary(SetStoreInfoSchema, value);
        break;
      case "blueprintActivationCommand":
        fromBinary(BlueprintActivationCommandSchema, value);
        break;
      case "arrowMsg": {
        const { storeId, isStatic } = fromBinary(ArrowMsgSchema, value);
        if (storeId === undefined) return "a chunk without `store_id`";
        const isPersistent = storeId.kind === StoreKind.BLUEPRINT;
        return { kind, payload: value, isPersistent, isStatic: isStatic === true };
      }
    }
  } catch (error) {
    return `the message cannot be decoded: ${error instanceof Error ? error.message : String(error)}`;
  }
  return { kind, payload: value, isPersistent: true, isStatic: false };
}
