import { existsSync } from "node:fs";
import { stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { recordingInternals } from "../../src/recording/internals.ts";
import { processState } from "../../src/recording/process/process-state.ts";
import type { RecordingStream } from "../../src/recording/recording-stream.ts";
import { prepareFolder, temporaryFolder } from "./recordings-folder.ts";
import { partPath } from "./run-name.ts";

export interface RequestFilesOptions {
  /** The file of the run: these are beside it, named after it. */
  readonly base: string;
  /** Bytes of all of them that stay. */
  readonly maxBytes: number;
  /** How many of them stay. */
  readonly maxFiles: number;
}

/** The files are looked at when so many more were made. */
const BATCH = 32;

/**
 * The files of recordings that have one each. Their folder is made with the first; the oldest go when there are too many or they are too
 * large together, those of this process only (older runs: `recordings-folder.ts`).
 */
export class RequestFiles {
  readonly #options: RequestFilesOptions;
  #base: string | undefined;
  #paths = new Set<string>();
  #sinceLook = 0;
  #look: Promise<void> | undefined;
  /** Files that were made, and the last of them. */
  kept = 0;
  newest: string | undefined;

  constructor(options: RequestFilesOptions) {
    this.#options = options;
  }

  /** A path for a new recording. @throws as `node:fs` if there is no place to write to */
  pathOf(name: string, recordingId: string): string {
    this.#base ??= preparedBase(this.#options.base);
    const path = partPath(this.#base, name, recordingId);
    this.#paths.add(path);
    this.kept += 1;
    this.newest = path;
    if (++this.#sinceLook >= BATCH || this.#paths.size > this.#options.maxFiles) {
      this.#sinceLook = 0;
      this.#look ??= this.#prune().finally(() => {
        this.#look = undefined;
      });
    }
    return path;
  }

  /** One with a key that was idle and comes again has the same name; the file of the part before is complete, or still being closed. */
  save(recording: RecordingStream, path: string): void {
    const free = freePath(path);
    this.#paths.add(free);
    this.newest = free;
    recording.save(free, { mode: 0o600, maxBytes: this.#options.maxBytes, journal: true });
  }

  async #prune(): Promise<void> {
    const { maxBytes, maxFiles } = this.#options;
    const paths = this.#paths;
    this.#paths = new Set();
    const stays: string[] = [];
    let bytes = 0;
    // from the newest to the oldest
    for (const path of [...paths].reverse()) {
      const size = await sizeOf(path);
      bytes += size ?? 0;
      if (stays.length < maxFiles && bytes <= maxBytes) stays.push(path);
      else if (size !== undefined && !isWritten(path)) await unlink(path).catch(() => {});
    }
    this.#paths = new Set([...stays.reverse(), ...this.#paths]);
  }
}

function freePath(path: string): string {
  let free = path;
  for (let part = 2; existsSync(free); part++) free = path.replace(/(-[0-9a-f]{8}\.rrd)$/, `_${part}$1`);
  return free;
}

/** Undefined: it is not there, or not yet. */
async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function isWritten(path: string): boolean {
  const open = [...processState().openRecordings];
  return open.some((recording) => recordingInternals(recording).writesTo(path));
}

function preparedBase(base: string): string {
  try {
    prepareFolder(dirname(base));
    return base;
  } catch {
    return join(temporaryFolder(), basename(base));
  }
}
