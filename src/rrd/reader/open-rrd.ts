import { RerunError } from "../../errors.ts";
import { type ByteSource, memorySource, streamSource } from "./byte-source.ts";
import { fileSource } from "./file-source.ts";
import { openSource, type RrdReader } from "./rrd-reader.ts";

/** A path or `file:` URL, the bytes, or a stream of them: a Node stream, a web stream, the body of a response. */
export type RrdInput = string | URL | Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * Opens a recording for reading. Of a file only its index is read, or the message headers where it has none; chunks are read
 * and decoded when they are asked for. A stream is read to its end first.
 *
 * A file of a process that was killed, or that is still being written, opens as it is up to its last whole message; see
 * `truncatedAt` and `problems` of the reader.
 *
 * @throws RerunError ERR_RERUN_FILE if the file cannot be read, ERR_RERUN_FORMAT if it is no recording, ERR_RERUN_ARGUMENT.
 */
export async function openRrd(input: RrdInput): Promise<RrdReader> {
  return openSource(await sourceOf(input));
}

export async function sourceOf(input: RrdInput): Promise<ByteSource> {
  if (typeof input === "string" || input instanceof URL) return fileSource(input);
  if (input instanceof Uint8Array) return memorySource(input);
  if (typeof input === "object" && input !== null && Symbol.asyncIterator in input) {
    return streamSource(input as AsyncIterable<Uint8Array>);
  }
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    "a recording is read from a path, a file: URL, a Uint8Array or a stream of them",
  );
}
