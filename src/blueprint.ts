/**
 * Dashboards for the viewer: `otel-rerun/blueprint`.
 *
 * For end users: `Blueprint`, containers, views and panels, and the archetypes of view properties.
 * For other libraries: the two dashboards of recordings with telemetry.
 */
export { Blueprint, type BlueprintOptions, type BlueprintPart } from "./blueprint/blueprint.ts";
export type { LogBlueprintRow } from "./blueprint/blueprint-row.ts";
export {
  Container,
  type ContainerOptions,
  Grid,
  type GridOptions,
  Horizontal,
  type HorizontalOptions,
  Tabs,
  type TabsOptions,
  Vertical,
  type VerticalOptions,
} from "./blueprint/container.ts";
export {
  DASHBOARD_ID,
  type ProcessBlueprintOptions,
  processBlueprint,
  type RequestBlueprintOptions,
  requestBlueprint,
} from "./blueprint/dashboards.ts";
export * from "./blueprint/generated/index.ts";
export { BlueprintPanel, Panel, type PanelOptions, SelectionPanel, TimePanel, TopPanel } from "./blueprint/panel.ts";
export { View, type ViewOptions } from "./blueprint/view.ts";
export { BarChartView, type BarChartViewOptions } from "./blueprint/views/bar-chart-view.ts";
export { DataframeView, type DataframeViewOptions } from "./blueprint/views/dataframe-view.ts";
export { GraphView } from "./blueprint/views/graph-view.ts";
export { Spatial2DView } from "./blueprint/views/spatial-2d-view.ts";
export { Spatial3DView } from "./blueprint/views/spatial-3d-view.ts";
export { StateTimelineView, type StateTimelineViewOptions } from "./blueprint/views/state-timeline-view.ts";
export { TextDocumentView } from "./blueprint/views/text-document-view.ts";
export { TextLogView, type TextLogViewOptions } from "./blueprint/views/text-log-view.ts";
export { TimeSeriesView, type TimeSeriesViewOptions } from "./blueprint/views/time-series-view.ts";
