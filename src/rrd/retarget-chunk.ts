import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ArrowMessage } from "./log-message.ts";
import { ArrowMsgSchema } from "./proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdMessage } from "./store-id-message.ts";

/** The same chunk as one of another store: only the message says where it belongs, its Arrow data is not looked into. */
export function retargetChunk(chunk: ArrowMessage, store: StoreId): ArrowMessage {
  const message = fromBinary(ArrowMsgSchema, chunk.payload);
  message.storeId = storeIdMessage(store);
  const { isStatic, summary } = chunk;
  return { kind: "arrow", store, payload: toBinary(ArrowMsgSchema, message), isStatic, summary };
}
