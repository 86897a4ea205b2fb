import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { bytesText } from "../bytes/byte-size.ts";
import { RerunError } from "../errors.ts";
import { type LogMessage, type RrdProblem, recover as recoverMessages } from "../reader.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { inputOf, oneFile } from "./input.ts";
import { assertNotAnInput } from "./not-an-input.ts";
import { cannotWrite, writeJson, writeLine } from "./output.ts";
import { UsageError } from "./usage-error.ts";
import { problemText } from "./verify.ts";

export const recover: Command = {
  name: "recover",
  usage: "FILE [-o OUT] [--json]",
  summary: "makes a whole file, with footer, of one that is damaged or cut",
  help: `Takes every message that can be read, leaves out what cannot, and says what was lost. The file itself is not changed.

  -o, --output OUT   default: FILE with .recovered.rrd at its end; an existing one is replaced
  --json             what was kept and lost, for programs

  otel-rerun recover killed.rrd -o whole.rrd`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: { output: { type: "string", short: "o" }, json: { type: "boolean" } },
    });
    const file = oneFile("recover", positionals);
    if (file === "-" && values.output === undefined) throw new UsageError("recover from a pipe needs -o, the new file");
    const output = values.output ?? `${file.replace(/\.rrd$/i, "")}.recovered.rrd`;
    assertNotAnInput(output, [file], "the damaged file itself");
    const { name, input } = await inputOf(file);
    const { messages, problems } = await recoverMessages(input);
    const chunks = messages.filter(({ kind }) => kind === "arrow").length;
    if (chunks === 0) {
      const [first] = problems;
      const why = first === undefined ? "it holds no data" : `byte ${first.offset}: ${problemText(first)}`;
      throw new RerunError("ERR_RERUN_FORMAT", `nothing of ${name} can be recovered, and nothing was written; ${why}`);
    }
    writeRecording(output, messages);
    const losses = problems.filter(({ kind }) => kind !== "index");
    const lostBytes = losses.reduce((sum, { length }) => sum + length, 0);
    if (values.json === true) {
      await writeJson({ file: name, output, messages: messages.length, chunks, lostBytes, problems });
      return 0;
    }
    for (const problem of problems) {
      await writeLine(problem.kind === "index" ? indexText(problem) : `lost: ${lossText(problem)}`);
    }
    const loss = losses.length === 0 ? "nothing was lost" : `${bytesText(lostBytes)} were lost`;
    await writeLine(`${output}: ${counted(chunks, "chunk")}, ${bytesText(statSync(output).size)}; ${loss}`);
    return 0;
  },
};

function lossText(problem: RrdProblem): string {
  const { offset, length } = problem;
  return `${length === 0 ? "nothing" : bytesText(length)} at byte ${offset}: ${problemText(problem)}`;
}

/** It only names what is there: it is made anew of the chunks. */
function indexText({ offset, message }: RrdProblem): string {
  return `no rows lost at byte ${offset}: ${message}; the index is made anew`;
}

/** The new file gets its name when it is complete. */
function writeRecording(path: string, messages: readonly LogMessage[]): void {
  const partial = `${path}.part`;
  try {
    const fd = openSync(partial, "w", 0o600);
    try {
      const write = (bytes: Uint8Array): void => {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      };
      const writer = new RrdFileWriter(write, { writeFooter: true });
      for (const message of messages) writer.write(message);
      writer.finish();
    } finally {
      closeSync(fd);
    }
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    if (cause instanceof RerunError) throw cause;
    cannotWrite(path, cause);
  }
}
