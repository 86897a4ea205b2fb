import { recordBatchBehind } from "../arrow/ipc/stream.ts";
import { ByteWriter } from "../bytes/byte-writer.ts";
import { compressBlock } from "../bytes/lz4.ts";
import type { ChunkSummary } from "./log-message.ts";
import { type ManifestEntry, manifestTable } from "./manifest-batch.ts";
import { type ManifestSchemas, manifestSchemas } from "./manifest-schemas.ts";
import { Compression, EncoderVersion } from "./proto-enums.ts";
import { putBytesField, putNumberField } from "./proto-field.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdBytes } from "./store-id-bytes.ts";

/**
 * Of stores that are the same in file after file: dashboards. Found by their first chunk, and forgotten with it. Not of recordings, which
 * come once: V8's scavenges free nothing of what is kept here.
 */
const known = new WeakMap<
  ChunkSummary,
  { readonly entries: readonly ManifestEntry[]; readonly manifest: Uint8Array }
>();

/**
 * The index of one store's chunks, an `RrdManifest`, equal in content to what official tools make of the same chunks. Only the hash
 * differs: it is taken of the schema as we encode it, and no reader computes it anew (rrd-format §5.7).
 *
 *   1 store_id │ 2 sorbet_schema { 1 arrow_schema } │ 3 sorbet_schema_sha256 │ 4 data
 *
 * @returns undefined if names of columns collide.
 */
export function encodeManifest(store: StoreId, entries: readonly ManifestEntry[]): Uint8Array | undefined {
  const first = store.kind === "blueprint" ? entries[0]?.summary : undefined;
  const before = first && known.get(first);
  // chunks have ids, so the same chunk is of the same store
  if (before !== undefined && areSame(before.entries, entries)) return before.manifest;
  const table = manifestTable(entries);
  const summaries = entries.map(({ summary }) => summary);
  const schemas = manifestSchemas(summaries, table.fields);
  if (schemas === undefined) return undefined;
  const data = dataframePart(recordBatchBehind(schemas.table, table.arrays, entries.length));
  const manifest = encoded(store, schemas, data);
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

function encoded(store: StoreId, schemas: ManifestSchemas, data: Uint8Array): Uint8Array {
  const schema = new ByteWriter(schemas.store.length + 8);
  putBytesField(schema, 1, schemas.store);
  const manifest = new ByteWriter(schema.position + data.length + 256);
  putBytesField(manifest, 1, storeIdBytes(store));
  putBytesField(manifest, 2, schema.written());
  putBytesField(manifest, 3, schemas.storeHash);
  putBytesField(manifest, 4, data);
  return manifest.written();
}

/** 1 encoder_version │ 2 payload │ 3 compression │ 4 uncompressed_size */
function dataframePart(batch: Uint8Array): Uint8Array {
  return compressBlock(
    batch.length,
    (target) => target.set(batch),
    (block) => {
      const part = new ByteWriter(block.length + 32);
      putNumberField(part, 1, EncoderVersion.V0);
      putBytesField(part, 2, block);
      putNumberField(part, 3, Compression.LZ4);
      putNumberField(part, 4, batch.length);
      return part.written();
    },
  );
}
