import { RerunError } from "../errors.ts";
import { VERSION } from "../version.ts";
import type { Command } from "./command.ts";
import { merge } from "./merge.ts";
import { UsageError } from "./usage-error.ts";
import { view } from "./view.ts";

const COMMANDS: readonly Command[] = [view, merge];

/**
 * `otel-rerun VERB …`. Exit codes: 0 done, 1 failed, 2 the command line was not understood.
 * @param args without the program's name
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") {
    process.stdout.write(overview());
    return 0;
  }
  if (verb === "--version" || verb === "-v") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.find(({ name }) => name === verb);
  if (command === undefined) return fail(`there is no ${verb}; otel-rerun --help lists what there is`, 2);
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(`otel-rerun ${command.name} ${command.usage}\n\n${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError)
      return fail(`${error.message}\nusage: otel-rerun ${command.name} ${command.usage}`, 2);
    if (error instanceof RerunError) return fail(error.message, 1);
    throw error;
  }
}

function overview(): string {
  const verbs = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}`).join("\n");
  return `otel-rerun ${VERSION}\n\n${verbs}\n\n  otel-rerun VERB --help   options and an example\n`;
}

function fail(message: string, exitCode: number): number {
  process.stderr.write(`otel-rerun: ${message}\n`);
  return exitCode;
}
