import { closeSync, constants, existsSync, openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isMainThread } from "node:worker_threads";
import { RerunError } from "../../errors.ts";
import { nodeFiles } from "./file-layer.ts";
import { removeJournals } from "./journal-file.ts";
import { targetOf } from "./link-target.ts";
import { lockOf, lockPath, unlockPath } from "./path-lock.ts";
import { partOf, stemOf } from "./segment-names.ts";

/** A file that recordings are written to. */
export interface OpenFile {
  /** Absolute. */
  readonly path: string;
  /** Or `LATER`. */
  readonly fd: number;
  /** It is a pipe, a socket or a device: nothing that could be cut, renamed or read again. */
  readonly isPipe: boolean;
}

/** In place of a descriptor: whoever writes opens the file himself. */
export const LATER = -1;

interface Entry extends OpenFile {
  users: number;
}

export interface OpenFileOptions {
  /** Permissions of a new file. Default 0o666, less the umask. */
  readonly mode?: number | undefined;
  /** Write to `<path>.part`; what is at the path stays until that is complete. */
  readonly isAtomic?: boolean | undefined;
  /** The file must not exist yet. Default false. */
  readonly isExclusive?: boolean | undefined;
  /** Writing to a pipe waits for its reader: nothing else is to be done. Default false. */
  readonly mayWait?: boolean | undefined;
}

/** By the path that was asked for: a file that is written already is joined, not truncated, so that several recordings can share it. */
const openFiles = new Map<string, Entry>();

/** What was asked for, by the path of a file beside it. */
const askedPaths = new Map<string, string>();

/** So many files of containers that were killed within two minutes of each other, and more. */
const MAX_BESIDE = 100;

/**
 * Opens the file of a file sink in the call itself, so that a bad path fails there (C07). An existing file is truncated, unless
 * this process is writing to it: then the recording is written into the same file. Folders are not created.
 *
 * A file that a process of another container may be writing is left alone, and the recording goes into one beside it: to refuse would
 * keep an application from starting that was killed and is started again.
 *
 * @throws RerunError ERR_RERUN_FILE, or ERR_RERUN_PATH_IN_USE if another process is writing to it
 */
export function openFile(path: string, options: OpenFileOptions = {}): OpenFile {
  return openAt(resolve(path), options);
}

/** What a symbolic link leads to is one file with one lock, whatever it was called. */
function openAt(absolute: string, options: OpenFileOptions): OpenFile {
  const joined = openFiles.get(absolute);
  const opened = joined ?? openLocked(absolute, options);
  if (typeof opened === "string") return openAt(opened, options);
  const entry = joined ?? { ...(opened ?? openBeside(absolute, options)), users: 0 };
  if (joined === undefined) {
    openFiles.set(absolute, entry);
    if (entry.path !== absolute) askedPaths.set(entry.path, absolute);
  }
  entry.users += 1;
  const { path, isPipe } = entry;
  if (joined === undefined) return { path, fd: entry.fd, isPipe };
  // the recording before may have ended by now without this thread having heard it: its number may be another file's
  return { path, fd: isPipe ? reopenPipe(absolute, options) : LATER, isPipe };
}

function reopenPipe(path: string, { mode = 0o666, mayWait = false }: OpenFileOptions): number {
  try {
    return openPipe(path, mode, mayWait);
  } catch (error) {
    releaseFile(path);
    throw error;
  }
}

function openPipe(path: string, mode: number, mayWait: boolean): number {
  return open(path, mode, mayWait ? "w" : constants.O_WRONLY | (constants.O_NONBLOCK ?? 0));
}

/** The opposite of `openFile`; true for the last user, who has to close the descriptor. */
export function releaseFile(path: string): boolean {
  const asked = askedPaths.get(path) ?? path;
  const entry = openFiles.get(asked);
  if (entry !== undefined) {
    entry.users -= 1;
    if (entry.users > 0) return false;
    openFiles.delete(asked);
    askedPaths.delete(path);
  }
  return true;
}

/** The first of `run.beside-1.rrd`, … that nobody writes to: a container that is killed again and again does not fill the disk. */
function openBeside(path: string, options: OpenFileOptions): OpenFile {
  const stem = stemOf(path);
  for (let no = 1; no <= MAX_BESIDE; no++) {
    const beside = `${stem}.beside-${no}${path.slice(stem.length)}`;
    try {
      const file = openLocked(beside, { ...options, isExclusive: false });
      if (file === undefined || typeof file === "string") continue;
      process.emitWarning(
        `a process of another container may be writing a recording to ${path}, so this one goes to ${beside}; give each container a path of its own, or remove ${lockOf(path)} if that one has ended`,
        "RerunWarning",
      );
      return file;
    } catch (error) {
      if ((error as RerunError).code !== "ERR_RERUN_PATH_IN_USE") throw error;
    }
  }
  throw new RerunError(
    "ERR_RERUN_PATH_IN_USE",
    `processes of other containers may be writing recordings to ${path} and to ${MAX_BESIDE} files beside it; choose another path, or remove ${lockOf(path)} if they have ended`,
  );
}

/**
 * Devices and pipes have no folder to put a lock into, and may have several writers. They are opened so that nobody waits for their
 * reader: one that stops would hold a process that wants to end for ever.
 *
 * Each name that is looked for in a folder where another thread makes and removes some costs as much as a file that is opened: where
 * there was nothing, the first call tells.
 *
 * @returns undefined if a process of another container may be writing to it; another path, if that is what a link leads to
 */
function openLocked(
  path: string,
  { mode = 0o666, isAtomic = false, isExclusive = false, mayWait = false }: OpenFileOptions,
): OpenFile | string | undefined {
  const made = isAtomic ? undefined : make(path, mode, isExclusive);
  if (made === undefined && isPipe(path)) {
    if (isExclusive) refuseExisting(path);
    return { path, fd: openPipe(path, mode, mayWait), isPipe: true };
  }
  // an atomic file takes the place of the link
  const target = made === undefined && !isAtomic ? targetOf(path) : path;
  if (target !== path) return target;
  let fd = made;
  try {
    const lock = lockPath(path);
    if (lock === "in-doubt") {
      if (fd !== undefined) closeSync(fd);
      return undefined;
    }
    const written = isAtomic ? partOf(path) : path;
    if (isAtomic && isExclusive) refuseExisting(path);
    // not "w": where somebody cuts a file that is written, as tools that rotate logs may do, what follows would stand behind a hole
    fd ??= open(written, mode, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND);
    // those of the recording that was there before, whose process was killed: its rows do not belong to the new one
    const left = made === undefined || lock === "taken-over" ? removeJournals(nodeFiles, written) : undefined;
    if (left !== undefined) throw refusal(path, left);
  } catch (error) {
    // what was made stays: the process that has the lock may have put its own file there by now
    if (fd !== undefined) closeSync(fd);
    if ((error as RerunError).code !== "ERR_RERUN_PATH_IN_USE") unlockPath(path);
    throw error;
  }
  if (isMainThread) return { path, fd, isPipe: false };
  // Node closes what a worker has opened when that ends, also if another thread has closed it long ago and the number is another file's
  closeSync(fd);
  return { path, fd: LATER, isPipe: false };
}

/** Undefined if there is something already, and may be. */
function make(path: string, mode: number, isExclusive: boolean): number | undefined {
  try {
    return openSync(path, "ax", mode);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST" && !isExclusive) return undefined;
    throw refusal(path, cause);
  }
}

function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

/** An atomic file takes its place only at the end, and a pipe is never made. */
function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new RerunError("ERR_RERUN_FILE", `cannot write a recording to ${path}: ${advice("EEXIST")}`);
}

function open(path: string, mode: number, flags: string | number): number {
  try {
    return openSync(path, flags, mode);
  } catch (cause) {
    throw refusal(path, cause);
  }
}

function refusal(path: string, cause: unknown): RerunError {
  const { code } = cause as NodeJS.ErrnoException;
  return new RerunError("ERR_RERUN_FILE", `cannot write a recording to ${path}: ${advice(code)}`, { cause });
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
    case "ENXIO":
      return "nobody reads from that pipe; start the reader first";
    case "EMFILE":
      return "too many files are open; close recordings that have ended";
    default:
      return `the system says ${code}`;
  }
}
