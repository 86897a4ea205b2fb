import type { ArrayData } from "../arrow/array-data.ts";
import { binaryArray, booleanArray, int64Array, uint64Array, utf8Array } from "../arrow/arrays.ts";
import { Bitmap } from "../arrow/builders/bitmap.ts";
import type { Field } from "../arrow/datatype.ts";
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

export interface ManifestTable {
  readonly arrays: readonly ArrayData[];
  /** Undefined if two columns have the same name, which no reader takes. */
  fields(): readonly Field[] | undefined;
}

/**
 * The table of a manifest: a row per chunk, in the order written (rrd-format §5.1–5.4).
 *
 *   path id static rows offset size uncompressed │ component:has_static_data… │ timeline:start :end… │ timeline:component:start :end :num_rows…
 *
 * What describes the columns is made only when it is asked for: tables of the same columns follow on each other.
 */
export function manifestTable(entries: readonly ManifestEntry[]): ManifestTable {
  const descriptions: (() => Omit<Field, "type">)[] = [];
  const arrays: ArrayData[] = [];
  const add = (name: string, array: ArrayData) => {
    descriptions.push(() => ({ name, nullable: false, metadata: {} }));
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
    descriptions.push(() => ({
      name: manifestColumnName({ descriptor, suffix: "has_static_data" }),
      nullable: false,
      metadata: { "rerun:index": "rerun:static", ...descriptorMetadata(descriptor) },
    }));
    arrays.push(booleanArray(isStatic));
  }
  for (const { timeline, descriptor, starts, ends, isThere, numRows } of ranges.columns) {
    const type = timelineDatatype(timeline.type);
    const addAbout = (suffix: ManifestColumn["suffix"], array: ArrayData) => {
      descriptions.push(() => ({
        name: manifestColumnName({ timeline: timeline.name, ...(descriptor && { descriptor }), suffix }),
        nullable: true,
        metadata: { "rerun:index": timeline.name, ...(descriptor && descriptorMetadata(descriptor)) },
      }));
      arrays.push(array);
    };
    addAbout("start", int64Array(type, starts, isThere));
    addAbout("end", int64Array(type, ends, isThere));
    if (descriptor !== undefined) addAbout("num_rows", uint64Array(numRows));
  }
  return { arrays, fields: () => fieldsOf(descriptions, arrays) };
}

function fieldsOf(
  descriptions: readonly (() => Omit<Field, "type">)[],
  arrays: readonly ArrayData[],
): readonly Field[] | undefined {
  const fields = descriptions.map((describe, at) => ({ ...describe(), type: (arrays[at] as ArrayData).type }));
  return new Set(fields.map(({ name }) => name)).size < fields.length ? undefined : fields;
}
