import { RecordingInfo } from "../../archetypes/index.ts";
import { processBlueprint, requestBlueprint } from "../../blueprint/dashboards.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import { REQUESTS } from "../archive/archive-input.ts";
import { CallGraph } from "../layout/call-graph.ts";
import { LeftOut } from "../layout/caps.ts";
import { EventTwins } from "../layout/event-twins.ts";
import { Latency } from "../layout/latency.ts";
import { LogEntities } from "../layout/log-entities.ts";
import { type LogRow, writeLogRecord, writeSpanEvent } from "../layout/log-rows.ts";
import { RequestLanes } from "../layout/request-lanes.ts";
import { ResourceProperties } from "../layout/resource-properties.ts";
import { Routes } from "../layout/routes.ts";
import { RunSummary } from "../layout/run-summary.ts";
import { sendDashboard } from "../layout/send-dashboard.ts";
import { isEntryKind, isLocalRoot, serviceOf } from "../layout/span-facts.ts";
import { SpanTable } from "../layout/span-table.ts";
import { STATIC, Times } from "../layout/times.ts";
import type { Trace } from "../merge/trace-collector.ts";
import { traceLayout } from "../merge/trace-layout.ts";
import type { LogRecord, Resource, Span } from "../model.ts";

/**
 * A part of a run as a run of its own: the same entities as those of a live one, but for metrics, which belong to no trace.
 *
 *   span ─▶ /spans · /logs/events · /graph · /summary       root ─▶ lane · /latency
 *   log  ─▶ /logs/<service>                                 trace ─▶ a recording of its own
 */
export class RunCut {
  readonly #host: ExpanderHost;
  readonly #run: StoreHandle;
  readonly #log: LogRow;
  readonly #leftOut = new LeftOut();
  readonly #times = new Times();
  readonly #routes = new Routes(this.#leftOut);
  readonly #summary = new RunSummary();
  readonly #graph = new CallGraph(this.#leftOut);
  readonly #logEntities = new LogEntities(this.#leftOut);
  readonly #twins = new EventTwins();
  readonly #table: SpanTable;
  readonly #lanes: RequestLanes;
  readonly #latency: Latency;
  readonly #resources: ResourceProperties;

  /** @param name of the recording in the viewer's list. */
  constructor(host: ExpanderHost, run: StoreHandle, name: string) {
    this.#host = host;
    this.#run = run;
    const log: LogRow = (entityPath, times, components) => host.log(run, entityPath, times, components);
    this.#log = log;
    this.#table = new SpanTable(log, this.#times);
    this.#lanes = new RequestLanes(log, this.#times, this.#routes, this.#leftOut);
    this.#latency = new Latency(log, this.#times);
    this.#resources = new ResourceProperties(log);
    sendDashboard(host, run, run.id.applicationId, processBlueprint());
    log("/__properties", STATIC, new RecordingInfo({ name }));
  }

  addSpan(span: Span): void {
    this.#table.write(span);
    this.#summary.add(span);
    for (const event of span.events) {
      if (!this.#twins.hasLog(span, event)) writeSpanEvent(this.#log, this.#times.at(event.time), span, event);
    }
    if (span.isUnfinished) return;
    this.#graph.add(span);
    // the table does not tell remote parents from others; a span that answers somebody has one
    if (!isLocalRoot(span) && !isEntryKind(span)) return;
    const route = this.#routes.of(span.name);
    this.#summary.addRoot(span, route.name);
    this.#lanes.end(span, route);
    this.#latency.add(span, route);
  }

  addLog(record: LogRecord): void {
    if (this.#twins.hasEvent(record)) return;
    writeLogRecord(this.#log, this.#times.at(record.time), record, this.#logEntities.of(serviceOf(record)));
  }

  addResource(resource: Resource): void {
    this.#resources.see(resource);
  }

  /** Writes the waterfalls, then what is made of all spans; the run comes last so that viewers open on it. */
  finish(traces: readonly Trace[], remarks: readonly string[]): void {
    const applicationId = this.#run.id.applicationId + REQUESTS;
    if (traces.length > 0) sendDashboard(this.#host, this.#run, applicationId, requestBlueprint());
    for (const trace of traces) {
      const recording = { kind: "recording", applicationId, recordingId: trace.traceId } as const;
      const store = this.#host.openStore(recording, this.#run);
      traceLayout.writeTrace((entityPath, times, components) => {
        this.#host.log(store, entityPath, times, components);
      }, trace);
      this.#host.closeStore(store);
      const [root] = trace.spans;
      if (root !== undefined) this.#summary.addNotable(recording, root);
    }
    this.#lanes.close();
    this.#graph.write(this.#log);
    const leftOut = this.#leftOut.toString();
    this.#summary.write(this.#log, leftOut === "" ? remarks : [...remarks, `not drawn: ${leftOut}`]);
    this.#host.flush(this.#run);
    if (traces.length > 0) this.#host.bringToFront(this.#run);
  }
}
