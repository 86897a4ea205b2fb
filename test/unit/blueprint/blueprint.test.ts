import { expect, it } from "vitest";
import * as rrb from "../../../src/blueprint.ts";
import { rowsOf } from "./blueprint-rows.ts";

const view = () => new rrb.TextLogView({ name: "Logs" });

it("gives the same rows for the same layout (I9)", () => {
  const layout = () => new rrb.Blueprint(new rrb.Horizontal([view(), view()]));
  expect(rowsOf(layout())).toEqual(rowsOf(layout()));
});

it("gives equal views at different places different ids", () => {
  const paths = rowsOf(new rrb.Blueprint(new rrb.Horizontal([view(), view()])))
    .filter(({ archetype }) => archetype === "ViewBlueprint")
    .map(({ entityPath }) => entityPath);
  expect(new Set(paths).size).toBe(2);
});

it("wraps a single view into tabs: a viewport has a container as its root", () => {
  const rows = rowsOf(new rrb.Blueprint(view()));
  const container = rows.find(({ archetype }) => archetype === "ContainerBlueprint");
  const root = rows.find(({ archetype }) => archetype === "ViewportBlueprint")?.fields.root_container?.[0] as number[];
  expect(container?.fields.container_kind).toEqual([1]);
  expect(container?.entityPath.replaceAll("-", "")).toBe(`/container/${Buffer.from(root).toString("hex")}`);
});

it("leaves everything to the viewer when there is no view", () => {
  const [row] = rowsOf(new rrb.Blueprint([], { collapsePanels: true }));
  expect(row).toMatchObject({ entityPath: "/viewport", fields: { auto_layout: [true], auto_views: [true] } });
});

it("collapses the panels that are not given", () => {
  const rows = rowsOf(new rrb.Blueprint([view(), new rrb.TimePanel({ state: "Expanded" })], { collapsePanels: true }));
  const states = rows
    .filter(({ entityPath }) => entityPath.endsWith("_panel"))
    .map(({ entityPath, fields }) => [entityPath, fields.state?.[0]]);
  expect(states).toEqual([
    ["/time_panel", 3],
    ["/blueprint_panel", 2],
    ["/selection_panel", 2],
  ]);
});

it("refers to the active tab by index or name", () => {
  const named = new rrb.Blueprint(new rrb.Tabs([new rrb.GraphView(), view()], { activeTab: "Logs" }));
  const tabs = rowsOf(named).find(({ archetype }) => archetype === "ContainerBlueprint")?.fields;
  expect(tabs?.active_tab).toEqual([tabs?.contents?.[1]]);
});

it("refuses an active tab that does not exist", () => {
  expect(() => new rrb.Tabs([view()], { activeTab: "Loggs" })).toThrow(
    expect.objectContaining({ code: "ERR_RERUN_ARGUMENT", message: expect.stringContaining("Logs") }),
  );
});

it("refuses two panels of the same kind and parts that are none", () => {
  const twice = [new rrb.TimePanel(), new rrb.TimePanel()];
  expect(() => new rrb.Blueprint(twice)).toThrow(/at most one TimePanel/);
  expect(() => new rrb.Blueprint("logs" as unknown as rrb.View)).toThrow(/views, containers and panels/);
});
