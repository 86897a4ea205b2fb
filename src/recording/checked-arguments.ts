import { RerunError } from "../errors.ts";
import { INTERNALS } from "./internals.ts";
import type { RecordingStream } from "./recording-stream.ts";

/** @throws RerunError ERR_RERUN_ARGUMENT for what is no function */
export function checkFunction(call: string, fn: unknown): void {
  if (typeof fn === "function") return;
  throw new RerunError("ERR_RERUN_ARGUMENT", `${call} needs a function to call, got ${kindOf(fn)}`);
}

/** @throws RerunError ERR_RERUN_ARGUMENT for what is no recording */
export function checkRecording(call: string, recording: unknown): asserts recording is RecordingStream {
  if (typeof recording === "object" && recording !== null && INTERNALS in recording) return;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `${call} needs a RecordingStream, as init("my-app") makes one, got ${kindOf(recording)}`,
  );
}

/** What was given, for the message of an error. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}
