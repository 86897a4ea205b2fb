import type { LogRecord, Span } from "../model.ts";

/** All that is known of one trace. */
export interface Trace {
  readonly traceId: string;
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

interface OpenTrace {
  readonly spans: Map<string, Span>;
  readonly logs: LogRecord[];
}

/**
 * Spans and logs of the traces that were asked for, from any process; everything else passes by, so memory is bounded by the
 * notable traces.
 */
export class TraceCollector {
  readonly #traces: Map<string, OpenTrace>;

  constructor(traceIds: Iterable<string>) {
    this.#traces = new Map([...traceIds].map((id) => [id, { spans: new Map(), logs: [] }]));
  }

  addSpan(span: Span): void {
    this.#traces.get(span.traceId)?.spans.set(span.spanId, span);
  }

  addLog(record: LogRecord): void {
    if (record.traceId !== undefined) this.#traces.get(record.traceId)?.logs.push(record);
  }

  /** Traces of which there are spans, in order of their start. */
  finish(): Trace[] {
    return [...this.#traces]
      .filter(([, { spans }]) => spans.size > 0)
      .map(([traceId, { spans, logs }]) => ({
        traceId,
        spans: [...spans.values()].map((span) => withRemoteParent(span, spans)).sort(byStart),
        logs: logs.sort((a, b) => compare(a.time, b.time)),
      }))
      .sort((a, b) => compare(a.spans[0]!.startTime, b.spans[0]!.startTime));
  }
}

/** The table does not say whether a parent lived elsewhere, but its row does: it names another service, or is missing. */
function withRemoteParent(span: Span, spans: ReadonlyMap<string, Span>): Span {
  if (span.parentSpanId === undefined) return span;
  const parent = spans.get(span.parentSpanId);
  const isRemote = parent === undefined || serviceOf(parent) !== serviceOf(span);
  return isRemote ? { ...span, parentIsRemote: true } : span;
}

function serviceOf({ resource }: Span): unknown {
  return resource.attributes["service.name"];
}

function byStart(a: Span, b: Span): number {
  return compare(a.startTime, b.startTime);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
