import { create } from "@bufbuild/protobuf";
import {
  ApplicationIdSchema,
  type StoreId as StoreIdMessage,
  StoreIdSchema,
  StoreKind,
} from "./proto/rerun/common/v1alpha1/common_pb.ts";
import type { StoreId } from "./store-id.ts";

/** A store's identity as the protobuf message that all others carry. */
export function storeIdMessage({ kind, applicationId, recordingId }: StoreId): StoreIdMessage {
  return create(StoreIdSchema, {
    kind: kind === "recording" ? StoreKind.RECORDING : StoreKind.BLUEPRINT,
    recordingId,
    applicationId: create(ApplicationIdSchema, { id: applicationId }),
  });
}
