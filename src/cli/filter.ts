import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { mostNotable, selectTraces } from "../telemetry/archive/select-traces.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import { cutTraces } from "../telemetry/cut.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { archiveInputs } from "./input.ts";
import { assertNotAnInput } from "./not-an-input.ts";
import { writeJson, writeLine } from "./output.ts";
import { assertExpression, SELECTION_HELP, SELECTION_OPTIONS } from "./trace-selection.ts";
import { UsageError } from "./usage-error.ts";

/** More recordings in one file make viewers slow (trace-view §3.7). */
const DEFAULT_WATERFALLS = 50;

export const filter: Command = {
  name: "filter",
  usage: "FILE… --where EXPR -o OUT [--waterfalls N] [--json]",
  summary: "cuts matching traces out into a new recording, with their waterfalls",
  help: `The new file holds the matching traces whole: spans, logs, latency, summary, and a waterfall each for those that failed and the
slowest. Metrics belong to no trace and stay behind. No match is no error: exit code 0, and no file is made.

  -o, --output OUT   the new file; an existing one is replaced
  --waterfalls N     how many traces get a waterfall; default ${DEFAULT_WATERFALLS}
  --json             what was found, for programs
${SELECTION_HELP}

  otel-rerun filter run.rrd --where 'service = "shop" and duration > 1s' -o slow.rrd`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, {
      options: {
        ...SELECTION_OPTIONS,
        output: { type: "string", short: "o" },
        waterfalls: { type: "string" },
        json: { type: "boolean" },
      },
    });
    const { where, trace, output } = values;
    if (files.length === 0) throw new UsageError("filter needs the path of a recording, or - for a pipe");
    if (where === undefined && trace === undefined) throw new UsageError("filter needs --where or --trace");
    assertExpression(where);
    if (output === undefined) throw new UsageError("filter needs -o, the path of the new file");
    assertNotAnInput(output, files, "one of the files");
    const waterfalls = waterfallsOf(values.waterfalls);
    const archive = new TraceArchive(await archiveInputs(files));
    const entries = await selectTraces(archive, values);
    const drawn = mostNotable(entries, waterfalls);
    const spans = entries.reduce((sum, entry) => sum + entry.spans, 0);
    if (entries.length > 0) {
      await mkdir(dirname(resolve(output)), { recursive: true });
      await cutTraces(archive, new Set(entries.map(({ traceId }) => traceId)), output, {
        name: where ?? `trace ${trace}`,
        drawn: drawn.map(({ traceId }) => traceId),
        remarks: [`cut out of ${archive.inputs.map(({ name }) => name).join(", ")}`],
      });
    }
    if (values.json === true) {
      await writeJson({
        output: entries.length > 0 ? output : null,
        traces: entries.length,
        spans,
        drawn: drawn.length,
      });
    } else if (entries.length === 0) {
      await writeLine("no trace matches; nothing was written");
    } else {
      await writeLine(
        `${output}: ${counted(entries.length, "trace")}, ${counted(spans, "span")}, ${counted(drawn.length, "waterfall")}`,
      );
    }
    return 0;
  },
};

function waterfallsOf(text = String(DEFAULT_WATERFALLS)): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new UsageError(`--waterfalls takes a number from 0 on, not ${text}`);
}
