import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as rrb from "../../../src/blueprint.ts";
import { rowsOf } from "./blueprint-rows.ts";

interface GoldenRow {
  readonly static: boolean;
  readonly fields: Record<string, unknown[]>;
}
interface GoldenColumn {
  readonly archetype: string;
  readonly componentType: string;
  readonly arrow: unknown;
}
const golden = JSON.parse(readFileSync(new URL("../../golden/golden.json", import.meta.url), "utf8")).files[
  "blueprint_layout.rbl"
] as { columns: Record<string, GoldenColumn>; blueprintEntities: Record<string, Record<string, GoldenRow[]>> };

const id = (number: number) => `00000000-0000-4000-8000-0000000000${number.toString(16).padStart(2, "0")}`;

/** The part of the official layout that the views of this version can say, with the ids it had there. */
const layout = new rrb.Blueprint(
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
              plotLegend: new rrb.PlotLegend({ corner: "RightTop", visible: true }),
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
            }),
          ],
          { id: id(5), name: "Left", rowShares: [3, 1, 2] },
        ),
        new rrb.Grid(
          [
            new rrb.GraphView({ id: id(6), name: "Graph", origin: "/graph" }),
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
            new rrb.View("Map", { id: id(8), name: "Map", origin: "/geo" }),
            new rrb.Spatial2DView({ id: id(9), name: "2D", origin: "/image", visible: false }),
            new rrb.Spatial3DView({ id: id(10), name: "3D" }),
            new rrb.View("Tensor", { id: id(11), name: "Tensor", origin: "/tensor" }),
            new rrb.BarChartView({ id: id(12), name: "Bars", origin: "/bars", plotLegend: { corner: "LeftTop" } }),
            new rrb.TextDocumentView({ id: id(13), name: "Doc", origin: "/doc" }),
            new rrb.View("Audio", { id: id(14), name: "Audio", origin: "/audio" }),
            new rrb.Horizontal([new rrb.TextLogView({ id: id(15), origin: "/logs", titlebar: false })], { id: id(16) }),
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

// the official writer puts an `active_tab` into a nested container without tabs; ours has none, and viewers ignore it there
const rows = rowsOf(layout).filter(({ entityPath }) => entityPath !== `/container/${id(16)}`);

describe("a layout beside the one of the official SDK", () => {
  it.each(rows.map((row) => [`${row.entityPath} ${row.archetype}${row.isStatic ? " (static)" : ""}`, row] as const))(
    "%s has the same fields",
    (_, { entityPath, archetype, isStatic, fields }) => {
      const official = golden.blueprintEntities[entityPath]?.[`rerun.blueprint.archetypes.${archetype}`];
      expect(fields).toEqual(official?.find((row) => row.static === isStatic)?.fields);
    },
  );

  it("declares every component with exactly the official datatype: viewers refuse the store otherwise", () => {
    for (const { descriptor, type } of rows.flatMap(({ specs }) => specs)) {
      const { archetype, componentType, arrow } = golden.columns[descriptor.component] as GoldenColumn;
      expect({ ...descriptor, type }).toEqual({
        archetype,
        component: descriptor.component,
        componentType,
        type: arrow,
      });
    }
  });
});
