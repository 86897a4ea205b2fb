import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "../nearest-word.ts";
import { UsageError } from "./usage-error.ts";

/** `util.parseArgs` whose complaints are usage errors. */
export function parseArguments<T extends Pick<ParseArgsConfig, "options">>(args: readonly string[], config: T) {
  try {
    return parseArgs({ ...config, args: withNegatives(args, config.options), allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
    throw new UsageError(unknown === undefined ? message.split("\n")[0] : noSuchOption(unknown, config.options));
  }
}

/** A negative number is a value: `parseArgs` takes it for an option that it does not know, and the verb has more to say. */
function withNegatives(args: readonly string[], options: ParseArgsConfig["options"] = {}): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const option = joined.at(-1);
    if (/^-\d/.test(argument) && option?.startsWith("--") && options[option.slice(2)]?.type === "string") {
      joined[joined.length - 1] = `${option}=${argument}`;
    } else {
      joined.push(argument);
    }
  }
  return joined;
}

function noSuchOption(given: string, options: ParseArgsConfig["options"] = {}): string {
  const similar = nearest(given.replace(/^-+/, ""), Object.keys(options));
  return `there is no option ${given}${similar === undefined ? "" : `; did you mean --${similar}?`}`;
}
