import type { LogRecord, Span, SpanStart } from "../model.ts";
import { CAPS, type LeftOut } from "./caps.ts";
import type { TraceContent } from "./request-layout.ts";
import { isEntryKind, isLocalRoot, unfinishedSpan } from "./span-facts.ts";

/** What is known of a trace when its last local root has ended. */
export interface EndedTrace extends TraceContent {
  readonly traceId: string;
  /** Local roots, in the order in which they ended. Empty: none was ever seen. */
  readonly roots: readonly Span[];
}

interface OpenTrace {
  readonly traceId: string;
  readonly spans: Map<string, Span>;
  readonly started: Map<string, { readonly span: SpanStart; readonly isRoot: boolean }>;
  readonly logs: LogRecord[];
  readonly roots: Span[];
  openRoots: number;
  bytes: number;
  idleScans: number;
}

const SCAN_NANOS = 10_000_000_000n;

/** Traces without an open root are forgotten after as many scans: what belongs to a trace that was decided, and comes late. */
const MAX_IDLE_SCANS = 6;

/**
 * Keeps the spans and logs of each trace until its last local root has ended: only then is known whether it is worth a recording.
 *
 *   span ─▶ trace 0af7… [ started · ended · logs ] ── last root ends ─▶ EndedTrace
 *                │ oldest, when there are too many or they are too big (I7)
 *                └──▶ onForget; its spans are in the table all the same
 */
export class TraceBuffer {
  readonly #leftOut: LeftOut;
  readonly #onForget: (openRoots: readonly SpanStart[]) => void;
  readonly #traces = new Map<string, OpenTrace>();
  /** One for all times: a new one walks over all that was deleted at the front (1.0 s CPU for 100,000 traces instead of 0.1). */
  #oldest = this.#traces.values();
  #bytes = 0;
  #nextScan = 0n;

  /** @param onForget told of the local roots that are no longer waited for. */
  constructor(leftOut: LeftOut, onForget: (openRoots: readonly SpanStart[]) => void) {
    this.#leftOut = leftOut;
    this.#onForget = onForget;
  }

  has(traceId: string): boolean {
    return this.#traces.has(traceId);
  }

  /** Whether the span is a local root. `bytes` as for `end`. */
  start(span: SpanStart, bytes: number): boolean {
    const trace = this.#traceOf(span.traceId);
    const isRoot = isRootOf(trace, span);
    if (trace.started.size < CAPS.openSpansOfTrace) {
      trace.started.set(span.spanId, { span, isRoot });
      if (isRoot) trace.openRoots++;
      this.#add(trace, bytes);
    }
    return isRoot;
  }

  /**
   * @param spans a span that has ended, then the children that its segments became.
   * @param bytes that they take, about.
   * @returns whether the span is a local root, and the trace when it was its last one.
   */
  end(spans: readonly [Span, ...Span[]], bytes: number): { isRoot: boolean; ended?: EndedTrace } {
    const [span] = spans;
    const trace = this.#traceOf(span.traceId);
    const started = trace.started.get(span.spanId);
    const isRoot = started?.isRoot ?? isRootOf(trace, span);
    if (started !== undefined) {
      trace.started.delete(span.spanId);
      if (isRoot) trace.openRoots--;
    }
    const keepsRoot = isRoot && trace.roots.length < CAPS.openSpansOfTrace;
    if (keepsRoot) trace.roots.push(span);
    for (const one of spans) {
      if (trace.spans.size < CAPS.openSpansOfTrace || (keepsRoot && one === span)) trace.spans.set(one.spanId, one);
      else this.#leftOut.add("spans of a trace");
    }
    if (keepsRoot || trace.spans.size < CAPS.openSpansOfTrace) this.#add(trace, bytes);
    if (!isRoot || trace.openRoots > 0) return { isRoot };
    this.#remove(trace);
    return { isRoot, ended: endedTrace(trace) };
  }

  /** A log record of a trace. */
  log(record: LogRecord, traceId: string, bytes: number): void {
    const trace = this.#traceOf(traceId);
    if (trace.logs.length >= CAPS.openLogsOfTrace) return;
    trace.logs.push(record);
    this.#add(trace, bytes);
  }

  /** Forgets what nothing is waited for. @param now nanoseconds since the Unix epoch. */
  tick(now: bigint): void {
    if (now < this.#nextScan) return;
    this.#nextScan = now + SCAN_NANOS;
    for (const trace of this.#traces.values()) {
      if (trace.openRoots === 0 && trace.idleScans++ >= MAX_IDLE_SCANS) this.#remove(trace);
    }
  }

  /** Everything that is still open, with the spans that have not ended; the buffer is empty afterwards. */
  takeAll(lastTime: bigint): EndedTrace[] {
    const traces = [...this.#traces.values()].map((trace) => {
      const unfinished = [...trace.started.values()].map(({ span }) => unfinishedSpan(span, lastTime));
      return endedTrace(trace, unfinished);
    });
    this.#traces.clear();
    this.#bytes = 0;
    return traces;
  }

  #traceOf(traceId: string): OpenTrace {
    let trace = this.#traces.get(traceId);
    if (trace === undefined) {
      if (this.#traces.size >= CAPS.openTraces) this.#forgetOldest();
      trace = {
        traceId,
        spans: new Map(),
        started: new Map(),
        logs: [],
        roots: [],
        openRoots: 0,
        bytes: 0,
        idleScans: 0,
      };
      this.#traces.set(traceId, trace);
    }
    trace.idleScans = 0;
    return trace;
  }

  #add(trace: OpenTrace, bytes: number): void {
    trace.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > CAPS.openBytes && this.#traces.size > 1) this.#forgetOldest();
  }

  #forgetOldest(): void {
    let next = this.#oldest.next();
    if (next.done) {
      this.#oldest = this.#traces.values();
      next = this.#oldest.next();
    }
    const oldest = next.value;
    if (oldest === undefined) return;
    this.#remove(oldest);
    this.#leftOut.add("open traces");
    this.#onForget([...oldest.started.values()].filter(({ isRoot }) => isRoot).map(({ span }) => span));
  }

  #remove(trace: OpenTrace): void {
    // it may be the oldest one, which has just been forgotten
    if (this.#traces.delete(trace.traceId)) this.#bytes -= trace.bytes;
  }
}

/** Also an entry span whose parent is unknown here, since SDK 1.x does not say that a parent is remote. */
function isRootOf({ spans, started }: OpenTrace, span: SpanStart): boolean {
  if (isLocalRoot(span)) return true;
  const parent = span.parentSpanId as string;
  return isEntryKind(span) && !spans.has(parent) && !started.has(parent);
}

function endedTrace({ traceId, spans, logs, roots }: OpenTrace, unfinished: readonly Span[] = []): EndedTrace {
  return { traceId, roots, logs, spans: [...spans.values(), ...unfinished] };
}
