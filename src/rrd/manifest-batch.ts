import type { ArrayData } from "../arrow/array-data.ts";
import { Bitmap, binaryArray, booleanArray, int64Array, uint64Array, utf8Array } from "../arrow/arrays.ts";
import type { Field } from "../arrow/datatype.ts";
import { encodeRecordBatch } from "../arrow/ipc/stream.ts";
import { TUID_BYTES } from "../bytes/tuid.ts";
import { descriptorMetadata, timelineDatatype } from "./column-fields.ts";
import type { ChunkSummary } from "./log-message.ts";
import { type ManifestColumn, manifestColumnName } from "./manifest-column-name.ts";
import { ManifestRanges } from "./manifest-ranges.ts";

/** A chunk and where its `ArrowMsg` is in the file. */
export interface ManifestEntry {
  readonly summary: ChunkSummary;
  readonly offset: number;
  readonly byteLength: number;
}

/**
 * The table of a manifest: a row per chunk, in the order written (rrd-format §5.1–5.4).
 *
 *   path id static rows offset size uncompressed │ component:has_static_data… │ timeline:start :end… │ timeline:component:start :end :num_rows…
 *
 * @returns undefined if two columns have the same name, which no reader takes.
 */
export function encodeManifestBatch(entries: readonly ManifestEntry[]): Uint8Array | undefined {
  const fields: Field[] = [];
  const arrays: ArrayData[] = [];
  const names = new Set<string>();
  const add = (name: string, array: ArrayData, nullable = false, metadata: Readonly<Record<string, string>> = {}) => {
    names.add(name);
    fields.push({ name, nullable, type: array.type, metadata });
    arrays.push(array);
  };

  const summaries = entries.map(({ summary }) => summary);
  add("chunk_entity_path", utf8Array(summaries.map(({ entityPath }) => entityPath)));
  add(
    "chunk_id",
    binaryArray(
      TUID_BYTES,
      summaries.map(({ id }) => id),
    ),
  );
  const isStatic = new Bitmap(summaries.length);
  summaries.forEach(({ timelines }, at) => {
    if (timelines.length === 0) isStatic.set(at);
  });
  add("chunk_is_static", booleanArray(isStatic));
  add("chunk_num_rows", uint64Array(summaries.map(({ numRows }) => numRows)));
  add("chunk_byte_offset", uint64Array(entries.map(({ offset }) => offset)));
  add("chunk_byte_size", uint64Array(entries.map(({ byteLength }) => byteLength)));
  add("chunk_byte_size_uncompressed", uint64Array(summaries.map(({ uncompressedBytes }) => uncompressedBytes)));

  const ranges = new ManifestRanges(summaries);
  for (const { descriptor, isStatic } of ranges.components) {
    const metadata = { "rerun:index": "rerun:static", ...descriptorMetadata(descriptor) };
    add(manifestColumnName({ descriptor, suffix: "has_static_data" }), booleanArray(isStatic), false, metadata);
  }
  for (const { timeline, descriptor, starts, ends, isThere, numRows } of ranges.columns) {
    const type = timelineDatatype(timeline.type);
    const metadata = { "rerun:index": timeline.name, ...(descriptor && descriptorMetadata(descriptor)) };
    const nameOf = (suffix: ManifestColumn["suffix"]): string =>
      manifestColumnName({ timeline: timeline.name, ...(descriptor && { descriptor }), suffix });
    add(nameOf("start"), int64Array(type, starts, isThere), true, metadata);
    add(nameOf("end"), int64Array(type, ends, isThere), true, metadata);
    if (descriptor !== undefined) add(nameOf("num_rows"), uint64Array(numRows), true, metadata);
  }
  if (names.size < fields.length) return undefined;
  return encodeRecordBatch({ fields }, arrays, entries.length);
}
