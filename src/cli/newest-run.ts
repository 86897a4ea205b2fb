import { readdirSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runOf } from "../../instrumentation/run/run-name.ts";
import { UsageError } from "./usage-error.ts";

/** Where recordings are if nothing else is said. */
export const DEFAULT_FOLDER = "recordings";

interface Found {
  readonly path: string;
  readonly run: string;
  readonly writtenAt: number;
}

/**
 * The files of the run in a folder that was written to last: a run has several where it had children, or was long.
 * @throws UsageError if there is none
 */
export function newestRun(folder: string): string[] {
  const files = newestIn(folder);
  if (files.length === 0) {
    throw new UsageError(
      `there is no recording in ${folder}; make one: otel-rerun record -- node app.js, name a file, or look at a sample: otel-rerun view --sample`,
    );
  }
  return files;
}

/** The same without a complaint. */
export function newestIn(folder: string): string[] {
  const files = recordingsIn(folder);
  const newest = files.reduce<Found | undefined>(
    (best, file) => (best === undefined || file.writtenAt > best.writtenAt ? file : best),
    undefined,
  );
  return files.filter(({ run }) => run === newest?.run).map(({ path }) => path);
}

function recordingsIn(folder: string): Found[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(".rrd"))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() ? [{ path, run: runOf(name) ?? name, writtenAt: stats.mtimeMs }] : [];
    });
}

/** Whether a path names a folder. */
export function isFolder(path: string): boolean {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true;
}

/** A file and those of the same run beside it: children of the process and later segments. */
export function filesOfRun(path: string): string[] {
  const stem = basename(path).replace(/\.rrd$/i, "");
  const isOfRun = (name: string): boolean =>
    name.startsWith(stem) && /^(\.\d+-[0-9a-f]{8})?(\.\d+)?\.rrd$/.test(name.slice(stem.length));
  try {
    const names = readdirSync(dirname(path)).filter(isOfRun).sort();
    return names.map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}
