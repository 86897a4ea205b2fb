import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { journalPaths } from "../../sinks/file/journal-file.ts";
import { lockOf, mayBeWritten } from "../../sinks/file/path-lock.ts";
import { mergeRecordings } from "../../telemetry/merge.ts";
import { holdsNothing } from "../assert-recording.ts";
import { archiveInputs } from "../input.ts";
import { filesOfRun } from "../newest-run.ts";

/** What is there after a run. */
export interface JoinedRun {
  readonly files: readonly string[];
  /** Of those in `files`: processes that are still writing. */
  readonly running: readonly string[];
}

/**
 * Makes one file of what the processes of a run wrote, at the path that was asked for. Files of processes that are still alive (a daemon
 * that was left behind) stay as they are; so do all when the joining fails.
 *
 * @param path of the first process's file; the others are beside it.
 * @throws RerunError as `mergeRecordings` does.
 */
export async function joinSegments(path: string): Promise<JoinedRun> {
  const files = filesOfRun(path);
  const running = files.filter(mayBeWritten);
  const finished = files.filter((file) => !running.includes(file));
  const isTaken = running.includes(path);
  if (isTaken || finished.length === 0 || (finished.length === 1 && finished[0] === path)) return { files, running };
  const parts = finished.flatMap((file) => [file, ...journalPaths(file)]).filter((part) => existsSync(part));
  // what one process wrote to its end, a child's of a tool that recorded nothing itself, is the file already
  if (parts.length === 1) await rename(parts[0] as string, path);
  else await mergeRecordings(await archiveInputs(finished.filter((file) => !holdsNothing(file))), path);
  for (const part of parts) if (part !== path) await rm(part, { force: true });
  for (const file of finished) await rm(lockOf(file), { force: true });
  return { files: [path, ...running], running };
}
