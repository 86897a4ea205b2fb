import { UsageError } from "./usage-error.ts";

/** The value of an option such as `--port`. */
export function portOf(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const port = Number(text);
  if (text !== "" && Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new UsageError(`${option} takes a number from 0 to 65535, not ${text}`);
}
