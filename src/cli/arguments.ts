import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** `util.parseArgs` whose complaints are usage errors. */
export function parseArguments<T extends Pick<ParseArgsConfig, "options">>(args: readonly string[], config: T) {
  try {
    return parseArgs({ ...config, args: [...args], allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split("\n")[0]);
  }
}
