import { openSync } from "node:fs";
import { resolve } from "node:path";
import { RerunError } from "../errors.ts";

/** A file that recordings are written to. */
export interface OpenFile {
  /** Absolute. */
  readonly path: string;
  readonly fd: number;
}

interface Entry extends OpenFile {
  users: number;
}

/** By path: a file that is written already is joined, not truncated, so that several recordings can share it. */
const openFiles = new Map<string, Entry>();

/**
 * Opens the file of a file sink in the call itself, so that a bad path fails there (C07). An existing file is truncated, unless
 * this process is writing to it: then the recording is written into the same file. Folders are not created.
 *
 * @param mode permissions of a new file. Default 0o666, less the umask.
 * @param exclusive the file must not exist yet.
 * @throws RerunError ERR_RERUN_FILE
 */
export function openFile(path: string, mode = 0o666, exclusive = false): OpenFile {
  const absolute = resolve(path);
  let entry = openFiles.get(absolute);
  if (entry === undefined) {
    entry = { path: absolute, fd: open(absolute, mode, exclusive), users: 0 };
    openFiles.set(absolute, entry);
  }
  entry.users += 1;
  return { path: entry.path, fd: entry.fd };
}

/** The opposite of `openFile`; true for the last user, who has to close the descriptor. */
export function releaseFile(path: string): boolean {
  const entry = openFiles.get(path);
  if (entry === undefined) return true;
  entry.users -= 1;
  if (entry.users > 0) return false;
  openFiles.delete(path);
  return true;
}

function open(path: string, mode: number, exclusive: boolean): number {
  try {
    return openSync(path, exclusive ? "wx" : "w", mode);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new RerunError("ERR_RERUN_FILE", `cannot write a recording to ${path}: ${advice(code)}`, { cause });
  }
}

function advice(code: string | undefined): string {
  switch (code) {
    case "EEXIST":
      return "it exists; choose another name";
    case "EISDIR":
      return "it is a folder; name a file inside it";
    case "ENOENT":
      return "its folder does not exist; create it first";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "it may not be written; choose another place or change its permissions";
    case "EMFILE":
      return "too many files are open; close recordings that have ended";
    default:
      return `the system says ${code}`;
  }
}
