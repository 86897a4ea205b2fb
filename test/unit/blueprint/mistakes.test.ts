import { describe, expect, it } from "vitest";
import { Clear, Points3D, type SeriesLines } from "../../../src/archetypes/index.ts";
import * as rrb from "../../../src/blueprint.ts";

/** Each with what its message must name: the object, the option or field, what is expected, what was given. */
const mistakes: [what: string, make: () => unknown, names: readonly string[]][] = [
  [
    "a value that is none of an enum",
    () => new rrb.TimeSeriesView({ plotLegend: { corner: "Middle" as "LeftTop" } }),
    ["TimeSeriesView", "plotLegend", "PlotLegend:corner", "LeftTop", '"Middle"'],
  ],
  [
    "a value of another type",
    () => new rrb.MapView({ zoom: { zoom: "near" as unknown as number } }),
    ["MapView", "zoom", "MapZoom:zoom", "Float64", '"near"'],
  ],
  [
    "a field that there is not",
    () => new rrb.GraphView({ forceLink: { length: 3 } as object }),
    ["GraphView", "forceLink", "length", "distance"],
  ],
  [
    "another archetype",
    () => new rrb.TimeSeriesView({ axisX: new rrb.PlotLegend({ visible: true }) }),
    ["TimeSeriesView", "axisX", "TimeAxis", "PlotLegend"],
  ],
  [
    "no object where fields are needed",
    () => new rrb.DataframeView({ query: "frame" as unknown as object }),
    ["DataframeView", "query", "timeline", '"frame"'],
  ],
  ["a name that is no text", () => new rrb.View("New", { name: 3 as unknown as string }), ["View New", "Utf8", "3"]],
  ["an id that is no UUID", () => new rrb.GraphView({ id: "main" }), ["GraphView", "id", "UUID", '"main"']],
  [
    "defaults that are no archetype",
    () => new rrb.GraphView({ defaults: { widths: 3 } as unknown as SeriesLines }),
    ["GraphView", "defaults", "archetype", "widths"],
  ],
  [
    "a default with a wrong value",
    () => new rrb.Spatial3DView({ defaults: Points3D.update({ radii: "big" as unknown as number }) }),
    ["Spatial3DView", "defaults", "Points3D:radii", "Float32", '"big"'],
  ],
  [
    "an override of something that is not drawn",
    () => new rrb.GraphView({ overrides: { "/a": new Clear(true) } }),
    ["Clear", "new Visualizer"],
  ],
  [
    "an override that is none",
    () => new rrb.GraphView({ overrides: { "a b": "SeriesLines" as unknown as rrb.Visualizer } }),
    ["GraphView", "/a\\ b", "Visualizer", "SeriesLines"],
  ],
  [
    "a mapping without a target",
    () => new rrb.Visualizer("SeriesLines", { mappings: { sourceKind: "Default" } as rrb.VisualizerComponentMapping }),
    ["Visualizer SeriesLines", "component_map", "target"],
  ],
  [
    "an option of another container",
    () => new rrb.Vertical([], { columnShares: [1] } as rrb.VerticalOptions),
    ["Vertical", "columnShares", "rowShares"],
  ],
  [
    "shares that are no numbers",
    () => new rrb.Horizontal([], { columnShares: ["1"] as unknown as number[] }),
    ["Horizontal", "col_shares", "Float32"],
  ],
  [
    "contents that are none",
    () => new rrb.Tabs([new rrb.TimePanel()] as unknown as rrb.View[]),
    ["Tabs", "views and containers", "TimePanel"],
  ],
  [
    "contents that are no array",
    () => new rrb.Grid(new rrb.GraphView() as unknown as []),
    ["Grid", "array", "GraphView"],
  ],
  [
    "a state that there is not",
    () => new rrb.TopPanel({ state: "Open" as "Hidden" }),
    ["TopPanel", "Hidden", '"Open"'],
  ],
  ["an option of no panel", () => new rrb.TopPanel({ open: true } as object), ["TopPanel", "open", "state"]],
  [
    "a field of no time panel",
    () => new rrb.TimePanel({ speed: 2 } as object),
    ["TimePanel", "speed", "playbackSpeed"],
  ],
  [
    "an option of no blueprint",
    () => new rrb.Blueprint([], { collapse: true } as object),
    ["Blueprint", "collapse", "collapsePanels"],
  ],
  [
    "an option of no dashboard of a process",
    () => rrb.processBlueprint({ bundles: true } as object),
    ["processBlueprint", "bundles", "did you mean bundle?"],
  ],
  [
    "an option of no dashboard of a request",
    () => rrb.requestBlueprint({ flame: true } as object),
    ["requestBlueprint", "flame", "data, bundle"],
  ],
  [
    "a column that is there twice",
    () => new rrb.CatalogTableBlueprint({ rows: { columns: [{ source: "a" }, { source: "a" }] } }),
    ["CatalogTableBlueprint", "rows.columns", "a is there twice"],
  ],
  [
    "cards that are not given",
    () => new rrb.CatalogTableBlueprint({ layout: "Cards" }),
    ["CatalogTableBlueprint", "cards"],
  ],
];

describe("a mistake in a layout is thrown where it was made", () => {
  it.each(mistakes)("%s", (_, make, names) => {
    let error: unknown;
    try {
      make();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: "RerunError", code: "ERR_RERUN_ARGUMENT" });
    for (const name of names) expect((error as Error).message).toContain(name);
  });
});
