import { describe, expect, it } from "vitest";
import { processBlueprint, requestBlueprint } from "../../../src/blueprint.ts";
import { rowsOf } from "./blueprint-rows.ts";

const named = (blueprint: ReturnType<typeof processBlueprint>) =>
  new Map(
    rowsOf(blueprint)
      .filter(({ archetype }) => archetype === "ViewBlueprint")
      .map(({ entityPath, fields }) => [fields.display_name?.[0], { entityPath, origin: fields.space_origin?.[0] }]),
  );

describe.each([
  ["process", processBlueprint(), "log_time"],
  ["request", requestBlueprint(), "elapsed"],
])("the %s dashboard", (_, blueprint, timeline) => {
  const rows = rowsOf(blueprint);

  it("starts paused on its timeline: viewers would play it in a moving window", () => {
    const panel = rows.filter(({ entityPath }) => entityPath === "/time_panel");
    expect(panel.map(({ fields }) => fields)).toEqual([{ state: [2], timeline: [timeline] }, { play_state: [1] }]);
  });

  it("shows the whole timeline in every view over time", () => {
    const overTime = rows.filter(({ fields }) =>
      ["TimeSeries", "StateTimeline"].includes(String(fields.class_identifier?.[0])),
    );
    for (const { entityPath } of overTime) {
      const axis = rows.find((row) => row.entityPath === `${entityPath}/TimeAxis`);
      expect(axis?.fields).toEqual({ view_range: [{ start: "Infinite", end: "Infinite" }] });
    }
    expect(overTime.length).toBeGreaterThan(0);
  });
});

it("shows what the layout writes", () => {
  const origins = [...named(processBlueprint()).values()].map(({ origin }) => origin);
  expect(origins).toEqual([
    "/latency",
    "/summary",
    "/requests",
    "/metrics/http",
    "/metrics/nodejs/eventloop",
    "/metrics/nodejs/memory",
    "/logs",
    "/spans",
    "/metrics/duration",
    "/histogram",
    "/graph",
  ]);
});

it("has a view of all spans only when they are written", () => {
  expect(named(processBlueprint()).has("Spans")).toBe(false);
  expect(named(processBlueprint({ flame: true })).get("Spans")?.origin).toBe("/flame");
});

it("finds the metrics of several processes under their slugs", () => {
  const blueprint = processBlueprint({ instances: ["shop_0", "inventory_1"] });
  const path = named(blueprint).get("Memory, MB")?.entityPath;
  expect(rowsOf(blueprint).find(({ entityPath }) => entityPath === `${path}/ViewContents`)?.fields.query).toEqual([
    "+ /metrics/shop_0/nodejs/memory/**",
    "+ /metrics/inventory_1/nodejs/memory/**",
  ]);
});
