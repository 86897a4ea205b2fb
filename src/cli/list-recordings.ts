import { compareTuids, TUID_BYTES } from "../bytes/tuid.ts";
import type { ListedRecording } from "../page/listed-recording.ts";
import { openRrd, type RrdReader, type StoreId } from "../reader.ts";

/** The recordings of the files, for the list beside the viewer: with the name they were given, else by their id. */
export async function listRecordings(files: readonly string[]): Promise<ListedRecording[]> {
  const recordings: ListedRecording[] = [];
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

/** The latest name in the recording's properties: the row with the highest id counts (rrd-format §3.6). */
async function nameOf(reader: RrdReader, recording: StoreId): Promise<string> {
  let name = recording.recordingId;
  let latest = new Uint8Array(TUID_BYTES);
  for await (const { rowIds, numRows, components } of reader.chunks({ ...recording, entityPath: "/__properties" })) {
    const names = components.find(({ component }) => component === "RecordingInfo:name");
    for (let row = 0; row < numRows; row++) {
      const given = names?.get(row)?.[0];
      if (typeof given !== "string" || given === "" || compareTuids(rowIds, row * TUID_BYTES, latest, 0) < 0) continue;
      name = given;
      latest = rowIds.slice(row * TUID_BYTES, (row + 1) * TUID_BYTES);
    }
  }
  return name;
}
