import { writeSync } from "node:fs";
import { relative } from "node:path";
import { bytesText } from "../../src/bytes/byte-size.ts";
import type { RequestRecordings } from "../../src/recording/process/process-state.ts";
import type { HttpActivity } from "../http/http-activity.ts";
import { workingFolder } from "./working-folder.ts";

/** What is told at the end of a process. */
export interface RunEnd {
  readonly activity: HttpActivity;
  /** Files on disk, with their bytes. */
  readonly segments: readonly { readonly path: string; readonly bytes: number }[];
  /** Files of children and threads, which are part of the run. */
  readonly others: readonly string[];
  /** Whether the oldest part is no longer there. */
  readonly isCut: boolean;
  /** Rows that were dropped. */
  readonly dropped: number;
  /** Undefined: requests have no recordings of their own. */
  readonly ofRequests: RequestRecordings | undefined;
}

/**
 * Lines on stderr. Written to the descriptor itself: `process.stderr` is the application's, which may have patched it, and at
 * exit a pipe would not take what is still in its queue.
 */
export function sayRecordingTo(path: string): void {
  say(`recording to ${path}`);
}

export function sayKeeping(seconds: number): void {
  say(`keeping the last ${seconds} s in memory; npx otel-rerun dump ${process.pid} writes them to a file`);
}

export function sayCannotRecord(error: unknown): void {
  say(`nothing is recorded: ${error instanceof Error ? error.message : String(error)}`);
}

export function sayEnd({ activity, segments, others, isCut, dropped, ofRequests }: RunEnd): void {
  const { requests, failed, withoutRoute } = activity;
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const facts = [
    `${requests} ${requests === 1 ? "request" : "requests"}`,
    `${failed} failed`,
    `${bytesText(bytes)} recorded`,
    `${dropped} ${dropped === 1 ? "row" : "rows"} dropped`,
  ];
  say(facts.join(", "));
  if (isCut) say("the oldest part is gone: removed to stay below OTEL_RERUN_MAX_BYTES, or by somebody else");
  if (requests > 0 && withoutRoute === requests) {
    say(
      "no request had a route: plain http has none, frameworks but Express tell theirs by their OpenTelemetry packages",
    );
  }
  const paths = segments.map(({ path }) => path);
  if (paths.length > 0) sayOpen(paths);
  if (others.length > 0) {
    const files = others.length === 1 ? "one more file" : `${others.length} more files`;
    say(`${files} of children or threads are part of the run; all in one: ${mergeOf([...paths, ...others])}`);
  }
  if (ofRequests === undefined) return;
  const { kept, discarded, newest } = ofRequests;
  say(
    `requests have recordings of their own: ${kept} kept, ${discarded} not${newest === undefined ? "" : "; the newest:"}`,
  );
  if (newest !== undefined) sayOpen([newest]);
}

function sayOpen(paths: readonly string[]): void {
  say(`open with: npx otel-rerun view ${paths.map(argument).join(" ")}`);
}

function mergeOf(paths: readonly string[]): string {
  return `npx otel-rerun merge ${paths.map(argument).join(" ")} -o merged.rrd`;
}

function say(line: string): void {
  try {
    writeSync(2, `otel-rerun: ${line}\n`);
  } catch {
    // closed, or a pipe that is full
  }
}

/** As one would type it here. */
function argument(path: string): string {
  const local = relative(workingFolder(), path);
  const shown = local.startsWith("..") ? path : local;
  return /^[\w./\\:-]+$/.test(shown) ? shown : `"${shown}"`;
}
