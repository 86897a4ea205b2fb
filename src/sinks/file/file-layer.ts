import {
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** The file operations of a file sink; tests put one between that fails. All throw as `node:fs` does. */
export interface FileLayer {
  /** Writes at the current position; may write less than asked for. */
  write(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  truncate(fd: number, length: number): void;
  close(fd: number): void;
  /** Creates a file that must not exist, with the permissions of `like`, to write behind its end. */
  create(path: string, like: number): number;
  /** Opens a file that is there, to write behind its end. */
  append(path: string): number;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  /** To the disk, before it returns. */
  sync(fd: number): void;
  /** The same without waiting. */
  syncLater(fd: number, done: (error: Error | null) => void): void;
}

export const nodeFiles: FileLayer = {
  write: (fd, bytes, offset, length) => writeSync(fd, bytes, offset, length),
  truncate: (fd, length) => ftruncateSync(fd, length),
  close: (fd) => closeSync(fd),
  create: (path, like) => openSync(path, "ax", like),
  append: (path) => openSync(path, constants.O_WRONLY | constants.O_APPEND),
  unlink: (path) => unlinkSync(path),
  rename: (from, to) => renameSync(from, to),
  sync: (fd) => fdatasyncSync(fd),
  syncLater: (fd, done) => fdatasync(fd, done),
};

/** @throws as `node:fs`; a part may have been written */
export function writeAll(files: FileLayer, fd: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) from += files.write(fd, bytes, from, bytes.length - from);
}

/** Returns why it stays. */
export function removeFile(files: FileLayer, path: string): Error | undefined {
  try {
    files.unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return error as Error;
  }
  return undefined;
}

/** Permission bits of an open file, for the segments that follow it, and its length. */
export function stateOf(fd: number): { readonly mode: number; readonly size: number } {
  try {
    const { mode, size } = fstatSync(fd);
    return { mode: mode & 0o777, size };
  } catch {
    return { mode: 0o666, size: 0 };
  }
}

/** The open file is the one at the path. */
export function isFileOf(fd: number, path: string): boolean {
  try {
    return isAt(path, fstatSync(fd));
  } catch {
    return false;
  }
}

/** What somebody else does to a file that is being written: tools that rotate logs, people who make room. */
export type Meddling = "moved" | "removed" | "cut";

/** Done to an open file, made at the path, of which `length` bytes were written. Undefined: nothing, or the system does not tell. */
export function meddlingWith(fd: number, path: string, length: number): Meddling | undefined {
  try {
    const stats = fstatSync(fd);
    if (stats.nlink === 0) return "removed";
    if (stats.size < length) return "cut";
    // with its folder, or a link to that leads elsewhere since a deploy: it is where it was, and the next would have no place
    return isAt(path, stats) || !existsSync(dirname(path)) ? undefined : "moved";
  } catch {
    return undefined;
  }
}

function isAt(path: string, { dev, ino }: Stats): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && there.dev === dev && there.ino === ino;
}
