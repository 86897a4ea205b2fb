import { RerunError } from "../errors.ts";
import type { CommandResult, RecordingStats } from "../pipeline/transport.ts";
import { processRowEncoder } from "./process-pipeline.ts";
import type { RecordingIntake } from "./recording-intake.ts";
import type { FlushOptions } from "./recording-options.ts";

const DEFAULT_TIMEOUT_MILLIS = 5000;

/** All rows accepted so far are in the sinks when it resolves (C11). Nothing was started: nothing to do (C02). */
export async function flush(intake: RecordingIntake, options: FlushOptions): Promise<void> {
  const timeoutMillis = checkedTimeout(options);
  if (!intake.isOpen || !intake.isStarted) return;
  const deadline = performance.now() + timeoutMillis;
  throwError(await intake.open().request({ type: "flush", recording: intake.no, timeoutMillis }));
  await given(intake, "flushed", deadline, timeoutMillis);
}

/** Flush, summary, footer, close. Harmless when repeated (C24). */
export async function close(intake: RecordingIntake, options: FlushOptions): Promise<void> {
  const timeoutMillis = checkedTimeout(options);
  const { isStarted } = intake;
  const deadline = performance.now() + timeoutMillis;
  if (!intake.end() || !isStarted) return;
  const result = await intake.open().request({ type: "close", recording: intake.no, timeoutMillis });
  processRowEncoder().forgetRecording(intake.no);
  await given(intake, "ended", deadline, timeoutMillis);
  throwError(result);
}

/** Sinks of the program itself have taken what there is. */
async function given(
  { sinks }: RecordingIntake,
  what: "flushed" | "ended",
  deadline: number,
  timeoutMillis: number,
): Promise<void> {
  const ends = sinks.flatMap(({ plan: { end } }) => (end === undefined ? [] : [end]));
  if (ends.length === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    const millis = Math.max(0, deadline - performance.now());
    if (millis < 2 ** 31) timer = setTimeout(() => resolve("late"), millis);
  });
  const all = Promise.all(ends.map((end) => end[what]()));
  const winner = await Promise.race([all, late]);
  clearTimeout(timer);
  if (winner !== "late") return;
  throw new RerunError(
    "ERR_RERUN_FLUSH_TIMEOUT",
    `a sink of the application did not take its bytes within ${timeoutMillis} ms`,
  );
}

export function stats(intake: RecordingIntake): RecordingStats {
  if (!intake.isStarted) return NO_STATS;
  return intake.open().requestSync({ type: "stats", recording: intake.no }).stats ?? NO_STATS;
}

function checkedTimeout({ timeoutMillis = DEFAULT_TIMEOUT_MILLIS }: FlushOptions): number {
  if (typeof timeoutMillis === "number" && timeoutMillis >= 0) return timeoutMillis;
  throw new RerunError("ERR_RERUN_ARGUMENT", `timeoutMillis must be a number from 0 on, got ${String(timeoutMillis)}`);
}

function throwError({ error }: CommandResult): void {
  if (error === undefined) return;
  throw error instanceof RerunError ? error : new RerunError("ERR_RERUN_SINK", error.message, { cause: error });
}

const NO_STATS: RecordingStats = {
  rowsAccepted: 0,
  rowsWritten: 0,
  rowsDropped: {},
  chunksWritten: 0,
  chunksByFlushReason: { rows: 0, bytes: 0, tick: 0, manual: 0, columns: 0 },
  bytesWritten: 0,
  spans: 0,
  logs: 0,
  pending: { rows: 0, bytes: 0, ageMillis: 0, lagMillis: 0 },
  sinks: [],
};
