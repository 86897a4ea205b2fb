import { requestBlueprint } from "../../blueprint/dashboards.ts";
import { dataViews } from "../../blueprint/data-views.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import type { TelemetryOptions } from "../../recording/telemetry-options.ts";
import type { LogRecord, MetricPoint, Span, SpanStart } from "../model.ts";
import { CAPS, LeftOut } from "./caps.ts";
import type { LogRow } from "./log-rows.ts";
import { Metrics } from "./metrics.ts";
import { RequestLayout } from "./request-layout.ts";
import { sendDashboard, sendDashboardAgain } from "./send-dashboard.ts";
import { withSegments } from "./span-facts.ts";
import { Times } from "./times.ts";
import { TraceBuffer } from "./trace-buffer.ts";

/**
 * A recording of one request, while it happens. A waterfall needs parents before their children, so nothing is drawn until the end,
 * and a recording that is not kept has cost no rows.
 *
 *   span, log ─▶ TraceBuffer ─▶ spans, logs ── the recording ends ─▶ dashboard · RequestLayout
 */
export class TraceLayout {
  readonly #host: ExpanderHost;
  readonly #store: StoreHandle;
  readonly #blueprint: boolean;
  readonly #log: LogRow;
  readonly #leftOut = new LeftOut();
  readonly #buffer = new TraceBuffer(this.#leftOut, () => {});
  readonly #spans: Span[] = [];
  readonly #logs: LogRecord[] = [];
  #metrics: Metrics | undefined;
  #lastTime = 0n;

  constructor(host: ExpanderHost, store: StoreHandle, { blueprint = true }: TelemetryOptions = {}) {
    this.#host = host;
    this.#store = store;
    this.#blueprint = blueprint;
    this.#log = (entityPath, times, components) => host.log(store, entityPath, times, components);
  }

  spanStart(span: SpanStart, bytes: number): void {
    this.#reach(span.startTime);
    this.#buffer.start(span, bytes);
  }

  spanEnd(ended: Span, bytes: number): void {
    const spans = withSegments(ended);
    this.#reach(ended.endTime);
    this.#host.count(this.#store, "spans", spans.length);
    const { ended: trace } = this.#buffer.end(spans, bytes);
    if (trace !== undefined) this.#take(trace.spans, trace.logs);
  }

  log(record: LogRecord, bytes: number): void {
    this.#reach(record.time);
    this.#host.count(this.#store, "logs", 1);
    if (record.traceId) this.#buffer.log(record, record.traceId, bytes);
    else this.#take([], [record]);
  }

  metric(point: MetricPoint): void {
    this.#metrics ??= new Metrics(this.#log, new Times(), this.#leftOut, undefined);
    this.#metrics.add(point);
  }

  tick(): void {}

  summarize(): void {}

  /** The recording ends: it is drawn. */
  close(): void {
    for (const { spans, logs } of this.#buffer.takeAll(this.#lastTime)) {
      const unfinished = spans.filter((span) => span.isUnfinished).length;
      if (unfinished > 0) this.#host.count(this.#store, "spans", unfinished);
      this.#take(spans, logs);
    }
    this.#metrics?.flush();
    if (this.#spans.length + this.#logs.length === 0) return;
    if (this.#blueprint) this.#sendDashboard();
    new RequestLayout(this.#log, this.#leftOut).add({ spans: this.#spans, logs: this.#logs });
  }

  #sendDashboard(): void {
    const data = dataViews(this.#host.entities?.(this.#store) ?? []);
    const make = () => requestBlueprint({ bundle: false, data });
    if (this.#store.isAnnounced) sendDashboard(this.#host, this.#store, this.#store.id.applicationId, make());
    else sendDashboardAgain(this.#host, this.#store, `request ${JSON.stringify(data)}`, make);
  }

  #reach(time: bigint): void {
    if (time > this.#lastTime) this.#lastTime = time;
  }

  #take(spans: readonly Span[], logs: readonly LogRecord[]): void {
    const room = CAPS.openSpansOfRecording - this.#spans.length;
    this.#spans.push(...spans.slice(0, room));
    if (spans.length > room) this.#leftOut.add("spans of a trace", spans.length - room);
    const logRoom = CAPS.openSpansOfRecording - this.#logs.length;
    this.#logs.push(...logs.slice(0, logRoom));
    if (logs.length > logRoom) this.#leftOut.add("logs", logs.length - logRoom);
  }
}
