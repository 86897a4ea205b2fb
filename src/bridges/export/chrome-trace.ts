import { treeOf } from "../../telemetry/archive/trace-tree.ts";
import { hasFailed, kindName, scopeName, serviceOf, statusName } from "../../telemetry/layout/span-facts.ts";
import { toJson } from "../../telemetry/layout/span-json.ts";
import type { Trace } from "../../telemetry/merge/trace-collector.ts";
import type { Span } from "../../telemetry/model.ts";

/**
 * Traces in Chrome's trace event format, for ui.perfetto.dev, chrome://tracing and speedscope: a process a service, complete events
 * ("X") on as many threads as it takes that no two overlap unless one lies inside the other.
 *
 *   thread 1  [ GET /cart                          ]
 *               [ read cart ]     [ render ]
 *   thread 2          [ SELECT, at the same time as what is above ]
 *
 * Times are microseconds from the first span on: a double has no room for nanoseconds of today.
 */
export function toChromeTrace(traces: readonly Trace[]): string {
  const spans = traces.flatMap((trace) => treeOf(trace.spans).map(({ span }) => span));
  const origin = spans.reduce<bigint | undefined>(
    (first, { startTime }) => (first === undefined || startTime < first ? startTime : first),
    undefined,
  );
  const processes = new Map<string, { readonly pid: number; readonly threads: Thread[] }>();
  const events: unknown[] = [];
  for (const span of byStart(spans)) {
    const service = serviceOf(span);
    let process = processes.get(service);
    if (process === undefined) {
      process = { pid: processes.size + 1, threads: [] };
      processes.set(service, process);
      events.push({ ph: "M", name: "process_name", pid: process.pid, args: { name: service } });
    }
    const { pid, threads } = process;
    let tid = threads.findIndex((thread) => fits(thread, span)) + 1;
    if (tid === 0) tid = threads.push([]);
    (threads[tid - 1] as Thread).push(span);
    events.push(eventOf(span, pid, tid, origin ?? 0n));
    for (const { name, time, attributes } of span.events) {
      events.push({
        ph: "i",
        s: "t",
        name,
        cat: "event",
        ts: micros(time - (origin ?? 0n)),
        pid,
        tid,
        args: attributes,
      });
    }
  }
  return `${toJson({ displayTimeUnit: "ms", otherData: { startTimeUnixNano: String(origin ?? 0n) }, traceEvents: events })}\n`;
}

/** Spans that are open at the latest start, outermost first. */
type Thread = Span[];

/** Whether the span lies inside of what is open on the thread; what has ended is taken off it. */
function fits(thread: Thread, { startTime, endTime }: Span): boolean {
  const open = thread.filter((span) => span.endTime > startTime);
  if (open.length > 0 && (open.at(-1) as Span).endTime < endTime) return false;
  thread.splice(0, thread.length, ...open);
  return true;
}

/** Of two that start together the longer one is outside. */
function byStart(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) =>
    a.startTime !== b.startTime
      ? a.startTime < b.startTime
        ? -1
        : 1
      : a.endTime > b.endTime
        ? -1
        : a.endTime < b.endTime
          ? 1
          : 0,
  );
}

function eventOf(span: Span, pid: number, tid: number, origin: bigint): unknown {
  return {
    ph: "X",
    name: span.name,
    cat: hasFailed(span) ? `${kindName(span.kind)},error` : kindName(span.kind),
    ts: micros(span.startTime - origin),
    dur: micros(span.endTime - span.startTime),
    pid,
    tid,
    ...(hasFailed(span) && { cname: "terrible" }),
    args: {
      status: statusName(span),
      ...(span.status.message && { message: span.status.message }),
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      scope: scopeName(span.scope),
      attributes: span.attributes,
    },
  };
}

function micros(nanos: bigint): number {
  return Number(nanos) / 1e3;
}
