import type { LogRecord, Span } from "../telemetry/model.ts";
import { familyOf, type TraceFamily } from "./trace-family.ts";

/** All that is known of a trace, when it is handed on. */
export interface AssembledTrace extends TraceFamily {
  readonly traceId: string;
  readonly logs: readonly LogRecord[];
}

interface OpenTrace {
  readonly spans: Span[];
  readonly logs: LogRecord[];
  bytes: number;
  /** When the last of it came, by the caller's clock. */
  touched: number;
}

/** Bytes of spans and logs that wait, about (I7). A trace of 25 spans takes some 25 KB, so 1500 such may be open. */
const MAX_BYTES = 40 << 20;

/** What a span takes beside its texts. */
const SPAN_BYTES = 600;

/**
 * Puts traces together: files and exporters deliver spans in the order in which they ended, service by service, and what is the root
 * of a part of a trace is known only when its parent was seen or never comes.
 *
 *   span, log ─▶ trace 0af7… ── all was read · idle · too much waits ──▶ onTrace, the one that was idle for longest first
 *
 * What comes after its trace was handed on makes a trace of its own.
 */
export class TraceAssembler {
  readonly #onTrace: (trace: AssembledTrace) => void;
  readonly #maxBytes: number;
  /** In the order in which they were last touched. */
  readonly #traces = new Map<string, OpenTrace>();
  #bytes = 0;

  constructor(onTrace: (trace: AssembledTrace) => void, maxBytes = MAX_BYTES) {
    this.#onTrace = onTrace;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param now of any clock, for `flushIdle`. */
  span(span: Span, now = 0): void {
    const trace = this.#traceOf(span.traceId, now);
    trace.spans.push(span);
    this.#add(trace, sizeOf(span));
  }

  log(record: LogRecord & { readonly traceId: string }, now = 0): void {
    const trace = this.#traceOf(record.traceId, now);
    trace.logs.push(record);
    this.#add(trace, SPAN_BYTES + textOf(record.body).length);
  }

  /** Hands on what has not been touched since. */
  flushIdle(since: number): void {
    for (const [traceId, { touched }] of this.#traces) {
      if (touched > since) return;
      this.#handOn(traceId);
    }
  }

  /** Hands on everything, in order of the starts. */
  flush(): void {
    const starts = [...this.#traces].map(([traceId, { spans }]) => ({ traceId, start: startOf(spans) }));
    starts.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    for (const { traceId } of starts) this.#handOn(traceId);
  }

  #traceOf(traceId: string, now: number): OpenTrace {
    const trace = this.#traces.get(traceId) ?? { spans: [], logs: [], bytes: 0, touched: now };
    trace.touched = now;
    this.#traces.delete(traceId);
    this.#traces.set(traceId, trace);
    return trace;
  }

  #add(trace: OpenTrace, bytes: number): void {
    trace.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes) {
      const [oldest] = this.#traces.keys();
      if (oldest === undefined) return;
      this.#handOn(oldest);
    }
  }

  #handOn(traceId: string): void {
    const trace = this.#traces.get(traceId);
    if (trace === undefined) return;
    this.#traces.delete(traceId);
    this.#bytes -= trace.bytes;
    this.#onTrace({ traceId, logs: trace.logs, ...familyOf(trace.spans) });
  }
}

function startOf(spans: readonly Span[]): bigint {
  let start: bigint | undefined;
  for (const { startTime } of spans) {
    if (startTime !== 0n && (start === undefined || startTime < start)) start = startTime;
  }
  return start ?? 0n;
}

/** Near enough for a limit, and cheap: texts are what varies. */
function sizeOf({ name, attributes, events, links }: Span): number {
  let bytes = SPAN_BYTES + name.length;
  for (const key in attributes) bytes += 40 + key.length + textOf(attributes[key]).length;
  for (const event of events) {
    bytes += 200;
    for (const key in event.attributes) bytes += 40 + key.length + textOf(event.attributes[key]).length;
  }
  return bytes + links.length * 200;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
