import { type BigIntStats, fstatSync, statSync } from "node:fs";
import { UsageError } from "./usage-error.ts";

const STDIN_DESCRIPTOR = 0;

/**
 * A verb writes a new file and leaves what it reads alone. Files are compared, not names: a link and another spelling lead to the same
 * file.
 *
 * @param output as given
 * @param inputs paths, or `-` for standard input, which may be a file
 * @param role what an input is to the verb, for the message
 * @throws UsageError if the output is one of the inputs
 */
export function assertNotAnInput(output: string, inputs: readonly string[], role: string): void {
  const existing = statsOf(output);
  if (existing === undefined) return;
  for (const input of inputs) {
    const stats = statsOf(input);
    if (stats !== undefined && stats.ino === existing.ino && stats.dev === existing.dev) {
      throw new UsageError(`${output} is ${role}; choose another name`);
    }
  }
}

/** Undefined: there is no such file, or nobody may look; whoever opens it says so. */
function statsOf(path: string): BigIntStats | undefined {
  try {
    return path === "-" ? fstatSync(STDIN_DESCRIPTOR, { bigint: true }) : statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
