import { installWriter } from "./writer-entry.ts";

// `Blueprint.save` has to work where "otel-rerun" itself is not loaded. Nothing runs or opens before that.
installWriter();

/**
 * Dashboards for the viewer: `otel-rerun/blueprint`.
 *
 * For end users: `Blueprint`, containers, views and panels, and the archetypes of view properties.
 * For other libraries: the two dashboards of recordings with telemetry.
 */
export type { BackgroundInput } from "./blueprint/background.ts";
export { Blueprint, type BlueprintOptions, type BlueprintPart } from "./blueprint/blueprint.ts";
export type { LogBlueprintRow } from "./blueprint/blueprint-row.ts";
export {
  CatalogTableBlueprint,
  type CatalogTableCards,
  type CatalogTableColumn,
  type CatalogTableOptions,
  type CatalogTableRows,
} from "./blueprint/catalog-table-blueprint.ts";
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
export type { LoggedView } from "./blueprint/data-views.ts";
export type { EntityOverride, EntityOverrides } from "./blueprint/entity-overrides.ts";
export * from "./blueprint/generated/index.ts";
export type { VisualizerType } from "./blueprint/generated/visualizers.ts";
export { type LoadBlueprintOptions, LoadedBlueprint, loadBlueprint } from "./blueprint/loaded-blueprint.ts";
export { BlueprintPanel, Panel, type PanelOptions, SelectionPanel, TimePanel, TopPanel } from "./blueprint/panel.ts";
export { View, type ViewOptions } from "./blueprint/view.ts";
export type { Property } from "./blueprint/view-property.ts";
export { Visualizer, type VisualizerOptions } from "./blueprint/visualizer.ts";
