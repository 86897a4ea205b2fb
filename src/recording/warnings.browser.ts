import { processState } from "./process/process-state.ts";

/** As in `warnings.ts`. */
const MAX_WARNINGS = 1000;

/** A warning on the console once per `key`; says whether it was given now. */
export function warnOnce(key: string, message: string): boolean {
  const { warned } = processState();
  if (warned.has(key) || warned.size >= MAX_WARNINGS) return false;
  warned.add(key);
  warn(message);
  return true;
}

export function warn(message: string): void {
  console.warn(`RerunWarning: ${message}`);
}

export const sayLine: (line: string) => void = warn;
