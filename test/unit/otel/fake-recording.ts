import { INTERNALS } from "../../../src/recording/internals.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import type { RecordingStream } from "../../../src/recording/recording-stream.ts";

export interface FakeRecording extends RecordingStream {
  flushes: number;
}

/** The part of a recording that this room calls. */
export function fakeRecording(applicationId = "shop"): FakeRecording {
  const recording = {
    [INTERNALS]: {},
    applicationId,
    flushes: 0,
    isEnabled: () => true,
    flush: async () => {
      recording.flushes++;
    },
  };
  processState().openRecordings.add(recording as unknown as RecordingStream);
  return recording as unknown as FakeRecording;
}
