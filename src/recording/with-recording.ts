import { RerunError } from "../errors.ts";
import { getDataRecording } from "./active-recording.ts";
import { callerLine } from "./caller-line.ts";
import { warnOfLine } from "./failures.ts";
import { INTERNALS } from "./internals.ts";
import type { RecordingStream } from "./recording-stream.ts";
import { isStrict } from "./strict.ts";

/**
 * The methods of a recording as functions, for the recording that is active where they are called, or the one in the options.
 * Without any recording they do nothing (C02).
 */
export interface WithRecording {
  readonly recording?: RecordingStream;
}

/**
 * The recording that a function is for.
 * @throws RerunError ERR_RERUN_ARGUMENT in strict mode, if `recording` is something else; otherwise there is a warning, and none.
 */
export function recordingOf(
  options: (WithRecording & { readonly strict?: unknown }) | undefined,
): RecordingStream | undefined {
  const given = options?.recording;
  if (given === undefined || given === null) return getDataRecording();
  if (typeof given === "object" && INTERNALS in given) return given;
  const error = new RerunError(
    "ERR_RERUN_ARGUMENT",
    `{ recording } must be a RecordingStream, got ${typeof given}; the call does nothing`,
  );
  const strict = typeof options?.strict === "boolean" ? options.strict : undefined;
  if (isStrict(strict, undefined)) throw error;
  warnOfLine(callerLine(recordingOf) ?? "unknown line", error.message);
  return undefined;
}
