import { readFile as read } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { RerunError } from "../errors.ts";

/** The path of a file, which says what type it is. */
export function pathOf(path: string | URL): string {
  return typeof path === "string" ? path : fileURLToPath(path);
}

/** @throws RerunError ERR_RERUN_FILE */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  try {
    return await read(path);
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FILE", `${String(path)} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
