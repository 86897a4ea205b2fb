import { existsSync } from "node:fs";
import { RerunError } from "../errors.ts";
import { nearest } from "../nearest-word.ts";
import { VERSION } from "../version.ts";
import { clean } from "./clean.ts";
import type { Command } from "./command.ts";
import { convert } from "./convert.ts";
import { diff } from "./diff.ts";
import { dump } from "./dump.ts";
import { exportTraces } from "./export.ts";
import { filter } from "./filter.ts";
import { merge } from "./merge.ts";
import { print } from "./print.ts";
import { record } from "./record.ts";
import { recover } from "./recover.ts";
import { serve } from "./serve.ts";
import { stats } from "./stats.ts";
import { UsageError } from "./usage-error.ts";
import { verify } from "./verify.ts";
import { view } from "./view.ts";

/** In the order of the overview: make, look, share, mend. */
export const COMMANDS: readonly Command[] = [
  record,
  convert,
  serve,
  view,
  print,
  stats,
  diff,
  exportTraces,
  filter,
  merge,
  verify,
  recover,
  dump,
  clean,
];

/**
 * `otel-rerun VERB …`. Exit codes: 0 done, 1 failed, 2 the command line was not understood, 3 done but something was left out.
 * @param args without the program's name
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") {
    const [about] = rest;
    const of = COMMANDS.find(({ name }) => name === about);
    if (about !== undefined && of === undefined) return fail(`there is no ${about}; ${advice(about)}`, 2);
    process.stdout.write(of === undefined ? overview() : helpOf(of));
    return 0;
  }
  if (verb === "--version" || verb === "-v" || verb === "-V") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.find(({ name }) => name === verb);
  if (command === undefined) return fail(`there is no ${verb}; ${advice(verb)}`, 2);
  if (asksForHelp(rest)) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      const usage = `usage: otel-rerun ${command.name} ${command.usage}`;
      return fail(`${error.message}\n${usage}\n       otel-rerun ${command.name} --help says more`, 2);
    }
    if (error instanceof RerunError) return fail(error.message, 1);
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) return fail(`the system said no: ${message}; name another file or folder`, 1);
    throw error;
  }
}

/** What stands behind `--` belongs to another program. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}

function helpOf({ name, usage, help }: Command): string {
  return `otel-rerun ${name} ${usage}\n\n${help}\n`;
}

function overview(): string {
  const verbs = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(9)}${summary}`).join("\n");
  return `otel-rerun ${VERSION}: a flight recorder for Node.js

${verbs}

  otel-rerun record -- node app.js    records a program
  otel-rerun view                     opens what was recorded last
  otel-rerun view --sample            shows what a recording looks like
  otel-rerun VERB --help              options and an example

Exit codes: 0 done, 1 failed, 2 the command line was not understood, 3 done but something was left out.
`;
}

function advice(verb: string): string {
  if (existsSync(verb)) return `to look at the file: otel-rerun view ${verb}, or otel-rerun print ${verb}`;
  const similar = nearest(verb, [...COMMANDS.map(({ name }) => name), "--help", "--version"]);
  const all = "otel-rerun --help lists what there is";
  return similar === undefined ? all : `did you mean otel-rerun ${similar}? ${all}`;
}

function fail(message: string, exitCode: number): number {
  process.stderr.write(`otel-rerun: ${message}\n`);
  return exitCode;
}
