import zlib from "node:zlib";
import { RerunError } from "../../errors.ts";

export type Compression = "gzip" | "zstd";

/** What is looked at of packed bytes to tell a format: they become a thousand times as many at most. */
const HEAD_BYTES = 16 << 10;

const ZSTD_MAGIC = 0xfd2fb528;

/** By the first bytes, whatever the file is called. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head.length < 4) return undefined;
  const magic = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  return magic === ZSTD_MAGIC ? "zstd" : undefined;
}

/** Node has zstd from 22.15 and 23.8 on. */
interface ZstdSupport {
  createZstdDecompress?: () => zlib.Gunzip;
  zstdDecompressSync?: (bytes: Uint8Array, options: object) => Buffer;
}
const { createZstdDecompress, zstdDecompressSync } = zlib as typeof zlib & ZstdSupport;

/** A stream that takes compressed bytes. @throws RerunError ERR_RERUN_FORMAT where this Node has no zstd. */
export function decompressor(compression: Compression): zlib.Gunzip {
  if (compression === "gzip") return zlib.createGunzip();
  if (createZstdDecompress === undefined) throw noZstd();
  return createZstdDecompress();
}

/** The beginning of what is compressed, as far as it is there; empty when it cannot be read. */
export function decompressedHead(head: Uint8Array, compression: Compression): Buffer {
  try {
    if (compression === "gzip") {
      return zlib.gunzipSync(head.subarray(0, HEAD_BYTES), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
    }
    return zstdDecompressSync?.(head, {}) ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * All of it.
 *
 * @throws RerunError ERR_RERUN_FORMAT where this Node has no zstd, another error when it is damaged or larger than `maxBytes`.
 */
export function decompressed(packed: Uint8Array, maxBytes: number): Buffer {
  const options = { maxOutputLength: maxBytes };
  if (compressionOf(packed) === "gzip") return zlib.gunzipSync(packed, options);
  if (zstdDecompressSync === undefined) throw noZstd();
  return zstdDecompressSync(packed, options);
}

function noZstd(): RerunError {
  const message =
    "this is compressed with zstd, which Node reads from 22.15 on: unpack it with `zstd -d`, or use a newer Node";
  return new RerunError("ERR_RERUN_FORMAT", message);
}
