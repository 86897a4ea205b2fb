import { setTimeout as sleep } from "node:timers/promises";
import { writerOf } from "../../sinks/file/path-lock.ts";
import { filesOfRun } from "../newest-run.ts";

/** A server that ends its connections first. Whoever needs longer is named, and goes on. */
const GRACE_MILLIS = 5000;
const POLL_MILLIS = 50;

/**
 * Sends a signal on to processes of a run that outlived the program they were started by: npm gives it to the shell of a script, and a
 * shell that is ended leaves its program behind. Resolves when they have ended, or will not for a while.
 *
 * @param path of the run's file
 */
export async function signalLeftBehind(path: string, signal: NodeJS.Signals): Promise<void> {
  const told = new Set<number>();
  for (const end = performance.now() + GRACE_MILLIS; performance.now() < end; await sleep(POLL_MILLIS)) {
    const alive = filesOfRun(path).flatMap((file) => writerOf(file) ?? []);
    if (alive.length === 0) return;
    for (const pid of alive) {
      if (told.has(pid)) continue;
      told.add(pid);
      try {
        process.kill(pid, signal);
      } catch {
        // it has ended just now
      }
    }
  }
}
