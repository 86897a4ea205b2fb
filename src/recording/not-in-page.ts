import { RerunError } from "../errors.ts";

/** What pages have no means for, and what does the same there. */
export function notInPage(call: string): RerunError {
  return new RerunError(
    "ERR_RERUN_SINK",
    `${call} does not work in a page, which has no files, ports and processes; use binaryStream, memoryRecording or toStream`,
  );
}
