import { RerunError } from "../../errors.ts";
import { type Trace, TraceCollector } from "../merge/trace-collector.ts";
import type { Attributes, Span } from "../model.ts";
import { logsOf, spansOf } from "../span-rows.ts";
import { type ArchiveInput, chunksOf } from "./archive-input.ts";
import { isLogs, isResource, isSpans, serviceOfLogs } from "./entities.ts";
import { resourcesOf, withResource } from "./resources.ts";
import { type TraceEntry, TraceTally } from "./trace-entry.ts";

/**
 * Recordings seen as what they hold of traces.
 *
 *   files ──▶ spans()            one after another, nothing is kept
 *         ──▶ entries(where)     a line a trace                        pass 1: which traces
 *         ──▶ traces(ids)        whole: spans, logs, resources         pass 2: only theirs is kept (I7)
 */
export class TraceArchive {
  readonly inputs: readonly ArchiveInput[];

  constructor(inputs: readonly ArchiveInput[]) {
    this.inputs = inputs;
  }

  /** Every span of every file, in the order of the files. */
  async *spans(): AsyncGenerator<Span, void, undefined> {
    for (const input of this.inputs) for await (const { rows } of chunksOf(input, isSpans)) yield* spansOf(rows);
  }

  /** The traces with a span for which `matches` is true, in order of their start. */
  async entries(matches: (span: Span) => boolean = () => true): Promise<TraceEntry[]> {
    const tallies = new Map<string, TraceTally>();
    const matching = new Set<string>();
    for await (const span of this.spans()) {
      let tally = tallies.get(span.traceId);
      if (tally === undefined) {
        tally = new TraceTally();
        tallies.set(span.traceId, tally);
      }
      tally.add(span);
      if (!matching.has(span.traceId) && matches(span)) matching.add(span.traceId);
    }
    const entries = [...matching].map((traceId) => (tallies.get(traceId) as TraceTally).entry());
    return entries.sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0));
  }

  /** Whole traces, in order of their start. Ids that no file knows are left out. */
  async traces(traceIds: Iterable<string>): Promise<Trace[]> {
    const collector = new TraceCollector(traceIds);
    const resources = new Map<string, Attributes>();
    for (const input of this.inputs) {
      const isWanted = (path: string): boolean => isSpans(path) || isLogs(path) || isResource(path);
      for await (const { rows } of chunksOf(input, isWanted)) {
        if (isResource(rows.entityPath))
          for (const [service, found] of resourcesOf(rows)) resources.set(service, found);
        else if (isSpans(rows.entityPath)) for (const span of spansOf(rows)) collector.addSpan(span);
        else for (const record of logsOf(rows, serviceOfLogs(rows.entityPath))) collector.addLog(record);
      }
    }
    return collector.finish().map(({ traceId, spans, logs }) => ({
      traceId,
      spans: spans.map((span) => withResource(span, resources)),
      logs,
    }));
  }

  /**
   * The full id of the one trace that begins so.
   * @throws RerunError ERR_RERUN_ARGUMENT if there is none, or several.
   */
  async traceId(prefix: string): Promise<string> {
    const wanted = prefix.toLowerCase();
    const found = new Set<string>();
    for await (const { traceId } of this.spans()) if (traceId.startsWith(wanted)) found.add(traceId);
    const [first] = found;
    if (first !== undefined && (found.size === 1 || found.has(wanted))) return found.has(wanted) ? wanted : first;
    const files = this.inputs.map(({ name }) => name).join(", ");
    const what = found.size === 0 ? `no trace ${prefix}` : `${found.size} traces that begin with ${prefix}`;
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `there ${found.size > 1 ? "are" : "is"} ${what} in ${files}; otel-rerun print FILE --spans shows their ids`,
    );
  }
}
