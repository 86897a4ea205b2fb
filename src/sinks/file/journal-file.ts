import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type FileLayer, removeFile, writeAll } from "./file-layer.ts";

/** A block's payload begins behind this; its writer leaves the room. */
export const BLOCK_HEADER_BYTES = 8;

const MAGIC = 0x314a_5252; // "RRJ1"
const FILE_HEADER_BYTES = 8;

/** The two names beside a file; generations take turns. */
export function journalPaths(path: string): readonly [string, string] {
  return [`${path}.journal-a`, `${path}.journal-b`];
}

/** Returns why one stays. */
export function removeJournals(files: FileLayer, path: string): Error | undefined {
  let failure: Error | undefined;
  for (const journal of journalPaths(path)) if (existsSync(journal)) failure = removeFile(files, journal) ?? failure;
  return failure;
}

/**
 * One generation of a journal: blocks, each appended in one write, beside the file that their rows will be in later.
 *
 *   "RRJ1" · u32 generation │ u32 bytes · u32 CRC-32 · payload │ u32 bytes · …
 *
 * CRC-32 and not xxHash, which the container uses: zlib's runs at 2.3 GB/s, the hash in JavaScript at 0.2, and every row is summed.
 */
export class JournalFile {
  bytes = 0;
  #path: string;
  readonly #fd: number;
  readonly #files: FileLayer;
  #isDirty = false;
  #isRemoved = false;
  #isKept = false;

  /** @throws as `node:fs`. What is left there from before belongs to a recording that was overwritten. */
  constructor(path: string, generation: number, mode: number, files: FileLayer) {
    this.#path = path;
    this.#files = files;
    this.#fd = create(path, mode, files);
    const header = new DataView(new ArrayBuffer(FILE_HEADER_BYTES));
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, generation, true);
    try {
      this.#write(new Uint8Array(header.buffer));
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /**
   * Appends a block, which has room for its header.
   * @throws as `node:fs`. Chunks need the room more than a part of a block, which is cut off.
   */
  append(block: Uint8Array): void {
    const payload = block.subarray(BLOCK_HEADER_BYTES);
    const header = new DataView(block.buffer, block.byteOffset, BLOCK_HEADER_BYTES);
    header.setUint32(0, payload.length, true);
    header.setUint32(4, crc32(payload), true);
    try {
      this.#write(block);
    } catch (error) {
      this.#cut();
      throw error;
    }
  }

  /** To the disk, in the background. That it fails is told by the file beside it, which is forced as well. */
  syncLater(): void {
    if (this.#isRemoved || !this.#isDirty) return;
    this.#isDirty = false;
    this.#files.syncLater(this.#fd, () => {});
  }

  /** It has rows whose chunks could not be written: `remove` leaves it beside its file, for readers. */
  keep(): void {
    this.#isKept ||= !this.#isRemoved;
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  /** Its file has another name now. */
  follow(from: string, to: string): void {
    if (this.#isRemoved || !this.#path.startsWith(from)) return;
    const path = to + this.#path.slice(from.length);
    this.#files.rename(this.#path, path);
    this.#path = path;
  }

  /** Every row is in a chunk, or it is kept: nothing comes any more. */
  remove(): void {
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    for (const step of [() => this.#files.close(this.#fd), () => this.#isKept || this.#files.unlink(this.#path)]) {
      try {
        step();
      } catch {
        // it is gone already, or stays: a reader finds its rows in chunks and drops them
      }
    }
  }

  #cut(): void {
    try {
      this.#files.truncate(this.#fd, this.bytes);
    } catch {
      // a reader recognises what is not whole
    }
  }

  #write(bytes: Uint8Array): void {
    writeAll(this.#files, this.#fd, bytes);
    this.bytes += bytes.length;
    this.#isDirty = true;
  }
}

function create(path: string, mode: number, files: FileLayer): number {
  try {
    return files.create(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    files.unlink(path);
    return files.create(path, mode);
  }
}

/** What is whole in one generation. */
export interface JournalBlocks {
  readonly generation: number;
  readonly blocks: readonly Uint8Array[];
  /** Bytes behind the last whole block: one was being written when the process ended. */
  readonly tornBytes: number;
}

/** The blocks of a generation in their order; undefined if it is no journal, or not even its header is there. */
export function readJournalBlocks(bytes: Uint8Array): JournalBlocks | undefined {
  if (bytes.length < FILE_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return undefined;
  const blocks: Uint8Array[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + BLOCK_HEADER_BYTES <= bytes.length) {
    const start = at + BLOCK_HEADER_BYTES;
    const end = start + view.getUint32(at, true);
    if (end > bytes.length || end === start) break;
    const payload = bytes.subarray(start, end);
    if (crc32(payload) !== view.getUint32(at + 4, true)) break;
    blocks.push(payload);
    at = end;
  }
  return { generation: view.getUint32(4, true), blocks, tornBytes: bytes.length - at };
}

/** What is beside a file, the older generation first. */
export async function readJournals(path: string): Promise<readonly JournalBlocks[]> {
  const journals: JournalBlocks[] = [];
  for (const journal of journalPaths(path)) {
    try {
      const read = readJournalBlocks(await readFile(journal));
      if (read !== undefined) journals.push(read);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return journals.sort((a, b) => a.generation - b.generation);
}
