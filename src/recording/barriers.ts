import { RerunError } from "../errors.ts";
import { wrongOptions } from "../option-names.ts";
import type { CommandResult } from "../pipeline/command.ts";
import type { RecordingStats } from "../pipeline/recording-stats.ts";
import { now as monotonicNow } from "../real-time.ts";
import type { SinkDelivery } from "../sinks/sink-delivery.ts";
import { within } from "../sinks/within.ts";
import { processRowEncoder } from "./process/process-pipeline.ts";
import type { RecordingIntake } from "./recording-intake.ts";
import { FLUSH_OPTIONS } from "./recording-option-names.ts";
import type { FlushOptions } from "./recording-options.ts";

const DEFAULT_TIMEOUT_MILLIS = 5000;

/** What a flush says of each sink. */
export interface FlushResult {
  readonly sinks: readonly SinkDelivery[];
}

/** What `flush` and `shutdown` throw when a sink has not delivered: with what the others have. */
export interface FlushError extends RerunError, FlushResult {}

/** All rows accepted so far are in the sinks when it resolves (C11). Nothing was started: nothing to do (C02). */
export async function flush(intake: RecordingIntake, options: FlushOptions): Promise<FlushResult> {
  const timeoutMillis = checkedTimeout("flush", intake, options);
  if (!intake.isOpen || !intake.isStarted) return { sinks: [] };
  const deadline = monotonicNow() + timeoutMillis;
  const result = await intake.open().request({ type: "flush", recording: intake.no, timeoutMillis });
  throwError(result, intake);
  return { sinks: await given(intake, "flushed", deadline, timeoutMillis, result) };
}

/** Flush, summary, footer, close. Harmless when repeated (C24). */
export async function close(intake: RecordingIntake, options: FlushOptions): Promise<void> {
  const timeoutMillis = checkedTimeout("shutdown", intake, options);
  const { isStarted } = intake;
  const deadline = monotonicNow() + timeoutMillis;
  if (!intake.end() || !isStarted) return;
  const result = await intake.open().request({ type: "close", recording: intake.no, timeoutMillis });
  processRowEncoder().forgetRecording(intake.no);
  await given(intake, "ended", deadline, timeoutMillis, result);
  throwError(result, intake);
}

/** Sinks of the program itself have taken what there is. */
async function given(
  { sinks }: RecordingIntake,
  what: "flushed" | "ended",
  deadline: number,
  timeoutMillis: number,
  { deliveries = [] }: CommandResult,
): Promise<readonly SinkDelivery[]> {
  const late = new Set<string>();
  await Promise.all(
    sinks.map(async ({ plan: { end, target } }) => {
      const millis = Math.max(0, deadline - monotonicNow());
      if (end !== undefined && (await within(millis, end[what]())) === "late") late.add(target);
    }),
  );
  if (late.size === 0) return deliveries;
  throw failure(
    new RerunError(
      "ERR_RERUN_FLUSH_TIMEOUT",
      `a sink of the application did not take its bytes within ${timeoutMillis} ms`,
    ),
    deliveries.map((delivery) => (late.has(delivery.sink) ? { ...delivery, status: "late" } : delivery)),
  );
}

export function stats(intake: RecordingIntake): RecordingStats {
  if (!intake.isStarted) return NO_STATS;
  return intake.open().requestSync({ type: "stats", recording: intake.no }).stats ?? NO_STATS;
}

/** A misspelt option is warned about: what was to be written is worth more than to be told so. */
function checkedTimeout(call: string, { failures }: RecordingIntake, options: FlushOptions): number {
  const wrong = wrongOptions(call, options, FLUSH_OPTIONS);
  if (wrong !== undefined) failures.report(wrong);
  const { timeoutMillis = DEFAULT_TIMEOUT_MILLIS } = options ?? {};
  if (typeof timeoutMillis === "number" && timeoutMillis >= 0) return timeoutMillis;
  throw new RerunError("ERR_RERUN_ARGUMENT", `timeoutMillis must be a number from 0 on, got ${String(timeoutMillis)}`);
}

function throwError({ error, deliveries }: CommandResult, { sinks }: RecordingIntake): void {
  if (error === undefined) return;
  const ours = error instanceof RerunError ? error : new RerunError("ERR_RERUN_SINK", error.message, { cause: error });
  throw failure(ours, deliveries ?? sinks.map((sink) => ({ sink: String(sink), status: "late" })));
}

function failure(error: RerunError, sinks: readonly SinkDelivery[]): FlushError {
  return Object.assign(error, { sinks });
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
