import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import type { TelemetryOptions } from "../../recording/telemetry-options.ts";
import type { LogRecord, MetricPoint, Span, SpanStart } from "../model.ts";
import { CallGraph } from "./call-graph.ts";
import { LeftOut } from "./caps.ts";
import { EventTwins } from "./event-twins.ts";
import { Latency } from "./latency.ts";
import { LogEntities } from "./log-entities.ts";
import { type LogRow, writeLogRecord, writeSpanEvent } from "./log-rows.ts";
import { Metrics } from "./metrics.ts";
import { NotableTraces } from "./notable-traces.ts";
import { RequestDurations } from "./request-durations.ts";
import { RequestLanes } from "./request-lanes.ts";
import { RequestRate } from "./request-rate.ts";
import { ResourceProperties } from "./resource-properties.ts";
import { Routes } from "./routes.ts";
import { RunDashboard } from "./run-dashboard.ts";
import { type RunLosses, recorderCounters, remarksOf } from "./run-losses.ts";
import { RunSummary } from "./run-summary.ts";
import { slug } from "./slug.ts";
import { hasPlace, serviceOf, withSegments } from "./span-facts.ts";
import { SpanTable } from "./span-table.ts";
import { TimeRange } from "./time-range.ts";
import { STATIC, Times } from "./times.ts";
import { TraceBuffer } from "./trace-buffer.ts";

const SUMMARY_NANOS = 10_000_000_000n;
/** A program that is killed soon has a summary as well. */
const FIRST_SUMMARY_NANOS = 1_000_000_000n;

/**
 * The recording of a run, while it happens.
 *
 *   span start ─▶ lane taken                     span end ─▶ /spans · /logs/events · /graph · /summary
 *   log        ─▶ /logs/<service>                  local root ─▶ lane · /latency · rate · durations
 *   metric     ─▶ /metrics, /histogram             last local root of its trace ─▶ a recording of its own, if notable
 */
export class ProcessLayout {
  readonly #host: ExpanderHost;
  readonly #store: StoreHandle;
  /** What the clock says is of the telemetry's time. */
  readonly #isLive: boolean;
  readonly #instance: string | undefined;
  readonly #log: LogRow;
  readonly #leftOut = new LeftOut();
  readonly #times = new Times();
  readonly #range = new TimeRange();
  readonly #routes = new Routes(this.#leftOut);
  readonly #summary = new RunSummary();
  readonly #graph = new CallGraph(this.#leftOut);
  readonly #logEntities = new LogEntities(this.#leftOut);
  readonly #twins = new EventTwins();
  readonly #table: SpanTable;
  readonly #lanes: RequestLanes;
  readonly #latency: Latency;
  readonly #rate: RequestRate;
  readonly #durations: RequestDurations;
  readonly #metrics: Metrics;
  readonly #resources: ResourceProperties;
  readonly #notable: NotableTraces;
  readonly #buffer: TraceBuffer;
  readonly #dashboard: RunDashboard | undefined;
  #outliers = 0;
  #unfinished = 0;
  #unplaced = 0;
  #nextSummary: bigint | undefined;
  /** There is something that the summary does not say yet. */
  #isDirty = false;

  constructor(host: ExpanderHost, store: StoreHandle, options: TelemetryOptions = {}) {
    this.#host = host;
    this.#store = store;
    this.#isLive = options.clock !== "data";
    const instance = options.instance === undefined ? undefined : slug(options.instance);
    this.#instance = instance;
    const log: LogRow = (entityPath, times, components) => host.log(store, entityPath, times, components);
    this.#log = log;
    this.#table = new SpanTable(log, this.#times, options.slot);
    this.#lanes = new RequestLanes(log, this.#times, this.#routes, this.#leftOut, instance);
    this.#latency = new Latency(log, this.#times);
    this.#rate = new RequestRate(log, this.#times, instance);
    this.#durations = new RequestDurations(log, this.#times, instance);
    this.#metrics = new Metrics(log, this.#times, this.#leftOut, instance);
    this.#resources = new ResourceProperties(log, instance);
    const parts = { routes: this.#routes, summary: this.#summary, leftOut: this.#leftOut };
    this.#notable = new NotableTraces(host, store, parts, options.maxNotableTraces);
    this.#buffer = new TraceBuffer(this.#leftOut, (roots) => {
      for (const root of roots) this.#lanes.unfinished(root);
    });
    if (options.blueprint !== false) this.#dashboard = new RunDashboard(host, store, instance);
    this.#dashboard?.update();
  }

  /** @param bytes of the record, for the limits. */
  spanStart(span: SpanStart, bytes: number): void {
    this.#resources.see(span.resource);
    if (!this.#range.accepts(span.startTime)) return;
    this.#times.at(span.startTime); // elapsed counts from the first root, which ends after its children
    const isRoot = this.#buffer.start(span, bytes);
    if (isRoot) this.#lanes.start(span);
  }

  spanEnd(ended: Span, bytes: number): void {
    this.#isDirty = true;
    this.#resources.see(ended.resource);
    const spans = withSegments(ended);
    this.#host.count(this.#store, "spans", spans.length);
    for (const span of spans) this.#table.write(span);
    const [span] = spans;
    if (!hasPlace(span)) {
      this.#unplaced++;
      return;
    }
    if (!this.#range.accepts(span.startTime) || !this.#range.accepts(span.endTime)) {
      this.#outliers += spans.length;
      return;
    }
    for (const one of spans) this.#draw(one);
    const { traceId } = span;
    if (this.#isLate(span)) {
      this.#notable.addLate(traceId, { spans });
      return;
    }
    const { isRoot, ended: trace } = this.#buffer.end(spans, bytes);
    if (isRoot) this.#drawRoot(span);
    if (trace !== undefined) this.#notable.offer(trace);
  }

  log(record: LogRecord, bytes: number): void {
    this.#isDirty = true;
    this.#resources.see(record.resource);
    this.#host.count(this.#store, "logs", 1);
    if (!this.#twins.hasEvent(record)) {
      writeLogRecord(this.#log, this.#times.at(record.time), record, this.#logEntities.of(serviceOf(record)));
    }
    const { traceId } = record;
    if (traceId === undefined || traceId === "") return;
    if (!this.#buffer.has(traceId) && this.#notable.isWritten(traceId))
      this.#notable.addLate(traceId, { logs: [record] });
    else this.#buffer.log(record, traceId, bytes);
  }

  metric(point: MetricPoint): void {
    this.#resources.see(point.resource);
    this.#metrics.add(point);
  }

  /** @param now nanoseconds since the Unix epoch. */
  tick(now: bigint): void {
    if (this.#isLive) {
      this.#range.reach(now);
      this.#rate.tick(now);
      this.#durations.tick(now);
      this.#buffer.tick(now);
    }
    this.#notable.tick(now);
    this.#dashboard?.update(now);
    this.#nextSummary ??= now + FIRST_SUMMARY_NANOS;
    if (now < this.#nextSummary) return;
    this.#nextSummary = now + SUMMARY_NANOS;
    this.summarize();
  }

  /** What is new since the last time, as of now. */
  summarize(): void {
    if (this.#isDirty) this.#writeSummary();
  }

  /** The recording ends: writes what was waited for. */
  close(): void {
    this.#notable.flush();
    this.#dashboard?.update();
    for (const trace of this.#buffer.takeAll(this.#range.end)) {
      for (const span of trace.spans) {
        if (!span.isUnfinished) continue;
        this.#unfinished++;
        this.#host.count(this.#store, "spans", 1);
        this.#table.write(span);
        this.#summary.add(span);
      }
      this.#notable.offerUnfinished(trace);
    }
    this.#lanes.close();
    this.#rate.flush();
    this.#durations.flush();
    this.#metrics.flush();
    this.#writeSummary();
    this.#writeCounters();
    this.#notable.close();
  }

  #draw(span: Span): void {
    this.#summary.add(span);
    this.#graph.add(span);
    for (const event of span.events) {
      if (!this.#range.accepts(event.time) || this.#twins.hasLog(span, event)) continue;
      writeSpanEvent(this.#log, this.#times.at(event.time), span, event);
    }
  }

  #drawRoot(root: Span): void {
    const route = this.#routes.of(root.name);
    this.#summary.addRoot(root, route.name);
    this.#lanes.end(root, route);
    this.#latency.add(root, route);
    this.#rate.add(root);
    this.#durations.add(root);
  }

  /** Its trace has been written and nothing more of it is waited for. */
  #isLate({ traceId, parentSpanId, parentIsRemote }: Span): boolean {
    const isInner = parentSpanId !== undefined && parentIsRemote !== true;
    return isInner && !this.#buffer.has(traceId) && this.#notable.isWritten(traceId);
  }

  #writeSummary(): void {
    this.#isDirty = false;
    this.#graph.write(this.#log);
    this.#summary.write(this.#log, remarksOf(this.#losses));
  }

  #writeCounters(): void {
    const name = this.#instance === undefined ? "recorder" : `recorder_${this.#instance}`;
    this.#log(`/__properties/${name}`, STATIC, recorderCounters(this.#losses));
  }

  get #losses(): RunLosses {
    const stats = this.#host.stats(this.#store);
    return {
      stats,
      leftOut: this.#leftOut,
      outliers: this.#outliers,
      unfinished: this.#unfinished,
      unplaced: this.#unplaced,
    };
  }
}
