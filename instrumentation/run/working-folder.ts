import { temporaryFolder } from "./recordings-folder.ts";

/** Where the process is; a folder of ours where its own was removed, as a deploy does under a running process that starts others. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return temporaryFolder();
  }
}
