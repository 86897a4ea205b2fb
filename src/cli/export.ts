import { writeFile } from "node:fs/promises";
import { bytesText } from "../bytes/byte-size.ts";
import { EXPORT_FORMATS, type ExportFormat, exportFrom } from "../page/export-trace.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { archiveInputs } from "./input.ts";
import { assertNotAnInput } from "./not-an-input.ts";
import { cannotWrite, write, writeJson, writeLine } from "./output.ts";
import { terminal } from "./terminal.ts";
import { assertExpression, SELECTION_HELP, SELECTION_OPTIONS } from "./trace-selection.ts";
import { UsageError } from "./usage-error.ts";

/** Exit code: done, but something was left out. */
const LEFT_OUT = 3;

export const exportTraces: Command = {
  name: "export",
  usage: "FILE… --to html|md|otlp|chrome-trace [--trace ID | --where EXPR] [-o OUT] [--json]",
  summary: "turns traces into a page, Markdown, OTLP JSON or a Perfetto trace",
  help: `  --to html          one page below 300 KB with waterfall, attributes, logs and stacks; opens anywhere, without network
  --to md            for an issue or a prompt
  --to otlp          OTLP JSON of the spans, for any OpenTelemetry backend: POST it to /v1/traces
  --to chrome-trace  for ui.perfetto.dev, chrome://tracing, speedscope
  -o, --output OUT   default: standard output
  --json             says what was written, for programs; needs -o
${SELECTION_HELP}
Of a page and of Markdown the traces have to be chosen; the others take all where nothing is said.

Exit code 3: more traces match than the format takes; those that failed and the slowest are in it.

  otel-rerun export run.rrd --trace 0af76519 --to html -o slow-request.html`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, {
      options: {
        ...SELECTION_OPTIONS,
        to: { type: "string" },
        output: { type: "string", short: "o" },
        json: { type: "boolean" },
      },
    });
    const { where, trace, output, to = "" } = values;
    if (files.length === 0) throw new UsageError("export needs the path of a recording, or - for a pipe");
    if (!EXPORT_FORMATS.includes(to as ExportFormat)) {
      throw new UsageError(`export needs --to ${EXPORT_FORMATS.join(", ")}`);
    }
    assertExpression(where);
    const isForPeople = to === "html" || to === "md";
    if (isForPeople && where === undefined && trace === undefined) {
      throw new UsageError("export needs --trace or --where; otel-rerun print FILE --spans shows what there is");
    }
    if (output === undefined && values.json === true) throw new UsageError("--json needs -o, the file to write");
    if (output === undefined && to !== "md" && terminal().isInteractive) {
      throw new UsageError(`a ${to} on the terminal is of no use: give -o, or send it through a pipe`);
    }
    if (output !== undefined) assertNotAnInput(output, files, "one of the files to export");
    const archive = new TraceArchive(await archiveInputs(files));
    const { text, traces, leftOut } = await exportFrom(archive, { to: to as ExportFormat, where, trace });
    if (output === undefined) await write(text);
    else await writeOutput(output, text);
    const bytes = Buffer.byteLength(text);
    if (values.json === true) await writeJson({ output, traces, leftOut, bytes });
    else if (output !== undefined) await writeLine(`${output}: ${counted(traces, "trace")}, ${bytesText(bytes)}`);
    if (leftOut > 0) {
      process.stderr.write(`otel-rerun: ${counted(leftOut, "further trace")} left out: ${to} takes ${traces}\n`);
    }
    return leftOut > 0 ? LEFT_OUT : 0;
  },
};

async function writeOutput(path: string, text: string): Promise<void> {
  try {
    // like a recording: what was recorded is the owner's to show
    await writeFile(path, text, { mode: 0o600 });
  } catch (cause) {
    cannotWrite(path, cause);
  }
}
