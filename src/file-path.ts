import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RerunError } from "./errors.ts";

/**
 * The path of a file as the user gave it: a string, or a `file:` URL.
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function filePath(call: string, path: unknown): string {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return path;
  if (path instanceof URL && path.protocol === "file:") return fileURLToPath(path);
  const got = path instanceof URL || typeof path === "string" ? JSON.stringify(String(path)) : typeof path;
  throw new RerunError("ERR_RERUN_ARGUMENT", `${call} needs the path of a file, or a file: URL; got ${got}`);
}

/**
 * The same from the root on.
 * @throws RerunError ERR_RERUN_ARGUMENT; ERR_RERUN_FILE if it is relative to a working folder that was removed
 */
export function absolutePath(call: string, path: unknown): string {
  const given = filePath(call, path);
  try {
    return resolve(given);
  } catch (cause) {
    const reason = "the working folder of the process was removed; give a path from the root on";
    throw new RerunError("ERR_RERUN_FILE", `${given} leads nowhere: ${reason}`, { cause });
  }
}
