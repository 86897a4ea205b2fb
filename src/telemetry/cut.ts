import { requestBlueprint } from "../blueprint/dashboards.ts";
import { storeKey } from "../rrd/store-id.ts";
import { chunksOf, REQUESTS } from "./archive/archive-input.ts";
import { isLogs, isResource, isSpans, serviceOfLogs } from "./archive/entities.ts";
import { resourcesOf, withResource } from "./archive/resources.ts";
import type { TraceArchive } from "./archive/trace-archive.ts";
import { RunCut } from "./cut/run-cut.ts";
import { sendDashboard } from "./layout/send-dashboard.ts";
import { writeWhole } from "./merge/merge-output.ts";
import { TraceCollector } from "./merge/trace-collector.ts";
import { traceLayout } from "./merge/trace-layout.ts";
import type { Attributes } from "./model.ts";
import { logsOf, spansOf } from "./span-rows.ts";

export interface CutOptions {
  /** Name of the new recordings in the viewer's list. */
  readonly name: string;
  /** Traces that get a waterfall; the others are in the span table. */
  readonly drawn: Iterable<string>;
  /** Lines for the summary. */
  readonly remarks?: readonly string[];
}

/**
 * Cuts traces out into a new file: every run that has some of them becomes a smaller one, and the drawn ones get their waterfalls.
 * Memory is what is drawn (I7).
 *
 * @param path the new file; an existing one is replaced.
 * @throws RerunError ERR_RERUN_FORMAT for an input that cannot be read, ERR_RERUN_FILE when the new file cannot be written.
 */
export async function cutTraces(
  archive: TraceArchive,
  traceIds: ReadonlySet<string>,
  path: string,
  { name, drawn, remarks = [] }: CutOptions,
): Promise<void> {
  await writeWhole(path, async (output) => {
    const runs = new Map<string, { readonly run: RunCut; readonly traces: TraceCollector }>();
    const resources = new Map<string, Attributes>();
    for (const input of archive.inputs) {
      const isWanted = (entity: string): boolean => isSpans(entity) || isLogs(entity) || isResource(entity);
      for await (const { recording, rows } of chunksOf(input, isWanted)) {
        const key = storeKey(recording);
        let open = runs.get(key);
        if (open === undefined) {
          const { applicationId, recordingId } = recording;
          const base = applicationId.endsWith(REQUESTS) ? applicationId.slice(0, -REQUESTS.length) : applicationId;
          const store = output.open({ kind: "recording", applicationId: base, recordingId: `${recordingId}-filtered` });
          open = { run: new RunCut(output.host, store, name), traces: new TraceCollector(drawn) };
          runs.set(key, open);
        }
        const { run, traces } = open;
        if (isResource(rows.entityPath)) {
          for (const [service, attributes] of resourcesOf(rows)) {
            resources.set(service, attributes);
            run.addResource({ attributes });
          }
        } else if (isSpans(rows.entityPath)) {
          for (const span of spansOf(rows)) {
            if (!traceIds.has(span.traceId)) continue;
            run.addSpan(span);
            traces.addSpan(span);
          }
        } else {
          for (const record of logsOf(rows, serviceOfLogs(rows.entityPath))) {
            if (!traceIds.has(record.traceId as string)) continue;
            run.addLog(record);
            traces.addLog(record);
          }
        }
      }
    }
    for (const { run, traces } of runs.values()) {
      const whole = traces.finish().map((trace) => ({
        ...trace,
        spans: trace.spans.map((span) => withResource(span, resources)),
      }));
      run.finish(whole, remarks);
    }
  });
}

/** The waterfall of one trace as a file of its own, for a viewer that is open already. False if no file knows the trace. */
export async function cutWaterfall(
  archive: TraceArchive,
  applicationId: string,
  traceId: string,
  path: string,
): Promise<boolean> {
  const [trace] = await archive.traces([traceId]);
  if (trace === undefined) return false;
  await writeWhole(path, async (output) => {
    const { host } = output;
    const store = output.open({ kind: "recording", applicationId: applicationId + REQUESTS, recordingId: traceId });
    sendDashboard(host, store, store.id.applicationId, requestBlueprint());
    traceLayout.writeTrace((entityPath, times, components) => host.log(store, entityPath, times, components), trace);
    host.flush(store);
  });
  return true;
}
