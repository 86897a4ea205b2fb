import { RerunError } from "../errors.ts";
import { kindOf } from "../kind-of.ts";
import { INTERNALS } from "./internals.ts";
import type { RecordingStream } from "./recording-stream.ts";

/** @throws RerunError ERR_RERUN_ARGUMENT for what is no function */
export function checkFunction(call: string, fn: unknown): void {
  if (typeof fn === "function") return;
  throw new RerunError("ERR_RERUN_ARGUMENT", `${call} needs a function to call, got ${kindOf(fn)}`);
}

/** @throws RerunError ERR_RERUN_ARGUMENT for what is no recording */
export function checkRecording(call: string, recording: unknown): asserts recording is RecordingStream {
  if (isRecording(recording)) return;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `${call} needs a RecordingStream, as init("my-app") makes one, got ${kindOf(recording)}`,
  );
}

export function isRecording(value: unknown): value is RecordingStream {
  return typeof value === "object" && value !== null && INTERNALS in value;
}
