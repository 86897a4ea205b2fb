import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Schema, type Table, tableFromIPC } from "apache-arrow";
import { expect } from "vitest";
import { decompressBlock } from "../../../src/bytes/lz4.ts";
import { RrdFooterSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { parseStreamFooter, STREAM_FOOTER_BYTES } from "../../../src/rrd/stream-footer.ts";

export interface DecodedManifest {
  readonly store: string;
  /** Name → datatype, nullability and metadata, in order. */
  readonly columns: readonly (readonly unknown[])[];
  /** Chunk id → its row; without what depends on the file (offset and sizes). */
  readonly rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Fields of the store's schema, by name. */
  readonly schema: readonly (readonly unknown[])[];
}

const OF_THE_FILE = /^chunk_byte_/;

/** The manifests of a finished file, decoded by the protobuf library and apache-arrow. */
export function manifestsOf(file: Uint8Array): readonly DecodedManifest[] {
  const footer = parseStreamFooter(file, file.length - STREAM_FOOTER_BYTES);
  if (footer === undefined) throw new Error("the file has no footer");
  const bytes = file.subarray(footer.offset, footer.offset + footer.length);
  const message = fromBinary(RrdFooterSchema, bytes);
  // byte for byte what the library writes
  expect(Buffer.compare(toBinary(RrdFooterSchema, message), bytes)).toBe(0);
  const { manifests } = message;
  return manifests.map(({ storeId, sorbetSchema, data }) => {
    const bytes = decompressBlock(data?.payload ?? new Uint8Array(0), Number(data?.uncompressedSize));
    const table = tableFromIPC(bytes);
    return {
      store: `${storeId?.kind} ${storeId?.applicationId?.id} ${storeId?.recordingId}`,
      columns: fieldsOf(table.schema),
      rows: rowsOf(table),
      schema: [...fieldsOf(tableFromIPC(sorbetSchema?.arrowSchema ?? new Uint8Array(0)).schema)].sort((a, b) =>
        String(a[0]) < String(b[0]) ? -1 : 1,
      ),
    };
  });
}

function fieldsOf(schema: Schema): readonly (readonly unknown[])[] {
  return schema.fields.map(({ name, type, nullable, metadata }) => [
    name,
    String(type),
    nullable,
    Object.fromEntries([...metadata].sort(([a], [b]) => (a < b ? -1 : 1))),
  ]);
}

function rowsOf(table: Table): DecodedManifest["rows"] {
  const rows: Record<string, Record<string, unknown>> = {};
  for (let at = 0; at < table.numRows; at++) {
    const row: Record<string, unknown> = {};
    for (const { name } of table.schema.fields) {
      const value = table.getChild(name)?.get(at) as unknown;
      if (!OF_THE_FILE.test(name)) row[name] = value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
    }
    rows[String(row.chunk_id)] = row;
  }
  return rows;
}
