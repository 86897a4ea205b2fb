import { once } from "node:events";
import { RerunError } from "../errors.ts";

/** Writes to standard output, and waits where a slow reader of the pipe is behind: output may be larger than memory. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

export function writeLine(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** As one line: 64-bit integers are text, bytes are hex, other arrays of numbers plain ones. */
export function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(value, plain, indent) ?? "null";
}

/** Indented, for one document; `write` of `jsonOf` is for one line of many. */
export function writeJson(value: unknown): Promise<void> {
  return writeLine(jsonOf(value, 2));
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** @throws RerunError ERR_RERUN_FILE */
export function cannotWrite(path: string, cause: unknown): never {
  const message = `${path} cannot be written: ${(cause as Error).message}; name a file in a folder that is there and yours`;
  throw new RerunError("ERR_RERUN_FILE", message, { cause });
}
