import type { RrdProblem } from "../reader.ts";
import { type Verification, verify as verifyFile } from "../rrd/reader/verify.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { inputOf } from "./input.ts";
import { writeJson, writeLine } from "./output.ts";
import { type Colours, terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export const verify: Command = {
  name: "verify",
  usage: "FILE… [--json]",
  summary: "checks every byte of recordings and names the first fault",
  help: `Reads each file from end to end, decodes every chunk and compares the index in the footer with what is there. Exit code 0: all
files are whole. 1: there is a fault; its offset is printed. A file without a footer, as a killed process leaves it, is whole if
its last message is; otel-rerun recover adds the footer.

  --json   all faults of all files

  otel-rerun verify recordings/*.rrd`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, { options: { json: { type: "boolean" } } });
    if (files.length === 0) throw new UsageError("verify needs the path of a recording, or - for a pipe");
    const { colours } = terminal();
    const results: (Verification & { readonly file: string })[] = [];
    for (const file of files) {
      const { name, input } = await inputOf(file);
      const result = { file: name, ...(await verifyFile(input)) };
      results.push(result);
      if (values.json !== true) await writeLine(verdict(name, result, colours));
    }
    if (values.json === true) await writeJson(results);
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
  },
};

function verdict(name: string, { problems, chunks, rows, indexed }: Verification, colours: Colours): string {
  const [first] = problems;
  if (first === undefined) {
    const footer = indexed === undefined ? "no footer (otel-rerun recover adds one)" : "footer fits";
    return `${colours.green("✔")} ${name}  ${counted(chunks, "chunk")}, ${counted(rows, "row")}, ${footer}`;
  }
  const more = problems.length > 1 ? `, and ${counted(problems.length - 1, "further fault")}` : "";
  return `${colours.red("✖")} ${name}  byte ${first.offset}: ${problemText(first)}${more}; try otel-rerun recover`;
}

/** What is wrong; messages of ours repeat the offset, which is said already. */
export function problemText({ message }: RrdProblem): string {
  return message.replace(/^the message at byte \d+ is damaged: (this cannot be read: )?/, "a damaged message: ");
}
