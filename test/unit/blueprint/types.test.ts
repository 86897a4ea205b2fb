import { expectTypeOf, it } from "vitest";
import type { SeriesLines } from "../../../src/archetypes/index.ts";
import * as rrb from "../../../src/blueprint.ts";
import type { LoggableBlueprint, RecordingStream } from "../../../src/index.ts";

type Options<Class extends abstract new (...args: never[]) => unknown> = NonNullable<
  ConstructorParameters<Class>[Extract<keyof ConstructorParameters<Class>, "0">]
>;

it("views take their own properties, in each of their forms", () => {
  type TimeSeries = Options<typeof rrb.TimeSeriesView>;
  expectTypeOf<{ axisX: { link: "LinkToGlobal" }; axisY: readonly [0, 1] }>().toExtend<TimeSeries>();
  expectTypeOf<{ plotLegend: "LeftTop" }>().toExtend<TimeSeries>();
  expectTypeOf<{ plotLegend: rrb.PlotLegend }>().toExtend<TimeSeries>();
  expectTypeOf<{ defaults: SeriesLines; overrides: { "/a": rrb.Visualizer | SeriesLines } }>().toExtend<TimeSeries>();
  expectTypeOf<{ background: "orange" }>().toExtend<Options<typeof rrb.Spatial3DView>>();
  expectTypeOf<{ background: { kind: "GradientDark" } }>().toExtend<Options<typeof rrb.Spatial2DView>>();
  expectTypeOf<{
    timeRanges: { timeline: string; range: { start: "Infinite"; end: { Absolute: bigint } } }[];
  }>().toExtend<Options<typeof rrb.StateTimelineView>>();
});

it("refuses values that do not fit", () => {
  expectTypeOf<{ plotLegend: "Middle" }>().not.toExtend<Options<typeof rrb.TimeSeriesView>>();
  expectTypeOf<{ axisX: { link: true } }>().not.toExtend<Options<typeof rrb.TimeSeriesView>>();
  expectTypeOf<{ zoom: "near" }>().not.toExtend<Options<typeof rrb.MapView>>();
  expectTypeOf<{ viewFit: 9 }>().not.toExtend<Options<typeof rrb.TensorView>>();
  expectTypeOf<{ name: 1 }>().not.toExtend<Options<typeof rrb.GraphView>>();
  expectTypeOf<{ state: "Open" }>().not.toExtend<Options<typeof rrb.TimePanel>>();
  expectTypeOf<rrb.TimePanel>().not.toExtend<rrb.View>();
});

it("finds misspelt and foreign options where they are written", () => {
  // @ts-expect-error a graph has no axis
  expectTypeOf(() => new rrb.GraphView({ axisX: {} })).toBeFunction();
  // @ts-expect-error axisX, not xAxis
  expectTypeOf(() => new rrb.TimeSeriesView({ xAxis: {} })).toBeFunction();
  // @ts-expect-error a panel is no part of a container
  expectTypeOf(() => new rrb.Horizontal([new rrb.TimePanel()])).toBeFunction();
  // @ts-expect-error a column has no row shares
  expectTypeOf(() => new rrb.Horizontal([], { rowShares: [1] })).toBeFunction();
  // @ts-expect-error the source of a column is needed
  expectTypeOf(() => new rrb.CatalogTableBlueprint({ rows: { columns: [{ name: "A" }] } })).toBeFunction();
  // @ts-expect-error parts are views, containers and panels
  expectTypeOf(() => new rrb.Blueprint(["a"])).toBeFunction();
});

it("all blueprints can be sent, views and containers cannot", () => {
  expectTypeOf<rrb.Blueprint>().toExtend<LoggableBlueprint>();
  expectTypeOf<rrb.LoadedBlueprint>().toExtend<LoggableBlueprint>();
  expectTypeOf<rrb.CatalogTableBlueprint>().toExtend<LoggableBlueprint>();
  expectTypeOf<rrb.View>().not.toExtend<Parameters<RecordingStream["sendBlueprint"]>[0]>();
  expectTypeOf<rrb.Tabs>().not.toExtend<Parameters<RecordingStream["sendBlueprint"]>[0]>();
  expectTypeOf(rrb.loadBlueprint).returns.resolves.toEqualTypeOf<rrb.LoadedBlueprint>();
});
