import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { journalPaths } from "../../sinks/journal-file.ts";
import { mergeRecordings } from "../../telemetry/merge.ts";
import { archiveInputs } from "../input.ts";
import { filesOfRun } from "../newest-run.ts";

/** What is there after a run. */
export interface JoinedRun {
  readonly files: readonly string[];
  /** Of those in `files`: processes that are still writing. */
  readonly running: readonly string[];
}

/**
 * Makes one file of what the processes of a run wrote. Files of processes that are still alive (a daemon that was left behind) stay as
 * they are; so do all when the joining fails.
 *
 * @param path of the first process's file; the others are beside it.
 * @throws RerunError as `mergeRecordings` does.
 */
export async function joinSegments(path: string): Promise<JoinedRun> {
  const files = filesOfRun(path);
  const running = files.filter(isRunning);
  const finished = files.filter((file) => !running.includes(file));
  if (finished.length < 2) return { files, running };
  await mergeRecordings(await archiveInputs(finished), path);
  for (const file of finished) {
    const parts = file === path ? journalPaths(file) : [file, ...journalPaths(file)];
    for (const part of parts) await rm(part, { force: true });
  }
  return { files: [path, ...running], running };
}

/** A file of a child has its process id in its name (instrumentation/run-name.ts). */
function isRunning(file: string): boolean {
  const pid = Number(/\.(\d+)-[0-9a-f]{8}(?:\.\d+)?\.rrd$/.exec(basename(file))?.[1]);
  if (!Number.isSafeInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
