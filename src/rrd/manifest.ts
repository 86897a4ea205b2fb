import { create } from "@bufbuild/protobuf";
import { encodeSchemaMessage } from "../arrow/ipc/schema-message.ts";
import { encodeSchema } from "../arrow/ipc/stream.ts";
import { compressBlock } from "../bytes/lz4.ts";
import { sha256 } from "../bytes/sha256.ts";
import { encodeManifestBatch, type ManifestEntry } from "./manifest-batch.ts";
import {
  Compression,
  type DataframePart,
  DataframePartSchema,
  EncoderVersion,
  SchemaSchema,
} from "./proto/rerun/common/v1alpha1/common_pb.ts";
import { type RrdManifest, RrdManifestSchema } from "./proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdMessage } from "./store-id-message.ts";
import { storeSchema } from "./store-schema.ts";

/**
 * The index of one store's chunks, equal in content to what official tools make of the same chunks. Only the hash differs: it is
 * taken of the schema as we encode it, and no reader computes it anew (rrd-format §5.7).
 *
 * @returns undefined if names of columns collide.
 */
export function createManifest(store: StoreId, entries: readonly ManifestEntry[]): RrdManifest | undefined {
  const batch = encodeManifestBatch(entries);
  if (batch === undefined) return undefined;
  const schema = storeSchema(entries.map(({ summary }) => summary));
  return create(RrdManifestSchema, {
    storeId: storeIdMessage(store),
    sorbetSchema: create(SchemaSchema, { arrowSchema: encodeSchema(schema) }),
    sorbetSchemaSha256: sha256(encodeSchemaMessage(schema).bytes),
    data: compressed(batch),
  });
}

function compressed(batch: Uint8Array): DataframePart {
  return create(DataframePartSchema, {
    encoderVersion: EncoderVersion.V0,
    payload: compressBlock(
      batch.length,
      (target) => target.set(batch),
      (block) => block.slice(),
    ),
    compression: Compression.LZ4,
    uncompressedSize: BigInt(batch.length),
  });
}
