/** How much of a kind is drawn at most. Every cap counts what it leaves out, and the summary says so (I3, I7). */
export const CAPS = {
  /** Lanes of `/requests`. */
  lanes: 24,
  /** Routes with a series in `/latency` and a row in the summary. */
  routes: 50,
  metricSeries: 200,
  metricSeriesOfOne: 20,
  logEntities: 20,
  graphNodes: 50,
  /** Span entities of one request recording. */
  traceSpans: 1000,
  /** Children of one span with the same name; beyond, the first and the slowest are drawn. */
  sameNameChildren: 50,
  sameNameFirst: 20,
  sameNameSlowest: 10,
  /** Recordings of traces a file. */
  notableTraces: 50,
  notableSpans: 1500,
  /** Spans and logs that are kept of a trace until it ends. */
  openSpansOfTrace: 1000,
  openLogsOfTrace: 1000,
  /** The same of a recording of one request, whatever traces it has. */
  openSpansOfRecording: 10_000,
  openTraces: 10_000,
  /** Of all open traces, as they are encoded in records; objects take a few times that. */
  openBytes: 32 << 20,
  /** Exceptions that the summary shows. */
  exceptions: 5,
  attributesOfSpan: 128,
  /** Characters of an attribute's value that are shown beside a span. */
  attributeLength: 4096,
} as const;

export type Cap =
  | "lanes"
  | "routes"
  | "metrics"
  | "logs"
  | "graph"
  | "spans of a trace"
  | "open traces"
  | "notable traces";

/** Counts what the caps left out. */
export class LeftOut {
  readonly #counts = new Map<Cap, number>();

  add(cap: Cap, n = 1): void {
    this.#counts.set(cap, (this.#counts.get(cap) ?? 0) + n);
  }

  /** Like `lanes 12, metrics 3`; empty if nothing was left out. */
  toString(): string {
    return [...this.#counts].map(([cap, n]) => `${cap} ${n}`).join(", ");
  }
}
