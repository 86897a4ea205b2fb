import { normalizeApplicationId } from "../rrd/application-id.ts";
import { setGlobalDataRecording } from "./active-recording.ts";
import { inheritedRecordingId } from "./recording-id.ts";
import type { RecordingStreamOptions } from "./recording-options.ts";
import { RecordingStream } from "./recording-stream.ts";
import { setStrictMode } from "./strict.ts";

export interface InitOptions extends Omit<RecordingStreamOptions, "makeGlobal" | "makeThreadDefault"> {}

/**
 * Makes a recording, makes it the global one and returns it. A process that was started by a recorded process with the same
 * application id writes to the same recording. The global recording before it stays open.
 *
 * @throws RerunError ERR_RERUN_APPLICATION_ID if the application id is empty.
 */
export function init(applicationId: string, options: InitOptions = {}): RecordingStream {
  const recordingId = options.recordingId ?? inheritedRecordingId(normalizeApplicationId(applicationId));
  const recording = new RecordingStream(
    applicationId,
    recordingId === undefined ? options : { ...options, recordingId },
  );
  if (options.strict !== undefined) setStrictMode(options.strict);
  setGlobalDataRecording(recording);
  return recording;
}
