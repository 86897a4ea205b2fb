import { RerunError } from "../errors.ts";
import { askForDump, doorOf } from "../sinks/black-box-door.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { writeJson, writeLine } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** A dump of 64 MiB on a slow disk. */
const TIMEOUT_MILLIS = 30_000;

export const dump: Command = {
  name: "dump",
  usage: "PID [--json]",
  summary: "has a process with a black box write its last minute to a file",
  help: `Asks a process that keeps its last minute in memory (OTEL_RERUN_MODE=blackbox, or rr.blackBox in its code) to write it to a file, also
while its event loop is blocked. Works on Windows too, where there are no signals for it. The process has to be one of the same
user, with the same temporary directory.

  PID      its process id
  --json   the files, for programs

  otel-rerun dump 4711`,

  async run(args) {
    const { values, positionals } = parseArguments(args, { options: { json: { type: "boolean" } } });
    const [pid = "", ...others] = positionals;
    if (others.length > 0 || !/^[1-9]\d*$/.test(pid)) throw new UsageError("dump takes the process id of one process");
    const { files, error } = await askForDump(Number(pid), TIMEOUT_MILLIS).catch((cause: NodeJS.ErrnoException) => {
      throw new RerunError("ERR_RERUN_SINK", `process ${pid} cannot be asked: ${advice(cause, Number(pid))}`, {
        cause,
      });
    });
    if (values.json === true) await writeJson({ files, ...(error !== undefined && { error }) });
    else for (const file of files) await writeLine(file);
    if (error !== undefined) throw new RerunError("ERR_RERUN_FILE", `the dump could not be written: ${error}`);
    return 0;
  },
};

function advice({ code, message }: NodeJS.ErrnoException, pid: number): string {
  if (code !== "ENOENT" && code !== "ECONNREFUSED") return message;
  return `no black box answers at ${doorOf(pid)}; start it with OTEL_RERUN_MODE=blackbox node --import otel-rerun/register …`;
}
