import { create, toBinary } from "@bufbuild/protobuf";
import type { ActivationMessage } from "./log-message.ts";
import { BlueprintActivationCommandSchema } from "./proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdMessage } from "./store-id-message.ts";

export interface Activation {
  /** Shown now, in place of what the user has arranged. */
  readonly makeActive: boolean;
  /** Shown where the user has arranged nothing, and after a reset. */
  readonly makeDefault: boolean;
}

/** Tells the viewer to use a blueprint. Comes after all of its chunks. */
export function activationMessage(store: StoreId, { makeActive, makeDefault }: Activation): ActivationMessage {
  const command = create(BlueprintActivationCommandSchema, {
    blueprintId: storeIdMessage(store),
    makeActive,
    makeDefault,
  });
  return { kind: "activation", store, payload: toBinary(BlueprintActivationCommandSchema, command) };
}
