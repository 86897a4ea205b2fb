import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { Archetype } from "./archetype.ts";
import { mediaTypeOfBytes, mediaTypeOfPath } from "./media-type.ts";
import { readFileSync } from "./platform.ts";
import type { Bytes } from "./value-types.ts";

/** A file's bytes, or where it lies: a path or a `file:` URL. */
export type FileContents = Bytes | string | URL;

interface FileFields {
  readonly blob: Bytes;
  readonly mediaType?: string | undefined;
}

/**
 * The batches of an archetype that holds a file. It is read when it is logged: a file that cannot be read is then reported as any
 * other mistake in the data, and none is read where nothing is recorded. The media type is what the user says, else what the name
 * says, else what the bytes say.
 */
export function batchesOfFile<T extends { readonly mediaType?: string | null | undefined }>(
  contents: FileContents,
  options: T | undefined,
  make: (blob: Bytes, options: T) => Archetype,
): readonly ComponentBatch[] {
  const { blob, mediaType } = fileFields(contents);
  const found = options?.mediaType ?? mediaType;
  return make(blob, { ...options, ...(found === undefined ? {} : { mediaType: found }) } as T).asComponentBatches();
}

/** The bytes of a file. @throws RerunError ERR_RERUN_FILE if it cannot be read. */
export function bytesOfFile(contents: FileContents): Uint8Array {
  return asBytes(fileFields(contents).blob);
}

function fileFields(contents: FileContents): FileFields {
  if (typeof contents !== "string" && !isUrl(contents)) {
    return { blob: contents, mediaType: mediaTypeOfBytes(asBytes(contents)) };
  }
  const blob = read(contents);
  return { blob, mediaType: mediaTypeOfPath(String(contents)) ?? mediaTypeOfBytes(blob) };
}

function read(path: string | URL): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FILE", `${String(path)} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function isUrl(contents: object): contents is URL {
  return Object.prototype.toString.call(contents) === "[object URL]";
}

function asBytes(contents: unknown): Uint8Array {
  if (ArrayBuffer.isView(contents)) return new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength);
  const isBuffer = Object.prototype.toString.call(contents) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(contents as ArrayBuffer) : new Uint8Array(0);
}
