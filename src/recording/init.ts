import { checkedOptions } from "../option-names.ts";
import { normalizeApplicationId } from "../rrd/application-id.ts";
import { setGlobalDataRecording } from "./context/active-recording.ts";
import { processState } from "./process/process-state.ts";
import { inheritedRecordingId } from "./recording-id.ts";
import { RECORDING_OPTIONS } from "./recording-option-names.ts";
import type { RecordingStreamOptions } from "./recording-options.ts";
import { RecordingStream } from "./recording-stream.ts";
import { setStrictMode } from "./strict.ts";

export interface InitOptions extends Omit<RecordingStreamOptions, "makeGlobal" | "makeThreadDefault"> {}

/**
 * Makes a recording, makes it the global one and returns it. A process that was started by one under `register`, and has the same
 * application id, writes to the same recording. The global recording before it stays open.
 *
 * Under `register`, the recording of the process is returned if it is of that application; one of another application is written
 * to the same file, unless it gets a sink of its own.
 *
 * @throws RerunError ERR_RERUN_APPLICATION_ID if the application id is empty; ERR_RERUN_ARGUMENT for an option that there is not.
 */
export function init(applicationId: string, options: InitOptions = {}): RecordingStream {
  options = checkedOptions("init", options, RECORDING_OPTIONS);
  const recordingId = options.recordingId ?? inheritedRecordingId(normalizeApplicationId(applicationId));
  const made = new RecordingStream(applicationId, recordingId === undefined ? options : { ...options, recordingId });
  const recording = processState().hooks.adopt?.(made) ?? made;
  if (options.strict !== undefined) setStrictMode(options.strict);
  setGlobalDataRecording(recording);
  return recording;
}
