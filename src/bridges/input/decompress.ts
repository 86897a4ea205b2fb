import { Readable } from "node:stream";
import zlib from "node:zlib";
import { ZSTD_MAGIC, ZstdFrames } from "./zstd-frames.ts";

export type Compression = "gzip" | "zstd";

/** What is looked at of packed bytes to tell a format: they become a thousand times as many at most. */
const HEAD_BYTES = 16 << 10;

/** By the first bytes, whatever the file is called. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head.length < 4) return undefined;
  const magic = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  return magic === ZSTD_MAGIC ? "zstd" : undefined;
}

/**
 * What is packed, unpacked as it is asked for. Errors are those of zlib where they are not ours.
 *
 * Node's own zstd (from 22.15 and 23.8 on) is not used: of two frames in one chunk, as collectors write them, it reads the first and says
 * nothing (22.23, 24.21), nor does that of Node 22 of a frame that is cut off.
 */
export async function* unpacked(chunks: AsyncIterable<Buffer>, compression: Compression): AsyncGenerator<Uint8Array> {
  if (compression === "zstd") {
    const frames = new ZstdFrames();
    for await (const chunk of chunks) yield* frames.push(chunk);
    frames.end();
    return;
  }
  const stream = zlib.createGunzip();
  const source = Readable.from(chunks, { objectMode: false });
  source.once("error", (error) => stream.destroy(error));
  source.pipe(stream);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

/** The beginning of what is compressed, as far as it is there; empty when it cannot be read. */
export function decompressedHead(head: Uint8Array, compression: Compression): Buffer {
  const packed = head.subarray(0, HEAD_BYTES);
  try {
    if (compression === "gzip") return zlib.gunzipSync(packed, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
    return Buffer.concat([...new ZstdFrames().push(packed)]);
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * All of it.
 *
 * @throws an error when it is damaged or larger than `maxBytes`.
 */
export function decompressed(packed: Uint8Array, maxBytes: number): Buffer {
  if (compressionOf(packed) === "gzip") return zlib.gunzipSync(packed, { maxOutputLength: maxBytes });
  const frames = new ZstdFrames();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const piece of frames.push(packed)) {
    length += piece.length;
    if (length > maxBytes) throw new RangeError(`it unpacks to more than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  frames.end();
  return Buffer.concat(pieces, length);
}
