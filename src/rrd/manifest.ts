import { create } from "@bufbuild/protobuf";
import { recordBatchBehind } from "../arrow/ipc/stream.ts";
import { compressBlock } from "../bytes/lz4.ts";
import type { ChunkSummary } from "./log-message.ts";
import { type ManifestEntry, manifestTable } from "./manifest-batch.ts";
import { manifestSchemas } from "./manifest-schemas.ts";
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

/**
 * Of stores that are the same in file after file: dashboards. Found by their first chunk, and forgotten with it. Not of recordings, which
 * come once: V8's scavenges free nothing of what is kept here.
 */
const known = new WeakMap<
  ChunkSummary,
  { readonly entries: readonly ManifestEntry[]; readonly manifest: RrdManifest }
>();

/**
 * The index of one store's chunks, equal in content to what official tools make of the same chunks. Only the hash differs: it is
 * taken of the schema as we encode it, and no reader computes it anew (rrd-format §5.7).
 *
 * @returns undefined if names of columns collide.
 */
export function createManifest(store: StoreId, entries: readonly ManifestEntry[]): RrdManifest | undefined {
  const first = store.kind === "blueprint" ? entries[0]?.summary : undefined;
  const before = first && known.get(first);
  // chunks have ids, so the same chunk is of the same store
  if (before !== undefined && areSame(before.entries, entries)) return before.manifest;
  const table = manifestTable(entries);
  const summaries = entries.map(({ summary }) => summary);
  const schemas = manifestSchemas(summaries, table.fields);
  if (schemas === undefined) return undefined;
  const manifest = create(RrdManifestSchema, {
    storeId: storeIdMessage(store),
    sorbetSchema: create(SchemaSchema, { arrowSchema: schemas.store }),
    sorbetSchemaSha256: schemas.storeHash,
    data: compressed(recordBatchBehind(schemas.table, table.arrays, entries.length)),
  });
  if (first !== undefined) known.set(first, { entries, manifest });
  return manifest;
}

function areSame(some: readonly ManifestEntry[], others: readonly ManifestEntry[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ summary, offset, byteLength }, at) => {
      const other = others[at] as ManifestEntry;
      return other.summary === summary && other.offset === offset && other.byteLength === byteLength;
    })
  );
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
