import {
  linkSync,
  lstatSync,
  lutimesSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { RerunError } from "../../errors.ts";
import { targetOf } from "./link-target.ts";
import { processStat } from "./process-stat.ts";

/** The writer of a file says this often that it lives. */
export const BEAT_MILLIS = 10_000;

/** Who has not said so for this long is gone: twelve times, since a machine that has too much to do may leave some out. */
const STALE_MILLIS = 120_000;

/** `taken-over`: there was, or may have been, one of a process that is gone. `in-doubt`: another container may be writing; not taken. */
export type LockOutcome = "taken" | "taken-over" | "in-doubt";

/** `foreign`: a process of another machine or container, whom nobody here can ask for. */
type Owner = "alive" | "gone" | "foreign";

/**
 * One writer per file, over processes: while a recording is written, `.<name>.lock` beside it says by whom. A second process gets
 * an error in its call instead of truncating the file of the first.
 *
 * The lock is a symbolic link to nowhere, whose target is the text: made in one call, so it is never there half, and 4 µs instead
 * of the 25 of a file with content. Where links cannot be made (Windows) it is a file. What a killed process left is recognised: its
 * process is not there, or another one has its number by now. Of containers that share a folder nobody sees the other's processes:
 * there the age of the lock tells (docs/decisions/0011-files-of-other-containers.md).
 *
 * Where a lock of ours is already, the next is the same link once more: ext4 does not give out an inode within five seconds of its
 * end, and looks at each of those first, so that a file took 1.3 instead of 0.05 ms to open behind a thousand locks that were gone.
 *
 * @throws RerunError ERR_RERUN_PATH_IN_USE if a process that can be seen is writing to the file
 */
export function lockPath(path: string): LockOutcome {
  const lock = lockOf(path);
  const mine = ownText();
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      create(lock, mine);
      return attempt > 0 ? "taken-over" : "taken";
    } catch (error) {
      // a folder that cannot be written, or is not there: opening the file tells
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return "taken-over";
    }
    const theirs = read(lock);
    if (theirs === undefined) continue; // released just now
    const owner = ownerOf(theirs);
    if (owner === "foreign" && isFresh(lock)) return "in-doubt";
    if (owner === "alive") {
      throw new RerunError(
        "ERR_RERUN_PATH_IN_USE",
        `process ${pidOf(theirs)} is writing a recording to ${path}; choose another path, or remove ${lock} if that is not so`,
      );
    }
    remove(lock, theirs);
  }
  return "taken-over";
}

/** Of a file that this process was writing to a moment ago, and goes on with: the recording before may have given up the lock. */
export function relockPath(path: string): void {
  try {
    create(lockOf(path), ownText());
  } catch {
    // it is ours still, or the folder takes none
  }
}

/** Harmless if the lock is not ours. */
export function unlockPath(path: string): void {
  const lock = ownLockOf(path);
  if (lock === undefined) return;
  try {
    unlinkSync(lock);
  } catch {
    // somebody removed it before
  }
}

/** Says to other containers that we live. Harmless if the lock is not ours. */
export function refreshLock(path: string): void {
  const lock = ownLockOf(path);
  if (lock === undefined) return;
  try {
    const now = Date.now() / 1000;
    lutimesSync(lock, now, now);
  } catch {
    // the file system keeps no times, or somebody removed it just now
  }
}

/** The process that is writing to a file; undefined if none is, or it was killed, or is in another container. */
export function writerOf(path: string): number | undefined {
  const text = read(lockOf(targetOf(path)));
  return text !== undefined && ownerOf(text) === "alive" ? pidOf(text) : undefined;
}

/** False: nobody writes to the file. True may be wrong for two minutes, where a process of another container was killed. */
export function mayBeWritten(path: string): boolean {
  const lock = lockOf(targetOf(path));
  const text = read(lock);
  if (text === undefined) return false;
  const owner = ownerOf(text);
  return owner === "alive" || (owner === "foreign" && isFresh(lock));
}

/** Where the lock of a file is while it is written, and after its writer was killed. */
export function lockOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`);
}

function ownLockOf(path: string): string | undefined {
  const lock = lockOf(path);
  return read(lock) === ownText() ? lock : undefined;
}

function create(lock: string, text: string): void {
  if (!isLinkedAgain(lock, text)) {
    try {
      symlinkSync(text, lock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
      writeFileSync(lock, text, { flag: "wx" });
    }
  }
  last = lock;
}

/** The newest of ours. */
let last: string | undefined;

/** False: it is gone, or in another file system, or its name is another's by now, or the system follows links to nowhere. */
function isLinkedAgain(lock: string, text: string): boolean {
  if (last === undefined || read(last) !== text) return false;
  try {
    linkSync(last, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    return false;
  }
}

function read(lock: string): string | undefined {
  try {
    return readlinkSync(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EINVAL") return undefined;
  }
  try {
    return readFileSync(lock, "utf8");
  } catch {
    return undefined;
  }
}

/** Takes a stale lock away, but not the one that another process has put in its place meanwhile. */
function remove(lock: string, stale: string): void {
  const aside = `${lock}.${namespace()}-${process.pid}`;
  try {
    renameSync(lock, aside);
    if (read(aside) === stale) unlinkSync(aside);
    else renameSync(aside, lock);
  } catch {
    // another process was faster
  }
}

let text: string | undefined;

function ownText(): string {
  text ??= ["otel-rerun", process.pid, startOf(process.pid), namespace(), hostname()].join(":");
  return text;
}

function pidOf(owner: string): number {
  return Number(owner.split(":")[1]);
}

function ownerOf(owner: string): Owner {
  const [, , start, theirs, ...host] = owner.split(":");
  const pid = pidOf(owner);
  if (!Number.isInteger(pid) || pid <= 0) return "gone";
  if (host.join(":") !== hostname() || theirs !== namespace()) return "foreign";
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "gone";
  }
  // a container that is started again may get the namespace of the one before, as it gets its process number
  return startOf(pid) === start ? "alive" : "gone";
}

/** By the time of its last change, which the machine that has the disk sets: a link to a lock that is there is one, as `refreshLock` is. */
function isFresh(lock: string): boolean {
  const changedAt = lstatSync(lock, { throwIfNoEntry: false })?.ctimeMs ?? Number.NEGATIVE_INFINITY;
  return Date.now() - changedAt < STALE_MILLIS;
}

let ownNamespace: string | undefined;

/** In which process numbers count; empty where the system has only one. */
function namespace(): string {
  if (ownNamespace === undefined) {
    try {
      ownNamespace = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
    } catch {
      ownNamespace = "";
    }
  }
  return ownNamespace;
}

/** When a process was started; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    return processStat(pid).start;
  } catch {
    return "";
  }
}
