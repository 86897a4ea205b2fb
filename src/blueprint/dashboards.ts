import { checkedOptions, optionNames } from "../option-names.ts";
import { Blueprint, type BlueprintPart } from "./blueprint.ts";
import { Grid, Horizontal, Tabs, Vertical } from "./container.ts";
import { dependsOnCursor, type LoggedView, viewOf, WHOLE_TIMELINE } from "./data-views.ts";
import { BarChartView } from "./generated/bar-chart-view.ts";
import { DataframeView } from "./generated/dataframe-view.ts";
import { GraphView } from "./generated/graph-view.ts";
import { StateTimelineView } from "./generated/state-timeline-view.ts";
import { TextDocumentView } from "./generated/text-document-view.ts";
import type { TextLogColumnsFields } from "./generated/text-log-columns.ts";
import { TextLogView } from "./generated/text-log-view.ts";
import { TimeSeriesView } from "./generated/time-series-view.ts";
import { BlueprintPanel, SelectionPanel, TimePanel } from "./panel.ts";
import type { View } from "./view.ts";

/**
 * The two dashboards that recordings with telemetry open in. A blueprint belongs to the application id and not to one recording,
 * so nothing in them is particular to a recording: no absolute ranges, no paths of spans.
 */

/**
 * Recording id of the dashboards' stores. The application id tells them apart; a fixed id makes the segments of several
 * processes share one store, and `merge` know it as ours.
 */
export const DASHBOARD_ID = "otel-rerun-dashboard";

export interface ProcessBlueprintOptions {
  /** Views of what is not telemetry, on a tab of their own. Default none. */
  readonly data?: readonly LoggedView[];
  /** Slugs of the processes that share the recording: their metrics are one level deeper. Default none. */
  readonly instances?: readonly string[];
  /** Whether `/flame` is written. Default false. */
  readonly flame?: boolean;
  /** Whether the file also holds recordings of traces: the list of recordings is then open. Default true. */
  readonly bundle?: boolean;
}

const PROCESS_OPTIONS = optionNames<ProcessBlueprintOptions>({
  data: true,
  instances: true,
  flame: true,
  bundle: true,
});

/** The dashboard of a whole run: latency, requests in flight, metrics, logs, spans. */
export function processBlueprint(options: ProcessBlueprintOptions = {}): Blueprint {
  const checked = checkedOptions("processBlueprint", options, PROCESS_OPTIONS);
  const { data = [], flame = false, bundle = true, instances = [] } = checked;
  const metrics = (name: string, group: string) => metricsView(name, group, instances);
  const overview = new Vertical(
    [
      new Horizontal(
        [
          new TimeSeriesView({
            name: "Request duration, ms",
            origin: "/latency",
            axisX: WHOLE_TIMELINE,
            plotLegend: { corner: "LeftTop" },
          }),
          new TextDocumentView({ name: "Summary", origin: "/summary" }),
        ],
        { columnShares: [3, 1.2] },
      ),
      new StateTimelineView({ name: "Requests in flight", origin: "/requests", timeView: WHOLE_TIMELINE }),
      new Horizontal([
        metrics("Requests and errors per second", "http"),
        metrics("Event loop lag, ms", "nodejs/eventloop"),
        metrics("Memory, MB", "nodejs/memory"),
      ]),
    ],
    { name: "Overview", rowShares: [2.2, 1.5, 1.3] },
  );
  const distribution = new Horizontal(
    [
      metrics("Percentiles", "duration"),
      new BarChartView({ name: "Buckets at the cursor, 10^x ms", origin: "/histogram" }),
      new GraphView({ name: "Calls", origin: "/graph" }),
    ],
    { name: "Distribution", columnShares: [2, 1.4, 1] },
  );
  const tabs = [
    overview,
    ...(flame ? [new StateTimelineView({ name: "Spans", origin: "/flame", timeView: WHOLE_TIMELINE })] : []),
    new TextLogView({ name: "Logs", origin: "/logs", columns: logColumns("log_time") }),
    spanTable("Span table"),
    distribution,
    ...dataTab(data),
  ];
  return dashboard(new Tabs(tabs, { activeTab: 0 }), ...panels("log_time", bundle, data));
}

export interface RequestBlueprintOptions {
  /** Views of what is not telemetry, on a tab of their own. Default none. */
  readonly data?: readonly LoggedView[];
  /** Whether other recordings are in the same file: the list of recordings is then open. Default true. */
  readonly bundle?: boolean;
}

const REQUEST_OPTIONS = optionNames<RequestBlueprintOptions>({ data: true, bundle: true });

/** The dashboard of one trace: its waterfall, logs, spans and calls. */
export function requestBlueprint(options: RequestBlueprintOptions = {}): Blueprint {
  const { bundle = true, data = [] } = checkedOptions("requestBlueprint", options, REQUEST_OPTIONS);
  const details = new Tabs(
    [
      new TextLogView({ name: "Logs, events, exceptions", origin: "/logs", columns: logColumns("elapsed") }),
      spanTable("Spans"),
      new GraphView({ name: "Calls", origin: "/graph" }),
    ],
    { activeTab: 0 },
  );
  const waterfall = new StateTimelineView({ name: "Waterfall", origin: "/trace", timeView: WHOLE_TIMELINE });
  const root = new Horizontal(
    [
      new Vertical([waterfall, details], { rowShares: [3, 1.1] }),
      new TextDocumentView({ name: "Summary", origin: "/summary" }),
    ],
    { columnShares: [3, 1], name: "Request" },
  );
  const whole = data.length === 0 ? root : new Tabs([root, ...dataTab(data)], { activeTab: 0 });
  return dashboard(whole, ...panels(data.length === 0 ? "elapsed" : "log_time", bundle, data));
}

/** Viewers that add views of their own would do it for telemetry, which is in views already, only not with all of its siblings. */
function dashboard(...parts: readonly BlueprintPart[]): Blueprint {
  return new Blueprint(parts, { autoLayout: false, autoViews: false });
}

function dataTab(data: readonly LoggedView[]): readonly Grid[] {
  return data.length === 0 ? [] : [new Grid(data.map(viewOf), { name: "Data" })];
}

/** Columns of `/spans` that the table shows; attributes, events and links are in the recording but too wide to read. */
const SPAN_COLUMNS = [
  "service",
  "name",
  "duration_ms",
  "status",
  "status_message",
  "kind",
  "http.route",
  "http.response.status_code",
  "db.query.text",
  "trace_id",
  "span_id",
];

/** Rows by `span_no`: two spans may start in the same nanosecond, and the table shows one row for each time. */
function spanTable(name: string): View {
  return new DataframeView({
    name,
    origin: "/spans",
    query: {
      timeline: "span_no",
      select: {
        timeColumns: ["span_no", "elapsed", "log_time"],
        componentColumns: SPAN_COLUMNS.map((component) => ({ entityPath: "/spans", component })),
      },
    },
  });
}

function metricsView(name: string, group: string, instances: readonly string[]): View {
  if (instances.length === 0) return new TimeSeriesView({ name, origin: `/metrics/${group}`, axisX: WHOLE_TIMELINE });
  const contents = instances.map((instance) => `+ /metrics/${instance}/${group}/**`);
  return new TimeSeriesView({ name, origin: "/metrics", contents, axisX: WHOLE_TIMELINE });
}

function logColumns(timeline: string): TextLogColumnsFields {
  return {
    timelineColumns: [{ visible: true, timeline }],
    textLogColumns: [
      { visible: true, kind: "LogLevel" },
      { visible: true, kind: "Body" },
      { visible: true, kind: "EntityPath" },
    ],
  };
}

function panels(timeline: string, bundle: boolean, data: readonly LoggedView[]) {
  // paused: else viewers from 0.41 on play the recording in a moving window, but at its beginning an image is not there yet
  const playState = dependsOnCursor(data) ? "Following" : "Paused";
  return [
    new BlueprintPanel({ state: bundle ? "Expanded" : "Collapsed" }),
    new SelectionPanel({ state: "Expanded" }),
    new TimePanel({ state: "Collapsed", timeline, playState }),
  ];
}
