import { closeSync, fstatSync, ftruncateSync, openSync, unlinkSync, writeSync } from "node:fs";

/** The file operations of a file sink; tests put one between that fails. All throw as `node:fs` does. */
export interface FileLayer {
  /** Writes at the current position; may write less than asked for. */
  write(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  truncate(fd: number, length: number): void;
  close(fd: number): void;
  /** Creates a file that must not exist, with the permissions of `like`. */
  create(path: string, like: number): number;
  unlink(path: string): void;
}

export const nodeFiles: FileLayer = {
  write: (fd, bytes, offset, length) => writeSync(fd, bytes, offset, length),
  truncate: (fd, length) => ftruncateSync(fd, length),
  close: (fd) => closeSync(fd),
  create: (path, like) => openSync(path, "wx", like),
  unlink: (path) => unlinkSync(path),
};

/** Permission bits of an open file, for the segments that follow it. */
export function modeOf(fd: number): number {
  try {
    return fstatSync(fd).mode & 0o777;
  } catch {
    return 0o666;
  }
}
