import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseBytes } from "../../src/bytes/byte-size.ts";
import { RerunError } from "../../src/errors.ts";
import { recordingInternals } from "../../src/recording/internals.ts";
import type { RecordingStream } from "../../src/recording/recording-stream.ts";
import { warnOnce } from "../../src/recording/warnings.ts";
import { journalPaths } from "../../src/sinks/file/journal-file.ts";
import { makeFolder } from "../../src/sinks/private-folder.ts";
import { prepareFolder, pruneRuns, temporaryFolder } from "./recordings-folder.ts";
import { besidePath, isBeside, isSegmentOf, runName, runOf } from "./run-name.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface RecordingFileOptions {
  readonly environment: Environment;
  readonly cwd: string;
  readonly service: string;
  readonly startedAt: Date;
  /** The file of the process that started this one, as it was announced. */
  readonly parentFile: string | undefined;
}

/** Bytes of the runs that stay, the current one at its largest included. */
const MAX_TOTAL_BYTES = 2 * 1024 ** 3;
const DEFAULT_MAX_BYTES = 256 * 1024 ** 2;
const DEFAULT_KEEP = 20;

/** Times of files are those of the last tick of the system's clock. */
const CLOCK_MILLIS = 100;

/** Names beside a file are random: two clashes in a row are no accident. */
const MAX_NAMES = 3;

/**
 * The file of this process under `register`: where it will be is known at once, for children; made is it at the first row.
 *
 *   OTEL_RERUN_FILE, else recordings/<time>-<service>-<pid>.rrd
 *     is the parent's, or exists ──▶ <name>.<pid>-<random>.rrd beside it
 *     its folder cannot be written ──▶ the temporary directory
 *     is a device, a pipe or a socket ──▶ nothing is recorded
 *
 * A file that exists is never written to: it is somebody's recording.
 */
export class RecordingFile {
  /** Absolute. Announced to children, who write beside it. */
  base: string;
  /** What was made, in order: more than one only if the recording was shut down and others went on. */
  readonly paths: string[] = [];
  readonly #isParents: boolean;
  readonly #isNamedByUs: boolean;
  readonly #startedAt: number;
  readonly #nameOf: (service: string) => string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #users: RecordingStream[] = [];

  constructor({ environment, cwd, service, startedAt, parentFile }: RecordingFileOptions) {
    const given = environment.OTEL_RERUN_FILE ? resolve(cwd, environment.OTEL_RERUN_FILE) : undefined;
    this.#nameOf = (name) => join(cwd, "recordings", `${runName(startedAt, name, process.pid)}.rrd`);
    this.base = given ?? parentFile ?? this.#nameOf(service);
    this.#isParents = this.base === parentFile;
    this.#isNamedByUs = given === undefined;
    this.#startedAt = startedAt.getTime();
    this.#maxBytes = readVariable(
      environment,
      "OTEL_RERUN_MAX_BYTES",
      parseSize,
      "a size such as 256MiB",
      DEFAULT_MAX_BYTES,
    );
    this.#keep = readVariable(environment, "OTEL_RERUN_KEEP", parseCount, "a number of runs from 1 on", DEFAULT_KEEP);
  }

  /** The service has another name; before the file is made. */
  rename(service: string): void {
    if (this.#isNamedByUs && !this.#isParents) this.base = this.#nameOf(service);
  }

  /**
   * Makes `recording` write to the file; the first one makes it.
   * @throws RerunError ERR_RERUN_FILE when there is no place to write to
   */
  attach(recording: RecordingStream): void {
    this.#users = this.#users.filter((user) => recordingInternals(user).isOpen);
    const open = this.paths.at(-1);
    if (open !== undefined && this.#users.length > 0) {
      recording.save(open, { mode: 0o600, maxBytes: this.#maxBytes, journal: true });
    } else {
      this.#make(recording);
    }
    this.#users.push(recording);
  }

  /** Files on disk: the segments of what was made, less those that had to go. */
  segments(): readonly { readonly path: string; readonly bytes: number }[] {
    return this.paths.flatMap((path) => {
      try {
        const folder = dirname(path);
        const names = readdirSync(folder).filter((name) => isSegmentOf(name, basename(path)));
        return names.map((name) => ({ path: join(folder, name), bytes: statSync(join(folder, name)).size }));
      } catch {
        return [];
      }
    });
  }

  /** Files of children and threads of this process. Of a child none: what there is, the first process tells. */
  others(): string[] {
    if (this.#isParents) return [];
    const folder = dirname(this.paths[0] ?? this.base);
    const own = this.segments().map(({ path }) => path);
    try {
      const paths = readdirSync(folder)
        .filter((name) => isBeside(name, basename(this.base)))
        .map((name) => join(folder, name));
      return paths.filter((path) => !own.includes(path) && this.#isOfThisRun(path)).sort();
    } catch {
      return [];
    }
  }

  /** A run before, which was told the same path, may have left files. One that holds nothing is no recording. */
  #isOfThisRun(path: string): boolean {
    const { size, mtimeMs } = statSync(path);
    const isEmpty = size === 0 && !journalPaths(path).some((journal) => existsSync(journal));
    return !isEmpty && mtimeMs >= this.#startedAt - CLOCK_MILLIS;
  }

  #make(recording: RecordingStream): void {
    if (isDevice(this.base)) {
      throw new RerunError("ERR_RERUN_FILE", `${this.base} is no file but a device, a pipe or a socket; name a file`);
    }
    try {
      if (this.#isNamedByUs) prepareFolder(dirname(this.base));
      else makeFolder(dirname(this.base));
      this.#makeAt(recording, this.base, this.#isNamedByUs);
    } catch {
      this.#makeAt(recording, join(temporaryFolder(), basename(this.base)), true);
    }
  }

  #makeAt(recording: RecordingStream, path: string, isOurFolder: boolean): void {
    let name = this.#isParents || this.paths.length > 0 ? besidePath(path, process.pid) : path;
    for (let attempt = 1; ; attempt++) {
      try {
        recording.save(name, { exclusive: true, mode: 0o600, maxBytes: this.#maxBytes, journal: true });
        break;
      } catch (error) {
        if (attempt > MAX_NAMES || codeOfCause(error) !== "EEXIST") throw error;
        name = besidePath(path, process.pid);
      }
    }
    this.paths.push(name);
    if (!isOurFolder || this.#isParents) return;
    const maxBytes = Math.max(0, MAX_TOTAL_BYTES - this.#maxBytes);
    pruneRuns(dirname(name), { keep: this.#keep, maxBytes, current: runOf(basename(name)) });
  }
}

/** Beside it would be no place for a file either. What stdout leads to may be a file, which is the application's. */
function isDevice(path: string): boolean {
  if (/^\/(?:dev|dev\/fd|proc\/[^/]+\/fd)$/.test(dirname(path))) return true;
  try {
    const stats = statSync(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false; // not there, or in a folder that cannot be used, which the next step finds out
  }
}

function codeOfCause(error: unknown): unknown {
  return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
}

/** A variable that cannot be read is warned about and counts as not set. */
function readVariable(
  environment: Environment,
  name: string,
  parse: (text: string) => number | undefined,
  expected: string,
  fallback: number,
): number {
  const text = environment[name]?.trim();
  if (text === undefined || text === "") return fallback;
  const value = parse(text);
  if (value === undefined) warnOnce(`environment ${name}`, `${name}=${text} is not ${expected}; the default is used`);
  return value ?? fallback;
}

function parseSize(text: string): number | undefined {
  const bytes = parseBytes(text);
  return bytes === 0 ? undefined : bytes;
}

function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text) && Number(text) >= 1 ? Number(text) : undefined;
}
