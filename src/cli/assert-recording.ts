import { closeSync, existsSync, openSync, readdirSync, readSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { detectFormat, HEAD_BYTES } from "../bridges/detect.ts";
import { RerunError } from "../errors.ts";
import { nearest } from "../nearest-word.ts";
import { journalPaths } from "../sinks/file/journal-file.ts";
import { DEFAULT_FOLDER, newestIn } from "./newest-run.ts";

const SHOWN_NAMES = 3;

/**
 * Says what a path is that cannot be read as a recording, and what to do instead, before anybody tries to.
 * @throws RerunError ERR_RERUN_FILE, ERR_RERUN_FORMAT
 */
export function assertRecording(path: string): void {
  const stats = statsOf(path);
  if (stats === undefined)
    throw new RerunError("ERR_RERUN_FILE", `there is no file ${path}; ${besides(dirname(path), basename(path))}`);
  if (stats.isDirectory()) {
    throw new RerunError("ERR_RERUN_FILE", `${path} is a folder; name a file in it: ${besides(path, "")}`);
  }
  if (!stats.isFile()) return;
  if (holdsNothing(path)) {
    const message = `${path} is empty: nothing was recorded in it, or not yet; make a recording: otel-rerun record -- node app.js`;
    throw new RerunError("ERR_RERUN_FORMAT", message);
  }
  if (stats.size > 0) assertHead(path, headOf(path));
}

/** The same of bytes. @param head of what `name` names */
export function assertHead(name: string, head: Buffer): void {
  if (head.length === 0) throw new RerunError("ERR_RERUN_FORMAT", `${name} is empty; give it a recording (.rrd)`);
  // other versions of the format have a message of their own
  if (head.toString("latin1", 0, 3) === "RRF") return;
  const next =
    detectFormat(head) === undefined
      ? "a recording ends in .rrd: otel-rerun record makes one of a program, otel-rerun convert of traces of other tools"
      : `it is telemetry of another tool; make a recording of it: otel-rerun convert ${name === STDIN ? "-" : name} -o run.rrd`;
  throw new RerunError("ERR_RERUN_FORMAT", `${name} is no recording; ${next}`);
}

/** What `-` is called in messages and in JSON. */
export const STDIN = "standard input";

/** A process that ended before its first chunk may have left rows in a journal. */
export function holdsNothing(path: string): boolean {
  return statsOf(path)?.size === 0 && !journalPaths(path).some((journal) => existsSync(journal));
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    const file = openSync(path, "r");
    try {
      return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): RerunError {
  const message = `${path} cannot be read: ${(cause as Error).message}; name another file, or ask its owner for it`;
  return new RerunError("ERR_RERUN_FILE", message, { cause });
}

/** Recordings in a folder: the one whose name is like it, or the first. */
function besides(folder: string, name: string): string {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".rrd"));
  } catch {
    // nor is the folder
  }
  const [newest] = names.length === 0 ? newestIn(DEFAULT_FOLDER) : [];
  if (newest !== undefined) return `the newest recording in ${DEFAULT_FOLDER} is ${newest}`;
  if (names.length === 0) return "there is no recording in that folder; make one: otel-rerun record -- node app.js";
  const similar = nearest(name, names);
  if (similar !== undefined) return `did you mean ${join(folder, similar)}?`;
  const shown = names.slice(0, SHOWN_NAMES).map((name) => join(folder, name));
  return `there ${names.length === 1 ? "is" : "are"} ${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
}
