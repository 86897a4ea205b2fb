import { RerunError } from "../../errors.ts";

/** @param what completes "this cannot be read: …". */
export function formatError(what: string, cause?: unknown): RerunError {
  return new RerunError(
    "ERR_RERUN_FORMAT",
    `this cannot be read: ${what}`,
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Runs what reads bytes that anybody may have written: whatever it throws becomes ERR_RERUN_FORMAT and names the place (I8).
 * Decoders below us answer nonsense with a RangeError, a TypeError or an error of their own.
 *
 * @param offset of the message in its file.
 */
export function readingAt<T>(offset: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("ERR_RERUN_FORMAT", `the message at byte ${offset} is damaged: ${what}`, { cause });
  }
}
