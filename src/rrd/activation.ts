import { ByteWriter } from "../bytes/byte-writer.ts";
import type { ActivationMessage } from "./log-message.ts";
import { putBytesField, putNumberField } from "./proto-field.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdBytes } from "./store-id-bytes.ts";

export interface Activation {
  /** Shown now, in place of what the user has arranged. */
  readonly makeActive: boolean;
  /** Shown where the user has arranged nothing, and after a reset. */
  readonly makeDefault: boolean;
}

/**
 * Tells the viewer to use a blueprint. Comes after all of its chunks.
 *
 *   1 blueprint_id │ 2 make_active │ 3 make_default      what is false is left out
 */
export function activationMessage(store: StoreId, { makeActive, makeDefault }: Activation): ActivationMessage {
  const id = storeIdBytes(store);
  const command = new ByteWriter(id.length + 8);
  putBytesField(command, 1, id);
  if (makeActive) putNumberField(command, 2, 1);
  if (makeDefault) putNumberField(command, 3, 1);
  return { kind: "activation", store, payload: command.written() };
}
