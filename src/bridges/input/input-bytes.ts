import { createReadStream } from "node:fs";
import { RerunError } from "../../errors.ts";
import { filePath } from "../../file-path.ts";
import { type Compression, compressionOf, unpacked } from "./decompress.ts";

/** A path, bytes, or anything that yields bytes (a file's stream, stdin, a response's body). */
export type ConvertInput = string | URL | Uint8Array | AsyncIterable<Uint8Array>;

const CHUNK_BYTES = 256 << 10;

/** What tells compressions apart. */
const MAGIC_BYTES = 4;

/** What an input is called in messages; undefined for one without a name. */
export function nameOf(input: ConvertInput): string | undefined {
  if (typeof input === "string") return input;
  return input instanceof URL ? filePath("convert", input) : undefined;
}

/** Told of bytes that were read, before they are unpacked: for a progress bar. */
export type OnRead = (bytes: number) => void;

/**
 * The bytes of an input, unpacked, in chunks of moderate size.
 *
 * @throws RerunError ERR_RERUN_FILE when a file cannot be read, ERR_RERUN_FORMAT when what is compressed is damaged.
 */
export async function* bytesOf(input: ConvertInput, onRead: OnRead = () => {}): AsyncGenerator<Buffer> {
  const chunks = rawBytes(input, onRead);
  let head: Buffer = Buffer.alloc(0);
  while (head.length < MAGIC_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const compression = compressionOf(head);
  if (compression === undefined) {
    if (head.length > 0) yield head;
    yield* chunks;
  } else yield* readable(joined(head, chunks), compression);
}

async function* readable(packed: AsyncIterable<Buffer>, compression: Compression): AsyncGenerator<Buffer> {
  try {
    for await (const { buffer, byteOffset, byteLength } of unpacked(packed, compression)) {
      yield Buffer.from(buffer, byteOffset, byteLength);
    }
  } catch (cause) {
    if (cause instanceof RerunError) throw cause;
    const message = `the ${compression} data is damaged or cut off: ${(cause as Error).message}`;
    throw new RerunError("ERR_RERUN_FORMAT", message, { cause });
  }
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

async function* rawBytes(input: ConvertInput, onRead: OnRead): AsyncGenerator<Buffer> {
  const path = nameOf(input);
  try {
    for await (const chunk of sourceOf(input, path)) {
      // also of another realm, or decoded text
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      onRead(bytes.byteLength);
      for (let at = 0; at < bytes.byteLength; at += CHUNK_BYTES) {
        const length = Math.min(CHUNK_BYTES, bytes.byteLength - at);
        yield Buffer.from(bytes.buffer, bytes.byteOffset + at, length);
      }
    }
  } catch (cause) {
    if (cause instanceof RerunError) throw cause;
    const message = `${path ?? "the input"} cannot be read: ${(cause as Error).message}`;
    throw new RerunError("ERR_RERUN_FILE", message, { cause });
  }
}

function sourceOf(input: ConvertInput, path: string | undefined): AsyncIterable<Uint8Array | string> | Uint8Array[] {
  if (path !== undefined) return createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (input instanceof Uint8Array) return [input];
  if (typeof input === "object" && input !== null && Symbol.asyncIterator in input) return input;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    "telemetry is read from a path, a file: URL, a Uint8Array or a stream of them",
  );
}
