import { toChromeTrace } from "../bridges/export/chrome-trace.ts";
import { toMarkdown } from "../bridges/export/markdown.ts";
import { toOtlp } from "../bridges/export/otlp.ts";
import { RerunError } from "../errors.ts";
import { checkedOptions, optionNames } from "../option-names.ts";
import { openRrd } from "../pipeline/journal/journaled-reader.ts";
import type { RrdInput } from "../rrd/reader/open-rrd.ts";
import { mostNotable, selectTraces, type TraceSelection } from "../telemetry/archive/select-traces.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import type { Trace } from "../telemetry/merge/trace-collector.ts";
import { MAX_PAGE_TRACES, tracePage } from "./trace-page/trace-page.ts";

/**
 * `html`: a page below 300 KB that needs nothing else. `md`: for an issue or a prompt. `otlp`: OTLP JSON. `chrome-trace`: for Perfetto
 * and what reads Chrome's trace events.
 */
export type ExportFormat = "html" | "md" | "otlp" | "chrome-trace";

export interface ExportOptions extends TraceSelection {
  readonly to: ExportFormat;
}

export interface ExportedTraces {
  readonly text: string;
  readonly traces: number;
  /** Traces that were chosen but are not in it: the format takes only so many, those that failed and the slowest first. */
  readonly leftOut: number;
}

interface Format {
  readonly write: (traces: readonly Trace[]) => string;
  readonly maxTraces: number;
}

const NAMES = optionNames<ExportOptions>({ to: true, where: true, trace: true });

/** They are held in memory while they are written. */
const MANY = 10_000;

const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  html: { write: tracePage, maxTraces: MAX_PAGE_TRACES },
  md: { write: toMarkdown, maxTraces: MAX_PAGE_TRACES },
  otlp: { write: toOtlp, maxTraces: MANY },
  "chrome-trace": { write: toChromeTrace, maxTraces: MANY },
};

export const EXPORT_FORMATS = Object.keys(FORMATS) as readonly ExportFormat[];

/**
 * Traces of recordings in a form that others can read.
 *
 *   const { text } = await exportTrace("run.rrd", { to: "html", trace: "0af76519" });
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if no trace is chosen, or the choice cannot be understood; ERR_RERUN_FILE, ERR_RERUN_FORMAT
 * for what cannot be read.
 */
export async function exportTrace(
  input: RrdInput | readonly RrdInput[],
  options: ExportOptions,
): Promise<ExportedTraces> {
  const checked = checkedOptions("exportTrace", options, NAMES);
  const inputs: readonly RrdInput[] = Array.isArray(input) ? input : [input as RrdInput];
  const archive = new TraceArchive(
    await Promise.all(
      inputs.map(async (one) => {
        // opened once: a stream cannot be read twice
        const reader = await openRrd(one);
        return { name: typeof one === "string" ? one : "the recording", open: async () => reader };
      }),
    ),
  );
  return exportFrom(archive, checked);
}

export async function exportFrom(archive: TraceArchive, { to, ...selection }: ExportOptions): Promise<ExportedTraces> {
  const format = Object.hasOwn(FORMATS, to) ? FORMATS[to] : undefined;
  if (format === undefined) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `there is no format ${to}; there are ${EXPORT_FORMATS.join(", ")}`);
  }
  const entries = await selectTraces(archive, selection);
  if (entries.length === 0) {
    const files = archive.inputs.map(({ name }) => name).join(", ");
    const what = selection.where === undefined ? "there is no trace" : `no trace matches ${selection.where}`;
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `${what} in ${files}; otel-rerun print FILE --spans shows what there is`,
    );
  }
  const chosen = mostNotable(entries, format.maxTraces);
  const traces = await archive.traces(chosen.map(({ traceId }) => traceId));
  return { text: format.write(traces), traces: chosen.length, leftOut: entries.length - chosen.length };
}
