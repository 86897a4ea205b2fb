import { checkRecording } from "../checked-arguments.ts";
import { processState } from "../process/process-state.ts";
import type { RecordingStream } from "../recording-stream.ts";
import { scopedRecording } from "./scope.ts";

/**
 * The recording that calls without one go to: the explicit one, else that of the innermost scope (`rec.with`, an OTel context),
 * else what a resolver of the application says, else the thread's, else the global one. `undefined` means that such calls do
 * nothing. Never throws (C01).
 */
export function getDataRecording(explicit?: RecordingStream): RecordingStream | undefined {
  if (explicit !== undefined) return explicit;
  const scoped = scopedRecording();
  if (scoped !== undefined) return scoped;
  const { threadRecording, globalRecording } = processState();
  return threadRecording ?? globalRecording;
}

export function getGlobalDataRecording(): RecordingStream | undefined {
  return processState().globalRecording;
}

/** Replaces the global recording, `undefined` clears it. Returns the one before, which stays open. @throws RerunError ERR_RERUN_ARGUMENT */
export function setGlobalDataRecording(recording: RecordingStream | undefined): RecordingStream | undefined {
  const state = processState();
  const previous = state.globalRecording;
  state.globalRecording = recordingOrNone("setGlobalDataRecording", recording);
  return previous;
}

/** The recording of this JavaScript thread (main thread or worker). */
export function getThreadLocalDataRecording(): RecordingStream | undefined {
  return processState().threadRecording;
}

/** Replaces the recording of this JavaScript thread, `undefined` clears it. Returns the one before, which stays open. @throws RerunError ERR_RERUN_ARGUMENT */
export function setThreadLocalDataRecording(recording: RecordingStream | undefined): RecordingStream | undefined {
  const state = processState();
  const previous = state.threadRecording;
  state.threadRecording = recordingOrNone("setThreadLocalDataRecording", recording);
  return previous;
}

/** What calls go to later, where nobody would know who has put it there. */
function recordingOrNone(call: string, recording: RecordingStream | null | undefined): RecordingStream | undefined {
  if (recording === undefined || recording === null) return undefined;
  checkRecording(call, recording);
  return recording;
}
