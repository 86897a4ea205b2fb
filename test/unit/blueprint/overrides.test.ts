import { expect, it } from "vitest";
import { LineStrips3D, SeriesLines, StateConfiguration } from "../../../src/archetypes/index.ts";
import * as rrb from "../../../src/blueprint.ts";
import { rowsOf } from "./blueprint-rows.ts";

/** Rows below `…/ViewContents/overrides`, their paths from there on. */
function overrideRows(overrides: rrb.EntityOverrides) {
  const rows = rowsOf(new rrb.Blueprint(new rrb.TimeSeriesView({ overrides })));
  return rows.flatMap((row) => {
    const path = row.entityPath.split("/ViewContents/overrides")[1];
    return path === undefined ? [] : [{ ...row, entityPath: path }];
  });
}

const bytes = (uuid: string): number[] => [...Buffer.from(uuid.replaceAll("-", ""), "hex")];

it("an archetype stands for the visualizer that draws it, with its values", () => {
  const types = [
    SeriesLines.update({ widths: 2 }),
    new LineStrips3D([]),
    StateConfiguration.update({ values: "up" }),
  ].map((archetype) => rrb.Visualizer.of(archetype).type);
  expect(types).toEqual(["SeriesLines", "Lines3D", "StateVisualizer"]);
  const [instruction, values, active] = overrideRows({ "/cpu/load": SeriesLines.update({ widths: 2 }) });
  const id = instruction?.entityPath.split("/").at(-1) as string;
  expect(instruction).toMatchObject({
    archetype: "VisualizerInstruction",
    fields: { visualizer_type: ["SeriesLines"] },
  });
  expect(values).toMatchObject({ entityPath: instruction?.entityPath, fields: { widths: [2] } });
  expect(active).toMatchObject({
    entityPath: "/cpu/load/visualizers",
    archetype: "ActiveVisualizers",
    fields: { instruction_ids: [bytes(id)] },
  });
});

it("visualizers of the same kind have ids of their own, the same for the same layout (I9)", () => {
  const twice = () => overrideRows({ "/a": [new rrb.Visualizer("SeriesLines"), new rrb.Visualizer("SeriesLines")] });
  const ids = twice().at(-1)?.fields.instruction_ids as number[][];
  expect(new Set(ids.map(String)).size).toBe(2);
  expect(twice()).toEqual(twice());
});

it("behaviour and time ranges leave the visualizers to the viewer", () => {
  const rows = overrideRows({ "/a": new rrb.EntityBehavior({ visible: false }) });
  expect(rows.map(({ entityPath, archetype }) => [entityPath, archetype])).toEqual([
    ["/a/visualizers", "EntityBehavior"],
  ]);
});

it("paths are escaped as in the recording", () => {
  const rows = overrideRows({ "a b/c": new rrb.EntityBehavior({ interactive: false }) });
  expect(rows[0]?.entityPath).toBe("/a\\ b/c/visualizers");
});
