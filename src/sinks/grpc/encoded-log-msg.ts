import type { MessageInitShape } from "@bufbuild/protobuf";
import type { LogMessage } from "../../rrd/log-message.ts";
import type { EncodedLogMsgSchema } from "../../rrd/proto/rerun/sdk_comms/v1alpha1/sdk_comms_pb.ts";

export type EncodedLogMsgInit = MessageInitShape<typeof EncodedLogMsgSchema>;

const CASES = {
  "store-info": "setStoreInfo",
  arrow: "arrowMsg",
  activation: "blueprintActivationCommand",
} as const;

/** A message as a proxy takes and gives it (rrd-format §2.4); the payload is not copied. */
export function encodedLogMsg({ kind, payload }: LogMessage): EncodedLogMsgInit {
  return { msg: { case: CASES[kind], value: payload as Uint8Array<ArrayBuffer> } };
}
