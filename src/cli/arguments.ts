import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "./suggestion.ts";
import { UsageError } from "./usage-error.ts";

/** `util.parseArgs` whose complaints are usage errors. */
export function parseArguments<T extends Pick<ParseArgsConfig, "options">>(args: readonly string[], config: T) {
  try {
    return parseArgs({ ...config, args: [...args], allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
    throw new UsageError(unknown === undefined ? message.split("\n")[0] : noSuchOption(unknown, config.options));
  }
}

function noSuchOption(given: string, options: ParseArgsConfig["options"] = {}): string {
  const similar = nearest(given.replace(/^-+/, ""), Object.keys(options));
  return `there is no option ${given}${similar === undefined ? "" : `; did you mean --${similar}?`}`;
}
