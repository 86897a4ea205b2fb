import { requestBlueprint } from "../../blueprint/dashboards.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import type { LogRecord, Span } from "../model.ts";
import { CAPS, type LeftOut } from "./caps.ts";
import { RequestLayout, type TraceContent } from "./request-layout.ts";
import type { Routes } from "./routes.ts";
import type { RunSummary } from "./run-summary.ts";
import { sendDashboard } from "./send-dashboard.ts";
import { hasFailed } from "./span-facts.ts";
import type { EndedTrace } from "./trace-buffer.ts";

const ERRORS_OF_ROUTE = 3;

/**
 * The first request of a route is its slowest so far, so an application with many routes would fill all places before its first
 * error. What is slow and nothing else leaves this part of them free.
 */
const FOR_ERRORS = 0.4;

/** What was seen of a route so far. */
interface RouteRecord {
  errors: number;
  /** Nanoseconds. */
  slowest: bigint;
  /** The tick in which it began. */
  since: bigint;
}

interface WrittenTrace {
  readonly layout: RequestLayout;
  /** Where its rows go while it is open. */
  store: StoreHandle | undefined;
  readonly lateSpans: Span[];
  readonly lateLogs: LogRecord[];
  /** The tick in which it was written. */
  since: bigint;
}

/**
 * Traces that get a recording of their own, in the same file: the first errors of each route, and each that is slower than all before.
 * They are written as soon as they are known, because a server does not end and a kill must not take them.
 *
 *   trace ─▶ notable? ─▶ store `<app> requests`/<trace id> ─▶ the process to the front again, so that the file opens on its dashboard
 *
 * Spans of a written trace that come later are added to its recording at the next tick. Where only the last minute is kept, what was notable
 * before it is forgotten, and its place is free again.
 */
export class NotableTraces {
  readonly #host: ExpanderHost;
  readonly #process: StoreHandle;
  readonly #routes: Routes;
  readonly #summary: RunSummary;
  readonly #leftOut: LeftOut;
  readonly #maxTraces: number;
  readonly #records = new Map<string, RouteRecord>();
  readonly #written = new Map<string, WrittenTrace>();
  readonly #late = new Set<WrittenTrace>();
  #entities = 0;
  /** Of the last tick, nanoseconds since the Unix epoch. */
  #now = 0n;

  constructor(
    host: ExpanderHost,
    process: StoreHandle,
    parts: { readonly routes: Routes; readonly summary: RunSummary; readonly leftOut: LeftOut },
    maxTraces: number = CAPS.notableTraces,
  ) {
    this.#host = host;
    this.#process = process;
    this.#routes = parts.routes;
    this.#summary = parts.summary;
    this.#leftOut = parts.leftOut;
    this.#maxTraces = maxTraces;
  }

  isWritten(traceId: string): boolean {
    return this.#written.has(traceId);
  }

  /** A trace has ended; writes it if it is notable, or if a part of it was written before. */
  offer(trace: EndedTrace): void {
    // every root counts for its route, so no short cut
    const notable = trace.roots.filter((root) => this.#isNotable(root));
    const known = this.#written.get(trace.traceId);
    if (known !== undefined) this.#add(trace.traceId, known, trace);
    else if (notable.length > 0) this.#write(trace, notable.some(hasFailed) ? 0 : FOR_ERRORS);
  }

  /** The recording ends while the trace is open. */
  offerUnfinished(trace: EndedTrace): void {
    const known = this.#written.get(trace.traceId);
    if (known !== undefined) this.#add(trace.traceId, known, trace);
    else if (trace.spans.some((span) => span.isUnfinished || hasFailed(span))) this.#write(trace);
  }

  /** A span or log record of a written trace. */
  addLate(traceId: string, { spans = [], logs = [] }: Partial<TraceContent>): void {
    const trace = this.#written.get(traceId);
    if (trace === undefined) return;
    const room = CAPS.openSpansOfTrace - trace.lateSpans.length;
    trace.lateSpans.push(...spans.slice(0, room));
    if (spans.length > room) this.#leftOut.add("spans of a trace", spans.length - room);
    if (trace.lateLogs.length < CAPS.openLogsOfTrace) trace.lateLogs.push(...logs);
    this.#late.add(trace);
  }

  /** @param now nanoseconds since the Unix epoch. */
  tick(now: bigint): void {
    // what was read before the first tick would be of 1970, and forgotten
    if (this.#now === 0n) for (const seen of [...this.#records.values(), ...this.#written.values()]) seen.since = now;
    this.#now = now;
    const window = this.#host.windowNanos?.(this.#process);
    if (window !== undefined) this.#forgetBefore(now - window);
    this.flush();
  }

  /** Writes what came late. */
  flush(): void {
    if (this.#late.size === 0) return;
    for (const [traceId, trace] of this.#written) {
      if (!this.#late.has(trace)) continue;
      this.#add(traceId, trace, { spans: trace.lateSpans.splice(0), logs: trace.lateLogs.splice(0) });
    }
    this.#late.clear();
  }

  /** After the last row of the process: what viewers read before they draw again leaves them on the newest trace all the same. */
  close(): void {
    if (this.#written.size === 0) return;
    this.#host.flush(this.#process);
    this.#host.bringToFront(this.#process);
  }

  #forgetBefore(time: bigint): void {
    for (const [route, { since }] of this.#records) if (since < time) this.#records.delete(route);
    for (const [traceId, trace] of this.#written) {
      if (trace.since >= time) break;
      this.#written.delete(traceId);
      this.#late.delete(trace);
      this.#entities -= trace.layout.entities;
      this.#summary.removeNotable(traceId);
    }
  }

  #isNotable(root: Span): boolean {
    const { name } = this.#routes.of(root.name);
    let record = this.#records.get(name);
    if (record === undefined) {
      record = { errors: 0, slowest: -1n, since: this.#now };
      this.#records.set(name, record);
    }
    const duration = root.endTime - root.startTime;
    // a tenth slower at least: else every few requests of a slowly degrading service would be one
    const isSlowest = duration * 10n > record.slowest * 11n;
    if (isSlowest) record.slowest = duration;
    return (hasFailed(root) && record.errors++ < ERRORS_OF_ROUTE) || isSlowest;
  }

  /** @param reserved part of the places that stays free for others */
  #write(trace: EndedTrace, reserved = 0): void {
    const room = CAPS.notableSpans * (1 - reserved) - this.#entities;
    if (
      this.#written.size >= this.#maxTraces * (1 - reserved) ||
      Math.min(trace.spans.length, CAPS.traceSpans) > room
    ) {
      if (this.#maxTraces > 0) this.#leftOut.add("notable traces");
      return;
    }
    if (this.#written.size === 0) sendDashboard(this.#host, this.#process, this.#applicationId, requestBlueprint());
    const written: WrittenTrace = {
      layout: new RequestLayout((entityPath, times, components) => {
        if (written.store !== undefined) this.#host.log(written.store, entityPath, times, components);
      }),
      store: undefined,
      lateSpans: [],
      lateLogs: [],
      since: this.#now,
    };
    this.#written.set(trace.traceId, written);
    const store = this.#add(trace.traceId, written, trace);
    const { root } = written.layout;
    if (root !== undefined) this.#summary.addNotable(store.id, root);
  }

  #add(traceId: string, trace: WrittenTrace, content: TraceContent): StoreHandle {
    const id = { kind: "recording", applicationId: this.#applicationId, recordingId: traceId } as const;
    const store = this.#host.openStore(id, this.#process);
    trace.store = store;
    const before = trace.layout.entities;
    trace.layout.add(content, CAPS.notableSpans - this.#entities);
    this.#entities += trace.layout.entities - before;
    trace.store = undefined;
    this.#host.closeStore(store);
    // viewers go to a recording once, when they hear of it
    if (before === 0) this.#host.bringToFront(this.#process);
    else this.#host.repeatStoreInfo(this.#process);
    return store;
  }

  get #applicationId(): string {
    return `${this.#process.id.applicationId} requests`;
  }
}
