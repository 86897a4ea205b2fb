import {
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wall } from "../../src/real-time.ts";
import { journalPaths } from "../../src/sinks/file/journal-file.ts";
import { writerOf } from "../../src/sinks/file/path-lock.ts";
import { makeFolder } from "../../src/sinks/private-folder.ts";
import { runOf } from "./run-name.ts";

const PRIVATE_FILE = 0o600;

/**
 * Makes the folder of recordings, readable by its owner only and ignored by git (I12). In one that is there already, with
 * other things in it, nothing is changed: it may be somebody's.
 * @throws as `node:fs` does
 */
export function prepareFolder(folder: string): void {
  if (!makeFolder(folder) && !readdirSync(folder).every((name) => runOf(name) !== undefined)) return;
  try {
    writeFileSync(join(folder, ".gitignore"), "*\n", { flag: "wx", mode: PRIVATE_FILE });
  } catch (error) {
    // another process was faster
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/**
 * Where recordings go when their folder cannot be written. The temporary directory is everybody's: a folder that somebody else has
 * put there, under our name, is not used.
 * @throws as `node:fs` does
 */
export function temporaryFolder(): string {
  const user = process.getuid?.() ?? "";
  const folder = join(tmpdir(), `otel-rerun${user === "" ? "" : `-${user}`}`);
  makeFolder(folder);
  const stats = lstatSync(folder);
  const isOurs = stats.isDirectory() && (process.platform === "win32" || (isOwn(stats) && (stats.mode & 0o077) === 0));
  return isOurs ? folder : mkdtempSync(join(tmpdir(), "otel-rerun-"));
}

export interface Retention {
  /** Runs that stay, the current one included. */
  readonly keep: number;
  /** Bytes of all files that stay, less those of the current run. */
  readonly maxBytes: number;
  /** The run that is being written. */
  readonly current: string | undefined;
  /** Only says what would be removed. Default false. */
  readonly dryRun?: boolean;
}

export interface RemovedFile {
  readonly path: string;
  readonly bytes: number;
}

export interface Pruned {
  readonly removed: readonly RemovedFile[];
  /** Runs beyond the limits that stay, since they may be running. */
  readonly running: number;
}

interface Run {
  readonly files: RemovedFile[];
  bytes: number;
  /** When it was last written to, in milliseconds since the epoch. */
  writtenAt: number;
}

/**
 * A run writes at least its metrics more often than this. One that did is taken for running and stays, as in a container whose locks
 * say nothing to us. Neither is one removed that was stopped for longer but is locked: its process goes on in a moment.
 */
const RUNNING_MILLIS = 60_000;

/**
 * Removes the oldest runs. Only files that we wrote: named as ours are, of this user, no links, and with a recording's first
 * bytes. Never throws: what cannot be removed stays.
 */
export function pruneRuns(folder: string, { keep, maxBytes, current, dryRun = false }: Retention): Pruned {
  const removed: RemovedFile[] = [];
  let running = 0;
  try {
    const runs = runsIn(folder);
    const others = [...runs].filter(([name]) => name !== current).map(([, run]) => run);
    others.sort((a, b) => b.writtenAt - a.writtenAt);
    let bytes = 0;
    let kept = 1;
    for (const run of others) {
      bytes += run.bytes;
      kept += 1;
      if (kept <= keep && bytes <= maxBytes) continue;
      if (isRunning(run)) {
        running++;
        continue;
      }
      bytes -= run.bytes;
      kept -= 1;
      for (const file of run.files) {
        if (!isRecording(file.path)) continue;
        if (!dryRun) removeWithJournals(file.path);
        removed.push(file);
      }
    }
  } catch {
    // a folder that cannot be listed, or another process that removes the same: the next run tries again
  }
  return { removed, running };
}

function isRunning({ writtenAt, files }: Run): boolean {
  return wall() - writtenAt < RUNNING_MILLIS || files.some(({ path }) => writerOf(lockedPath(path)) !== undefined);
}

/** All segments of a file are behind the lock of the first, which may be gone. */
function lockedPath(file: string): string {
  return file.replace(/\.\d+\.rrd$/, ".rrd");
}

function runsIn(folder: string): Map<string, Run> {
  const runs = new Map<string, Run>();
  for (const name of readdirSync(folder)) {
    const runNo = runOf(name);
    if (runNo === undefined) continue;
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || !isOwn(stats)) continue;
    const run = runs.get(runNo) ?? { files: [], bytes: 0, writtenAt: 0 };
    run.files.push({ path, bytes: stats.size });
    // a run whose rows wait to be worth a chunk writes its journal only
    for (const { size, mtimeMs } of [stats, ...journalsOf(path)]) {
      run.bytes += size;
      run.writtenAt = Math.max(run.writtenAt, mtimeMs);
    }
    runs.set(runNo, run);
  }
  return runs;
}

/** What is beside the file of a run that is being written, or was killed. */
function journalsOf(file: string): readonly Stats[] {
  return journalPaths(file).flatMap((journal) => lstatSync(journal, { throwIfNoEntry: false }) ?? []);
}

function removeWithJournals(file: string): void {
  unlinkSync(file);
  for (const journal of journalPaths(file)) rmSync(journal, { force: true });
}

function isOwn({ uid }: Stats): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

/** Starts as an RRD stream does, or is still empty. */
function isRecording(file: string): boolean {
  const start = Buffer.alloc(4);
  const fd = openSync(file, "r");
  try {
    const length = readSync(fd, start, 0, 4, 0);
    return length === 0 || start.toString("latin1") === "RRF2";
  } finally {
    closeSync(fd);
  }
}
