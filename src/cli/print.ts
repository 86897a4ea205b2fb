import { openRrd, type RrdChunk, type RrdReader, type StoreId } from "../reader.ts";
import { selectTraces } from "../telemetry/archive/select-traces.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { archiveInputs, inputOf, oneFile } from "./input.ts";
import { jsonOf, writeLine } from "./output.ts";
import { chunkJson, chunkLine, rowLine, rowsOf } from "./print/chunk-lines.ts";
import { spanTree } from "./print/span-tree.ts";
import { printable, terminal } from "./terminal.ts";
import { assertExpression, SELECTION_HELP, SELECTION_OPTIONS } from "./trace-selection.ts";
import { UsageError } from "./usage-error.ts";

/** Traces that are held at once while they are drawn. */
const BATCH = 50;

export const print: Command = {
  name: "print",
  usage: "FILE [--spans | --rows] [--where EXPR] [--entity PATH] [--blueprints] [--limit N] [--json]",
  summary: "shows what is in a recording: traces as trees, rows, chunks",
  help: `Without an option a line a chunk: entity, rows, timelines, components.

  --spans        traces as trees, with durations and errors
  --rows         a line a row, with its values
  --entity PATH  only this entity and what is below it
  --blueprints   layouts of the viewer too, after what was recorded; of a file that holds nothing else always
  --limit N      at most N traces, rows or chunks
  --json         a JSON object a line; 64-bit integers are text, bytes are hex
${SELECTION_HELP}

  otel-rerun print run.rrd --spans --where 'status = error and duration > 100ms'
  otel-rerun print run.rrd --rows --entity /logs --json | jq .values`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: {
        ...SELECTION_OPTIONS,
        spans: { type: "boolean" },
        rows: { type: "boolean" },
        entity: { type: "string" },
        blueprints: { type: "boolean" },
        limit: { type: "string" },
        json: { type: "boolean" },
      },
    });
    const file = oneFile("print", positionals);
    const limit = limitOf(values.limit);
    const isOfTraces = values.spans === true || values.where !== undefined || values.trace !== undefined;
    if (isOfTraces && (values.rows === true || values.entity !== undefined || values.blueprints === true)) {
      throw new UsageError(
        "--where, --trace and --spans choose traces, --rows, --entity and --blueprints rows: use one or the other",
      );
    }
    assertExpression(values.where);
    if (isOfTraces) await printSpans(file, values, limit);
    else await printChunks(file, { ...values, limit });
    return 0;
  },
};

async function printSpans(
  file: string,
  options: { readonly where?: string; readonly trace?: string; readonly json?: boolean },
  limit: number,
): Promise<void> {
  const archive = new TraceArchive(await archiveInputs([file]));
  const entries = await selectTraces(archive, options);
  const shown = entries.slice(0, limit);
  const screen = terminal();
  for (let from = 0; from < shown.length; from += BATCH) {
    const batch = shown.slice(from, from + BATCH).map(({ traceId }) => traceId);
    for (const trace of await archive.traces(batch)) {
      if (options.json === true) await writeLine(jsonOf(trace));
      else await writeLine(`${spanTree(trace, screen).join("\n")}\n`);
    }
  }
  if (options.json === true) return;
  const more = entries.length > shown.length ? ` of ${entries.length}; --limit shows more` : "";
  await writeLine(screen.colours.dim(`${counted(shown.length, "trace")}${more}`));
}

interface ChunkOptions {
  readonly rows?: boolean;
  readonly entity?: string;
  readonly blueprints?: boolean;
  readonly json?: boolean;
  readonly limit: number;
}

async function printChunks(file: string, options: ChunkOptions): Promise<void> {
  const whole = terminal();
  const screen = { ...whole, width: whole.width - 2 };
  const { input } = await inputOf(file);
  const reader = await openRrd(input);
  const { entity } = options;
  const below = entity === undefined ? "" : `/${entity.replace(/^\/|\/$/g, "")}`;
  const isWanted = (path: string): boolean => below === "" || path === below || path.startsWith(`${below}/`);
  let left = options.limit;
  let shown: StoreId | undefined;
  for await (const chunk of chunksOf(reader, isWanted, options.blueprints === true)) {
    if (left <= 0) return;
    const { recording } = chunk;
    if (recording !== shown && options.json !== true) {
      const name = printable(`${recording.applicationId} · ${recording.recordingId}`);
      await writeLine(`${screen.colours.bold(name)}${recording.kind === "blueprint" ? " (blueprint)" : ""}`);
    }
    shown = recording;
    if (options.rows !== true) {
      left--;
      await writeLine(options.json === true ? jsonOf(chunkJson(chunk)) : `  ${chunkLine(chunk, screen)}`);
      continue;
    }
    let row = 0;
    for (const values of rowsOf(chunk)) {
      if (left-- <= 0) return;
      await writeLine(options.json === true ? jsonOf(values) : `  ${rowLine(chunk, row++, screen)}`);
    }
  }
  if (shown === undefined) {
    const what =
      below === ""
        ? "there are no rows in it"
        : `there are no rows of ${below}; otel-rerun print ${file} lists all entities`;
    process.stderr.write(`otel-rerun: ${what}\n`);
  }
  if (reader.truncatedAt !== undefined && options.json !== true) {
    await writeLine(screen.colours.yellow(`the file is cut at byte ${reader.truncatedAt}; all before that is above`));
  }
}

/** What was recorded first: layouts, which most files begin with, are many chunks that few ask for. */
async function* chunksOf(
  reader: RrdReader,
  entityPath: (path: string) => boolean,
  withBlueprints: boolean,
): AsyncGenerator<RrdChunk> {
  const isRecorded = reader.recordings().some(({ kind }) => kind === "recording");
  if (isRecorded) yield* reader.chunks({ kind: "recording", entityPath });
  if (withBlueprints || !isRecorded) yield* reader.chunks({ kind: "blueprint", entityPath });
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new UsageError(`--limit takes a number from 1 on, not ${text}`);
}
