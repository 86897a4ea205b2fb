import { writeSync } from "node:fs";
import { processState } from "./process/process-state.ts";

/** So many different warnings are remembered; a program with more has been warned enough (I7). */
const MAX_WARNINGS = 1000;

/** `process.emitWarning` once per `key`; says whether it was given now. */
export function warnOnce(key: string, message: string): boolean {
  const { warned } = processState();
  if (warned.has(key) || warned.size >= MAX_WARNINGS) return false;
  warned.add(key);
  warn(message);
  return true;
}

/** Warnings that the process has not given yet: it does so in the next tick, which does not come after `process.exit`. */
const unsaid = new Set<string>();

/** A warning of the process; while that ends, when nobody would hear of one any more, a line on stderr. */
export function warn(message: string): void {
  if (processState().isEnding) {
    sayLine(message);
    return;
  }
  unsaid.add(message);
  process.emitWarning(message, "RerunWarning");
  process.nextTick(() => unsaid.delete(message));
}

/** The process ends: what would have been said in its next tick. */
export function sayRest(): void {
  for (const message of unsaid) sayLine(message);
  unsaid.clear();
}

/** To the descriptor: what is written to a stream now may not leave the process. */
export function sayLine(line: string): void {
  try {
    writeSync(2, `otel-rerun: ${line}\n`);
  } catch {
    // closed, or a pipe that is full
  }
}
