import { RerunError } from "../../errors.ts";
import { callerLine } from "../caller-line.ts";
import { isRecording } from "../checked-arguments.ts";
import { warnOfLine } from "../failures.ts";
import { environmentSwitch } from "../process/environment.ts";
import type { RecordingStream } from "../recording-stream.ts";
import { isStrict } from "../strict.ts";
import { getDataRecording } from "./active-recording.ts";

/**
 * The methods of a recording as functions, for the recording that is active where they are called, or the one in the options.
 * Without any recording they do nothing (C02); those that say where it goes also warn.
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
  const isUnnamed = isRecording(options);
  const given = options?.recording;
  if (!isUnnamed && (given === undefined || given === null)) return getDataRecording();
  if (isRecording(given)) return given;
  const error = new RerunError(
    "ERR_RERUN_ARGUMENT",
    isUnnamed
      ? "name the recording in the options, { recording }, or call its method; the call does nothing"
      : `{ recording } must be a RecordingStream, got ${typeof given}; the call does nothing`,
  );
  const strict = typeof options?.strict === "boolean" ? options.strict : undefined;
  refuse(error, recordingOf, strict);
  return undefined;
}

/**
 * The same for a call that says where a recording goes. Libraries log whether there is a recording or not; but who names a file wants one,
 * and has forgotten `init`, or calls it too late. Where everything is switched off nobody has forgotten anything.
 *
 * @throws RerunError ERR_RERUN_NO_RECORDING in strict mode; otherwise there is a warning
 */
export function recordingToWrite(call: string, options: WithRecording | undefined): RecordingStream | undefined {
  const recording = recordingOf(options);
  const isWrong = isRecording(options) || (options?.recording !== undefined && options.recording !== null);
  if (recording !== undefined || isWrong || environmentSwitch("RERUN") === false) return recording;
  refuse(
    new RerunError(
      "ERR_RERUN_NO_RECORDING",
      `${call} does nothing, since there is no recording; call init("my-app") before it, or give it one: { recording }`,
    ),
    recordingToWrite,
  );
  return undefined;
}

function refuse(error: RerunError, boundary: Function, strict?: boolean): void {
  if (isStrict(strict, undefined)) throw error;
  warnOfLine(callerLine(boundary) ?? "unknown line", error.message);
}
