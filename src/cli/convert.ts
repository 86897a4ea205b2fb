import { existsSync, statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { type ConvertResult, convertInputs } from "../bridges/convert.ts";
import { RunFile } from "../bridges/output/run-file.ts";
import { TraceFiles } from "../bridges/output/trace-files.ts";
import { type ConvertProblem, placeOf } from "../bridges/problem.ts";
import { bytesText } from "../bytes/byte-size.ts";
import { RerunError } from "../errors.ts";
import { installWriter } from "../writer-entry.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type InputPaths, inputPaths } from "./convert/input-paths.ts";
import { progressOf } from "./convert/progress.ts";
import { counted } from "./counted.ts";
import { assertNotAnInput } from "./not-an-input.ts";
import { writeJson, writeLine } from "./output.ts";
import { REDACTION_OPTIONS, redactAsTold } from "./redaction.ts";
import { printable, terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Something was left out. */
const INCOMPLETE = 3;

const SHOWN_PROBLEMS = 20;

export const convert: Command = {
  name: "convert",
  usage: "[FILE… | FOLDER… | -] -o OUT [--per trace] [--no-redact] [--json]",
  summary: "makes a recording of traces, logs and metrics of other tools",
  help: `Reads OTLP (JSON, JSON lines, protobuf), Jaeger JSON and Zipkin v2 JSON, also packed with gzip or zstd, and tells them apart by their
content. Files may be larger than memory. - or a pipe reads standard input. Traces that are spread over several files are put
together. What cannot be read is left out and listed; the exit code is 3 then.

  -o, --output OUT   the new recording; an existing one is replaced. With --per trace a folder. Default: the name of the file
                     with .rrd
  --per trace        a recording for each trace, called after its id, instead of one of all
  --app NAME         application id of the recording. Default: the service of what comes first
  --no-redact        keeps secrets, which are taken out as recording does it: passwords, tokens, cookies, values of queries
  --redact-keys A,B  further parts of keys whose values are secrets
  --keep-query A,B   keys of queries whose values stay
  --json             the summary for programs

  otel-rerun convert traces.json -o run.rrd
  kubectl logs collector | otel-rerun convert - -o run.rrd
  otel-rerun convert exported/ --per trace -o traces/
  otel-rerun convert traces.json --redact-keys iban,phone -o clean.rrd`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: {
        output: { type: "string", short: "o" },
        per: { type: "string" },
        app: { type: "string" },
        ...REDACTION_OPTIONS,
        json: { type: "boolean" },
      },
    });
    installWriter();
    if (values.per !== undefined && values.per !== "trace")
      throw new UsageError(`--per takes trace, not ${values.per}`);
    const perTrace = values.per === "trace";
    const isPipe = positionals.length === 0 ? process.stdin.isTTY !== true : positionals.includes("-");
    if (positionals.length === 0 && !isPipe) throw new UsageError("convert needs the path of a file, or - for a pipe");
    const inputs = isPipe ? undefined : await inputPaths(positionals);
    const output = resolve(values.output ?? defaultOutput(inputs, perTrace));
    if (!perTrace && existsSync(output) && statSync(output).isDirectory()) {
      throw new UsageError(`${output} is a folder; name a file in it, or add --per trace`);
    }
    assertNotAnInput(values.output ?? output, inputs?.paths ?? ["-"], "one of the files to convert");
    const isRedacted = redactAsTold(values);
    const { result, files } = await converted(inputs, output, perTrace, values.app);
    if (values.json === true) await writeJson({ ...result, isRedacted, output, files });
    else await writeLine(summaryOf(result, output, files).join("\n"));
    return result.skipped > 0 ? INCOMPLETE : 0;
  },
};

function defaultOutput(inputs: InputPaths | undefined, perTrace: boolean): string {
  const [first] = inputs?.paths ?? [];
  if (first === undefined || (inputs?.paths.length ?? 0) > 1) {
    throw new UsageError("convert needs -o, the path of the new recording");
  }
  const stem = basename(first).replace(/(\.(gz|zst|json|jsonl|ndjson|pb|bin|log))+$/i, "");
  return perTrace ? `${stem}_traces` : `${stem}.rrd`;
}

async function converted(
  inputs: InputPaths | undefined,
  output: string,
  perTrace: boolean,
  applicationId: string | undefined,
): Promise<{ readonly result: ConvertResult; readonly files: number }> {
  const sources = inputs?.paths ?? [process.stdin];
  const recordingName =
    inputs?.paths
      .map((path) => basename(path))
      .join(", ")
      .slice(0, 120) ?? "standard input";
  const destination = perTrace ? new TraceFiles(output) : new RunFile({ path: output, applicationId, recordingName });
  const progress = progressOf(inputs?.bytes ?? 0);
  try {
    const result = await convertInputs(sources, destination, {
      onRead: (bytes) => progress.add(bytes),
      drained: () => destination.drained(),
    });
    await destination.finish(result.startTime);
    return { result, files: destination instanceof TraceFiles ? destination.files : 1 };
  } catch (error) {
    await destination.abandon();
    throw named(error, sources.length === 1 ? (inputs?.paths[0] ?? "standard input") : undefined);
  } finally {
    progress.stop();
  }
}

/** What is wrong with the one file there is, with its name. */
function named(error: unknown, source: string | undefined): unknown {
  if (!(error instanceof RerunError) || error.code !== "ERR_RERUN_FORMAT" || source === undefined) return error;
  return new RerunError(error.code, `${source}: ${error.message}`, { cause: error });
}

function summaryOf(result: ConvertResult, output: string, files: number): string[] {
  const { colours } = terminal();
  const facts = [
    counted(result.traces, "trace"),
    `${counted(result.spans, "span")}${result.errors > 0 ? ` (${result.errors} failed)` : ""}`,
    ...(result.events > 0 ? [counted(result.events, "event")] : []),
    ...(result.links > 0 ? [counted(result.links, "link")] : []),
    ...(result.logs > 0 ? [counted(result.logs, "log record")] : []),
    ...(result.metrics > 0
      ? [`${counted(result.metrics, "metric")} (${counted(result.dataPoints, "data point")})`]
      : []),
  ];
  const services = result.services.slice(0, 12).map(printable).join(", ");
  const lines = [`${facts.join(", ")}${services === "" ? "" : `  of ${services}`}`];
  for (const note of result.notes) lines.push(colours.dim(printable(note)));
  if (result.skipped > 0) {
    lines.push(colours.yellow(`left out: ${result.skipped}`));
    const shown = result.problems.slice(0, SHOWN_PROBLEMS);
    for (const problem of shown) lines.push(`  ${problemLine(problem)}`);
    if (result.skipped > shown.length) lines.push(`  … and ${result.skipped - shown.length} more`);
  }
  const size = files === 1 && extname(output) === ".rrd" ? `  ${bytesText(statSync(output).size)}` : "";
  lines.push(`${colours.bold(output)}${files === 1 ? size : `  ${counted(files, "file")}`}`);
  return lines;
}

function problemLine(problem: ConvertProblem): string {
  const { source, reason } = problem;
  const isWhole = problem.line === undefined && problem.offset === 0;
  const where = [source, isWhole ? undefined : placeOf(problem)].filter((part) => part !== undefined).join(", ");
  return printable(where === "" ? reason : `${where}: ${reason}`);
}
