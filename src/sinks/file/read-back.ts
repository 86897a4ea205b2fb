import { closeSync, openSync, readSync } from "node:fs";
import { now as monotonicNow } from "../../real-time.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import type { writtenMessages } from "../../rrd/reader/written-messages.ts";
import type { FileSinkSpec } from "../sink.ts";

/** The reader, when it has been loaded: it is as large as the writer, and needed only by who goes on with the file of another. */
export type LoadReader = () => Promise<typeof writtenMessages>;

/** An ending process has 2 s for everything; about 5,000 chunks are read in this time. */
const READ_MILLIS = 500;

/** What another writer has put into a file, up to a length. */
export class WrittenBefore {
  readonly path: string;
  readonly byteLength: number;
  #read: typeof writtenMessages | undefined;

  constructor(
    { path, byteLength }: { readonly path: string; readonly byteLength: number },
    loadReader: LoadReader | undefined,
  ) {
    this.path = path;
    this.byteLength = byteLength;
    void loadReader?.().then((read) => {
      this.#read = read;
    });
  }

  /** The reader has been loaded. */
  get isReadable(): boolean {
    return this.#read !== undefined;
  }

  /** Gives `take` every message. False: some are missing, because there was no time or they cannot be read. */
  each(take: (message: LogMessage, offset: number) => void): boolean {
    const deadline = monotonicNow() + READ_MILLIS;
    let fd: number | undefined;
    try {
      if (this.#read === undefined) return false;
      fd = openSync(this.path, "r");
      for (const { message, offset } of this.#read(reading(fd), this.byteLength)) {
        if (monotonicNow() > deadline) return false;
        take(message, offset);
      }
      return true;
    } catch {
      return false;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }
}

/** What another writer has put into the segment that it was writing; if that failed, into the one before. */
export function writtenBefore(
  { segment, kept }: NonNullable<FileSinkSpec["resume"]>,
  loadReader: LoadReader | undefined,
): WrittenBefore | undefined {
  const newest = kept.at(-1);
  if (segment !== undefined) return new WrittenBefore(segment, loadReader);
  return newest && new WrittenBefore({ path: newest.path, byteLength: newest.bytes }, loadReader);
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
