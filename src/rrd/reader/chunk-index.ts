import { fromBinary } from "@bufbuild/protobuf";
import type { Batch } from "@uwdata/flechette";
import { type DataframePart, EncoderVersion } from "../proto/rerun/common/v1alpha1/common_pb.ts";
import { RrdFooterSchema } from "../proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import type { StoreId } from "../store-id.ts";
import { footerChecksum, parseStreamFooter, STREAM_FOOTER_BYTES } from "../stream-footer.ts";
import { readBatch } from "./arrow-batch.ts";
import { unpackIpc } from "./arrow-payload.ts";
import type { OpenBytes } from "./byte-source.ts";
import { formatError, readingAt } from "./format-error.ts";
import type { StoreIds } from "./store-ids.ts";

export interface IndexedChunk {
  /** Bytes of the `ArrowMsg`. */
  readonly length: number;
  readonly store: StoreId;
  readonly entityPath: string;
}

/** Where the chunks are, by the offset of their `ArrowMsg`, so that nobody has to go and look. */
export type ChunkIndex = ReadonlyMap<number, IndexedChunk>;

/**
 * The index at the end of a finished file (rrd-format §5); undefined if there is none.
 *
 *   … End  RrdFooter { manifest per store: a row per chunk }  StreamFooter(32) ┤ end of file
 *
 * Of several streams in one file the last one's offsets are its own, not the file's; the checksum then does not fit.
 *
 * @throws RerunError ERR_RERUN_FORMAT if it is damaged: the file is then read without it.
 */
export async function readChunkIndex(
  bytes: OpenBytes,
  size: number,
  stores: StoreIds,
): Promise<ChunkIndex | undefined> {
  const footer = await readFooter(bytes, size);
  return footer && readingAt(footer.offset, () => indexOf(footer.payload, stores));
}

/** The `RrdFooter` as it is stored, and where. */
export async function readFooter(
  bytes: OpenBytes,
  size: number,
): Promise<{ readonly offset: number; readonly payload: Uint8Array } | undefined> {
  const tailAt = size - STREAM_FOOTER_BYTES;
  if (tailAt < 0) return undefined;
  const tail = await bytes.read(tailAt, STREAM_FOOTER_BYTES);
  if (tail.length < STREAM_FOOTER_BYTES) return undefined;
  const footer = parseStreamFooter(tail);
  if (footer === undefined) return undefined;
  const { offset, length, checksum } = footer;
  if (offset + length !== tailAt) throw formatError(`the index at byte ${tailAt} says that it is at byte ${offset}`);
  const payload = await bytes.read(offset, length);
  if (footerChecksum(payload) !== checksum) throw formatError(`the index at byte ${offset} has another checksum`);
  return { offset, payload };
}

/** A manifest: the columns of its table by name. */
export interface StoredManifest {
  readonly store: StoreId;
  readonly numRows: number;
  /** @throws RerunError ERR_RERUN_FORMAT if there is no such column. */
  column(name: string): Batch<unknown>;
}

export function manifestsOf(payload: Uint8Array, stores: StoreIds): StoredManifest[] {
  return fromBinary(RrdFooterSchema, payload).manifests.map(({ storeId, data }) => {
    const store = stores.of(storeId);
    const { numRows, columns } = readBatch(manifestIpc(data));
    const column = (name: string): Batch<unknown> => {
      const found = columns.find(({ field }) => field.name === name);
      if (found === undefined) throw formatError(`an index without ${name}`);
      return found.values;
    };
    return { store, numRows, column };
  });
}

function indexOf(payload: Uint8Array, stores: StoreIds): ChunkIndex {
  const chunks = new Map<number, IndexedChunk>();
  for (const { store, numRows, column } of manifestsOf(payload, stores)) {
    const offsets = column("chunk_byte_offset");
    const lengths = column("chunk_byte_size");
    const paths = column("chunk_entity_path");
    for (let row = 0; row < numRows; row++) {
      chunks.set(Number(offsets.at(row)), {
        length: Number(lengths.at(row)),
        store,
        entityPath: String(paths.at(row)),
      });
    }
  }
  return chunks;
}

function manifestIpc(data: DataframePart | undefined): Uint8Array {
  if (data?.encoderVersion !== EncoderVersion.V0 || data.payload === undefined)
    throw formatError("an index without data");
  return unpackIpc({ bytes: data.payload, compression: data.compression, uncompressedBytes: data.uncompressedSize });
}
