import { processState } from "./process-state.ts";

/** So many different warnings are remembered; a program with more has been warned enough (I7). */
const MAX_WARNINGS = 1000;

/** `process.emitWarning` once per `key`; says whether it was given now. */
export function warnOnce(key: string, message: string): boolean {
  const { warned } = processState();
  if (warned.has(key) || warned.size >= MAX_WARNINGS) return false;
  warned.add(key);
  process.emitWarning(message, "RerunWarning");
  return true;
}
