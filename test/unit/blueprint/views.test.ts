import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as rrb from "../../../src/blueprint.ts";
import type { AsComponents } from "../../../src/index.ts";
import { rowsOf } from "./blueprint-rows.ts";

interface ViewType {
  readonly classIdentifier: string;
  readonly sdkClass: string;
  readonly properties: readonly { readonly param: string; readonly archetype: string; readonly entity: string }[];
}
type ViewClass = new (options?: object) => rrb.View;
type ArchetypeClass = { update(fields: object): AsComponents };

const { views } = JSON.parse(readFileSync(new URL("../../../codegen/types.json", import.meta.url), "utf8")) as {
  views: readonly ViewType[];
};
const exported = rrb as unknown as Record<string, unknown>;
const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** One value for each property, as the archetype's fields. */
const FIELDS: Record<string, object> = {
  AudioPlayback: { volume: 0.5 },
  Background: { kind: "GradientBright" },
  DataframeQuery: { timeline: "frame" },
  EyeControls3D: { kind: "Orbital" },
  ForceCenter: { enabled: true },
  ForceCollisionRadius: { strength: 0.5 },
  ForceLink: { distance: 10 },
  ForceManyBody: { strength: -3 },
  ForcePosition: { position: [1, 2] },
  GraphBackground: { color: "teal" },
  LineGrid3D: { spacing: 2 },
  MapBackground: { provider: "MapboxDark" },
  MapZoom: { zoom: 3 },
  PlotBackground: { showGrid: true },
  PlotInteraction: { tooltipMode: "All" },
  PlotLegend: { visible: false },
  ScalarAxis: { range: [0, 1] },
  SpatialInformation: { showAxes: true },
  TensorScalarMapping: { gamma: 2 },
  TensorSliceSelection: { slider: { dimension: 2 } },
  TensorViewFit: { scaling: "Fill" },
  TextDocumentFormat: { wordWrap: true },
  TextLogColumns: { timelineColumns: { visible: true, timeline: "frame" } },
  TextLogFormat: { monospaceBody: true },
  TextLogRows: { filterByLogLevel: ["WARN"] },
  TimeAxis: { zoomLock: true },
  VisibleTimeRanges: { ranges: { timeline: "frame", range: { start: "Infinite", end: { CursorRelative: 0 } } } },
  VisualBounds2D: { range: { xRange: [0, 1], yRange: [0, 1] } },
};

/** What the view logs below itself. */
function rows(view: rrb.View) {
  return rowsOf(new rrb.Blueprint(view)).filter(({ entityPath }) => entityPath.startsWith("/view/"));
}

describe.each(views.map((view) => [view.sdkClass, view] as const))("%s", (name, { classIdentifier, properties }) => {
  const Class = exported[name] as ViewClass;

  it("is of the kind that viewers know, and without options shows all", () => {
    const [contents, view, ...others] = rows(new Class());
    expect(contents?.fields).toEqual({ query: ["$origin/**"] });
    expect(view?.fields).toEqual({ class_identifier: [classIdentifier], space_origin: ["/"] });
    expect(others).toEqual([]);
  });

  it.each(properties.map((property) => [camelCase(property.param), property] as const))(
    "has the property %s, as fields and as archetype",
    (option, { archetype, entity }) => {
      const short = archetype.slice(archetype.lastIndexOf(".") + 1);
      const fields = FIELDS[short] as object;
      const logged = (value: unknown) => rows(new Class({ [option]: value }))[2];
      expect(logged(fields)?.entityPath).toMatch(new RegExp(`^/view/[0-9a-f-]{36}/${entity}$`));
      expect(logged(fields)?.specs[0]?.descriptor.archetype).toBe(archetype);
      expect(logged((exported[short] as ArchetypeClass).update(fields))).toEqual(logged(fields));
    },
  );

  it("takes no other option, and says which there are", () => {
    const names = properties.map(({ param }) => camelCase(param));
    expect(() => new Class({ colour: 1 })).toThrow(
      expect.objectContaining({
        code: "ERR_RERUN_ARGUMENT",
        message: expect.stringContaining(`${name} has no option`),
      }),
    );
    for (const option of names) expect(() => new Class({ colour: 1 })).toThrow(option);
  });
});

describe("a property by its main field alone", () => {
  const [from, to] = [{ CursorRelative: -5n }, { CursorRelative: 0n }];
  const ranges = [{ timeline: "frame", range: { start: from, end: to } }];
  it.each([
    [new rrb.TimeSeriesView({ plotLegend: "LeftTop" }), { corner: [1] }],
    [new rrb.TimeSeriesView({ axisY: [0, 1] }), { range: [0, 1] }],
    [new rrb.TimeSeriesView({ axisY: new Float64Array([0, 1]) }), { range: [[0, 1]] }],
    [new rrb.MapView({ zoom: 4 }), { zoom: [4] }],
    [new rrb.MapView({ background: "MapboxLight" }), { provider: [5] }],
    [new rrb.TensorView({ viewFit: "Original" }), { scaling: [1] }],
    [new rrb.Spatial3DView({ lineGrid: false }), { visible: [false] }],
    [new rrb.BarChartView({ background: "black" }), { color: [0x000000ff] }],
    [new rrb.GraphView({ background: 0x11223344 }), { color: [0x11223344] }],
    [new rrb.AudioView({ playback: 0 }), { volume: [0] }],
    [new rrb.TextLogView({ rows: "ERROR" }), { filter_by_log_level: ["ERROR"] }],
    [
      new rrb.Spatial2DView({ visualBounds: { xRange: [0, 1], yRange: [2, 3] } }),
      { range: [{ x_range: [0, 1], y_range: [2, 3] }] },
    ],
    [
      new rrb.Spatial2DView({ timeRanges: ranges }),
      { ranges: [{ timeline: "frame", range: { start: { CursorRelative: "-5" }, end: { CursorRelative: "0" } } }] },
    ],
  ])("%#", (view, fields) => {
    expect(rows(view)[2]?.fields).toEqual(fields);
  });
});

it.each([
  ["GradientBright", { kind: [2] }],
  ["orange", { kind: [3], color: [0xffa500ff] }],
  [[1, 2, 3], { kind: [3], color: [0x010203ff] }],
  [{ color: 0xff }, { kind: [3], color: [0xff] }],
  [{}, { kind: [1] }],
] as const)("takes the background %j for what it must mean", (background, fields) => {
  expect(rows(new rrb.Spatial3DView({ background }))[2]?.fields).toEqual(fields);
});

it.each<rrb.TimeAxisFields["viewRange"]>([{}, { start: null, end: undefined }, { end: "Infinite" }])(
  "a time range of %j is infinite where it says nothing",
  (viewRange) => {
    const rows = rowsOf(new rrb.Blueprint(new rrb.TimeSeriesView({ axisX: { viewRange } })));
    expect(rows.find(({ archetype }) => archetype === "TimeAxis")?.fields).toEqual({
      view_range: [{ start: "Infinite", end: "Infinite" }],
    });
  },
);
