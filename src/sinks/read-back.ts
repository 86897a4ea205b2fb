import { closeSync, openSync, readSync } from "node:fs";
import type { writtenChunks } from "../rrd/reader/written-chunks.ts";
import type { AddChunk } from "../rrd/rrd-file-writer.ts";

/** The reader, when it has been loaded: it is as large as the writer, and needed only by who goes on with the file of another. */
export type LoadReader = () => Promise<typeof writtenChunks>;

/** An ending process has 2 s for everything; about 5,000 chunks are read in this time. */
const READ_MILLIS = 500;

/** Gives `add` every chunk of a file's first bytes. False: some are missing, because there was no time or they cannot be read. */
export function readBack(read: typeof writtenChunks, path: string, byteLength: number, add: AddChunk): boolean {
  const deadline = performance.now() + READ_MILLIS;
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    for (const { message, offset } of read(reading(fd), byteLength)) {
      if (performance.now() > deadline) return false;
      add(message, offset);
    }
    return true;
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function reading(fd: number): (at: number, byteLength: number) => Uint8Array {
  return (at, byteLength) => {
    const bytes = new Uint8Array(byteLength);
    let length = 0;
    while (length < byteLength) {
      const read = readSync(fd, bytes, length, byteLength - length, at + length);
      if (read === 0) throw new RangeError("the file became shorter");
      length += read;
    }
    return bytes;
  };
}
