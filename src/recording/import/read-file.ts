import { readFile as read } from "node:fs/promises";
import { RerunError } from "../../errors.ts";
import { filePath } from "../../file-path.ts";

/** The path of a file, which says what type it is. */
export function pathOf(path: string | URL): string {
  return filePath("logFile", path);
}

/** @throws RerunError ERR_RERUN_FILE */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  try {
    return await read(path);
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FILE", `${String(path)} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
