import { processBlueprint, requestBlueprint } from "../../blueprint/dashboards.ts";
import { dataViews, type EntityArchetypes } from "../../blueprint/data-views.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import { sendDashboard } from "../layout/send-dashboard.ts";
import { logsOf, type RowChunk, spansOf } from "../span-rows.ts";
import type { LogRow, MergeLayout, RunLayout } from "./merge-layout.ts";
import { type Trace, TraceCollector } from "./trace-collector.ts";

const LOGS = "/logs/";

/** Rows there are made of spans, which bring their events themselves. */
const FROM_SPANS = new Set(["/logs/events", "/logs/exceptions"]);

/** Whether `RunRebuild` reads the rows of this entity. */
export function isRead(entityPath: string): boolean {
  return entityPath === "/spans" || (entityPath.startsWith(LOGS) && !FROM_SPANS.has(entityPath));
}

/**
 * Makes anew what the processes of a run could each see only a part of: the dashboard, the summary, the service graph, and the
 * waterfall of every trace that one of them found notable.
 */
export class RunRebuild {
  readonly #host: ExpanderHost;
  readonly #run: StoreHandle;
  readonly #layout: MergeLayout;
  readonly #rows: RunLayout;
  readonly #recordings: ReadonlyMap<string, StoreId>;
  readonly #traces: TraceCollector;

  /** @param traces recordings of the notable traces; their recording id is the trace id. */
  constructor(host: ExpanderHost, run: StoreHandle, traces: readonly StoreId[], layout: MergeLayout) {
    this.#host = host;
    this.#run = run;
    this.#layout = layout;
    this.#rows = layout.openRun(this.#into(run));
    this.#recordings = new Map(traces.map((id) => [id.recordingId, id]));
    this.#traces = new TraceCollector(this.#recordings.keys());
  }

  /** One dashboard for all processes: their metrics are found under their slugs. */
  writeDashboard(instances: readonly string[], entities: EntityArchetypes = []): void {
    const blueprint = processBlueprint({ instances, data: dataViews(entities, instances) });
    sendDashboard(this.#host, this.#run, this.#run.id.applicationId, blueprint);
    this.#host.repeatStoreInfo(this.#run); // chunks of the run are copied, which does not announce it
  }

  /** A chunk of the run. */
  read(chunk: RowChunk): void {
    if (chunk.entityPath === "/spans") {
      for (const span of spansOf(chunk)) {
        this.#rows.addSpan(span);
        this.#traces.addSpan(span);
      }
    } else if (isRead(chunk.entityPath)) {
      for (const record of logsOf(chunk, chunk.entityPath.slice(LOGS.length))) this.#traces.addLog(record);
    }
  }

  /** Writes the waterfalls, then what belongs to the run, which comes last so that viewers open on it. */
  finish(): void {
    const traces = this.#traces.finish();
    const [first] = traces;
    if (first !== undefined) {
      sendDashboard(this.#host, this.#run, this.#recordingOf(first).applicationId, requestBlueprint());
    }
    for (const trace of traces) {
      const recording = this.#host.openStore(this.#recordingOf(trace), this.#run);
      this.#layout.writeTrace(this.#into(recording), trace);
      this.#host.closeStore(recording);
      this.#rows.addNotable(recording.id, trace);
    }
    this.#rows.finish();
    this.#host.flush(this.#run);
    if (first !== undefined) this.#host.bringToFront(this.#run);
  }

  #recordingOf({ traceId }: Trace): StoreId {
    return this.#recordings.get(traceId) as StoreId;
  }

  #into(store: StoreHandle): LogRow {
    return (entityPath, times, components) => this.#host.log(store, entityPath, times, components);
  }
}
