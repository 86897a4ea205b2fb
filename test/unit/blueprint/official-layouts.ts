import { SeriesLines, SeriesPoints } from "../../../src/archetypes/index.ts";
import * as rrb from "../../../src/blueprint.ts";

/** The blueprints that the official SDK wrote into test/golden, said with this package; with the ids they have there. */

export const id = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

/** All views, containers and panels, with all properties. */
export const layout = new rrb.Blueprint(
  [
    new rrb.Tabs(
      [
        new rrb.Vertical(
          [
            new rrb.TimeSeriesView({
              id: id(2),
              name: "Plot",
              origin: "/plot",
              contents: ["$origin/**", "- /plot/hidden/**"],
              axisX: {
                link: "LinkToGlobal",
                viewRange: { start: { CursorRelative: -100n }, end: { CursorRelative: 5n } },
                zoomLock: true,
              },
              axisY: { range: [-1, 2.5], zoomLock: true },
              plotLegend: new rrb.PlotLegend({ corner: "RightTop", visible: true }),
              background: { color: [10, 20, 30], showGrid: false },
              interaction: { tooltipMode: "All", pointsDisplay: "Always" },
              timeRanges: { timeline: "step", range: { start: { CursorRelative: -10 }, end: "Infinite" } },
              defaults: SeriesLines.update({ widths: 3 }),
              overrides: {
                "/plot/a": [
                  new rrb.Visualizer("SeriesLines", {
                    id: id(19),
                    overrides: new SeriesLines({ colors: [[255, 0, 0]], names: "A" }),
                  }),
                  rrb.Visualizer.of(new SeriesPoints("Circle", { markerSizes: 4 }), { id: id(20) }),
                ],
                "plot/b": new rrb.EntityBehavior({ visible: false, interactive: true }),
                "/plot/c": [
                  new rrb.VisibleTimeRanges({
                    timeline: "time",
                    range: { start: { Absolute: 5 }, end: { CursorRelative: 0 } },
                  }),
                ],
                "/plot/d": new rrb.Visualizer("SeriesLines", {
                  id: id(1),
                  mappings: {
                    target: "Scalars:scalars",
                    sourceKind: "SourceComponent",
                    sourceComponent: "my:value",
                    selector: ".x",
                  },
                }),
              },
            }),
            new rrb.StateTimelineView({ id: id(3), name: "States", origin: "/svc", timeView: { link: "Independent" } }),
            new rrb.TextLogView({
              id: id(4),
              name: "Logs",
              origin: "/svc/logs",
              columns: {
                timelineColumns: [{ visible: true, timeline: "time" }],
                textLogColumns: [
                  { visible: true, kind: "LogLevel" },
                  { visible: true, kind: "Body" },
                ],
              },
              rows: ["INFO", "ERROR"],
              formatOptions: { monospaceBody: true },
            }),
          ],
          { id: id(5), name: "Left", rowShares: [3, 1, 2] },
        ),
        new rrb.Grid(
          [
            new rrb.GraphView({
              id: id(6),
              name: "Graph",
              origin: "/graph",
              background: [1, 2, 3],
              visualBounds: { xRange: [-5, 5], yRange: [-4, 4] },
              forceLink: { enabled: true, distance: 60, iterations: 2 },
              forceManyBody: { enabled: false, strength: -30 },
              forcePosition: { enabled: true, strength: 0.5, position: [1, 2] },
              forceCollisionRadius: { enabled: true, strength: 0.25, iterations: 3 },
              forceCenter: { enabled: true, strength: 1 },
            }),
            new rrb.DataframeView({
              id: id(7),
              name: "Table",
              query: {
                timeline: "step",
                filterByRange: { start: 0n, end: 100n },
                filterIsNotNull: { active: true, column: { entityPath: "/plot/a", component: "Scalars:scalars" } },
                applyLatestAt: true,
                autoScroll: false,
                select: {
                  timeColumns: ["step"],
                  componentColumns: [{ entityPath: "/plot/a", component: "Scalars:scalars" }],
                },
              },
            }),
            new rrb.MapView({ id: id(8), name: "Map", origin: "/geo", zoom: 12.5, background: "OpenStreetMap" }),
            new rrb.Spatial2DView({
              id: id(9),
              name: "2D",
              origin: "/image",
              visible: false,
              background: [40, 50, 60],
              visualBounds: { range: { xRange: [0, 10], yRange: [0, 20] } },
            }),
            new rrb.Spatial3DView({
              id: id(10),
              name: "3D",
              background: "GradientBright",
              lineGrid: {
                visible: true,
                spacing: 0.5,
                plane: [0, 0, 1, 0],
                strokeWidth: 2,
                color: [255, 255, 255, 128],
              },
              spatialInformation: { targetFrame: "tf#/", showAxes: true, showBoundingBox: false },
              eyeControls: {
                kind: "FirstPerson",
                position: [1, 2, 3],
                lookTarget: [0, 0, 0],
                eyeUp: { x: 0, y: 0, z: 1 },
                speed: 2,
              },
            }),
            new rrb.TensorView({
              id: id(11),
              name: "Tensor",
              origin: "/tensor",
              sliceSelection: {
                width: { dimension: 1, invert: false },
                height: { dimension: 2, invert: true },
                indices: { dimension: 0, index: 1 },
                slider: { dimension: 0 },
              },
              scalarMapping: { colormap: "Turbo", gamma: 1.5, magFilter: "Linear" },
              viewFit: "Fill",
            }),
            new rrb.BarChartView({
              id: id(12),
              name: "Bars",
              origin: "/bars",
              plotLegend: "LeftTop",
              background: "#090807",
            }),
            new rrb.TextDocumentView({
              id: id(13),
              name: "Doc",
              origin: "/doc",
              formatOptions: { monospace: true, wordWrap: false },
            }),
            new rrb.AudioView({ id: id(14), name: "Audio", origin: "/audio", playback: 0.5 }),
            new rrb.Horizontal([new rrb.TextLogView({ id: id(15), origin: "/logs", titlebar: false })], {
              id: id(16),
              name: "Nested",
              columnShares: [1],
            }),
          ],
          { id: id(17), name: "Right", gridColumns: 3, columnShares: [1, 2, 1], rowShares: [1, 1, 1] },
        ),
      ],
      { id: id(18), name: "Root", activeTab: 0 },
    ),
    new rrb.TopPanel({ state: "Collapsed" }),
    new rrb.BlueprintPanel({ state: "Hidden" }),
    new rrb.SelectionPanel({ state: "Expanded" }),
    new rrb.TimePanel({
      state: "Collapsed",
      timeline: "step",
      playbackSpeed: 2,
      fps: 30,
      playState: "Paused",
      loopMode: "Selection",
      timeSelection: { min: 10n, max: 20n },
    }),
  ],
  { autoLayout: false, autoViews: false },
);

/** Nothing but what the viewer finds. */
export const auto = new rrb.Blueprint([], { collapsePanels: true });

/** A single view. */
export const embedded = new rrb.Blueprint(
  new rrb.Tabs([new rrb.TimeSeriesView({ id: id(0x2001), name: "P", origin: "/plot" })], { id: id(0x2002) }),
  { collapsePanels: true },
);

export const table = new rrb.CatalogTableBlueprint({
  rows: { columns: [{ source: "a" }, { source: "b c", name: "B", visible: false, editable: true }] },
  cards: { title: "a", link: "b c", fields: [{ source: "a" }] },
  layout: "Cards",
  filters: ["score >= 3"],
  sortBy: "a",
});
