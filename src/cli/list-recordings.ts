import type { Recording } from "../page/viewer-server.ts";
import { openRrd } from "../reader.ts";

/** The recordings of the files, for the list beside the viewer: with the name they were given, else by their id. */
export async function listRecordings(files: readonly string[]): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const file of files) {
    const reader = await openRrd(file);
    for (const recording of reader.recordings()) {
      if (recording.kind !== "recording") continue;
      const { applicationId, recordingId } = recording;
      recordings.push({ applicationId, recordingId, name: await nameOf(reader, recording) });
    }
  }
  return recordings;
}
