import { describe, expect, it } from "vitest";
import { dataViews, dependsOnCursor } from "../../../src/blueprint/data-views.ts";
import { processBlueprint, requestBlueprint } from "../../../src/blueprint.ts";
import { rowsOf } from "./blueprint-rows.ts";

/** Like `/camera/image Image`. */
const views = (entities: readonly string[], instances?: readonly string[]) =>
  dataViews(
    entities.map((line) => {
      const [path = "", ...archetypes] = line.split(" ");
      return [path, new Set(archetypes.map((name) => (name === "-" ? "" : `rerun.archetypes.${name}`)))];
    }),
    instances,
  );
const lines = (...args: Parameters<typeof views>) =>
  views(...args).map(({ kind, name, origin, contents }) => `${kind} ${name} ${origin} ${contents.join(", ")}`);

describe("views of what is logged by hand", () => {
  it("are none where there is telemetry only, and what a recorder says of itself", () => {
    const telemetry = [
      "/latency/GET Scalars SeriesPoints",
      "/requests/01 StateChange",
      "/logs/shop TextLog",
      "/spans -",
    ];
    const more = ["/summary TextDocument", "/graph GraphNodes", "/__properties/resource -", "/__warnings TextLog"];
    const metrics = [
      "/metrics/http/requests Scalars",
      "/metrics/nodejs/memory/x Scalars",
      "/metrics/duration/x/p50 Scalars",
    ];
    expect(lines([...telemetry, ...more, ...metrics])).toEqual([]);
  });

  it("are of the kind that the data is", () => {
    expect(
      lines([
        "/world/points Points3D",
        "/camera/image Image",
        "/my/value Scalars",
        "/my/notes TextLog",
        "/door StateChange",
        "/readme TextDocument",
        "/cart -",
        "/style SeriesLines",
      ]),
    ).toEqual([
      "3D 3D / + /world/**",
      "2D camera/image /camera/image + $origin/**",
      "TimeSeries my /my + /my/**",
      "StateTimeline States / + /door/**",
      "TextDocument readme /readme + $origin",
      "TextLog Text / + /my/**",
      "Dataframe Other values / + /cart/**",
    ]);
  });

  it("do not hide an image behind another, and have what is drawn on it", () => {
    expect(lines(["/camera/image Image", "/camera/boxes Boxes2D", "/camera/mask SegmentationImage"])).toEqual([
      "2D camera /camera + $origin/**",
    ]);
    expect(lines(["/cam/left/image Image", "/cam/left/boxes Boxes2D", "/cam/right EncodedImage"])).toEqual([
      "2D cam/left /cam/left + $origin/**",
      "2D cam/right /cam/right + $origin/**",
    ]);
    expect(lines(["/image Image", "/boxes Boxes2D"])).toEqual(["2D 2D / + /image/**, + /boxes/**"]);
  });

  it("draw numbers at the root together, and metrics of the application by their group", () => {
    expect(lines(["/cpu Scalars", "/load Scalars", "/metrics/orders/open Scalars"])).toEqual([
      "TimeSeries Numbers / + /cpu/**, + /load/**",
      "TimeSeries orders /metrics/orders + /metrics/orders/**",
    ]);
    expect(lines(["/metrics/shop_1/http/requests Scalars", "/metrics/shop_1/orders/open Scalars"], ["shop_1"])).toEqual(
      ["TimeSeries shop_1/orders /metrics/shop_1/orders + /metrics/shop_1/orders/**"],
    );
  });

  it("are also of what is logged at the root", () => {
    expect(lines(["/ Points3D", "/a Points3D"])).toEqual(["3D 3D / + /, + /a/**"]);
    expect(lines(["/ Image"])).toEqual(["2D 2D / + /"]);
  });

  it("stay few, whatever is logged", () => {
    const many = Array.from({ length: 500 }, (_, i) => `/sensor${i} Scalars Image Tensor TextDocument`);
    const all = views(many);
    expect(all.length).toBeLessThan(30);
    expect(Math.max(...all.map(({ contents }) => contents.length))).toBeLessThan(40);
  });

  it("do not change when there is one entity more of the same part", () => {
    expect(lines(["/world/a Points3D", "/my/a Scalars"])).toEqual(
      lines(["/world/a Points3D", "/my/a Scalars", "/world/b Boxes3D", "/my/b/c Scalars"]),
    );
  });
});

describe.each([
  ["process", processBlueprint],
  ["request", requestBlueprint],
])("the %s dashboard with data", (_, blueprintOf) => {
  const names = (data: ReturnType<typeof views>) =>
    rowsOf(blueprintOf({ data })).flatMap(({ archetype, fields }) =>
      archetype === "ContainerBlueprint" ? (fields.display_name ?? []) : [],
    );

  it("has a tab for it, and none without", () => {
    expect(names([])).not.toContain("Data");
    expect(names(views(["/my/value Scalars"]))).toContain("Data");
  });

  it("begins at the end where a view shows what is true at the cursor: an image is not there at the beginning", () => {
    const [numbers, image] = [views(["/my/value Scalars"]), views(["/image Image"])];
    expect([dependsOnCursor(numbers), dependsOnCursor(image)]).toEqual([false, true]);
    const playState = (data: ReturnType<typeof views>) =>
      rowsOf(blueprintOf({ data })).find(({ fields }) => fields.play_state !== undefined)?.fields.play_state;
    expect([playState(numbers), playState(image)]).toEqual([[1], [3]]);
  });

  it("lets viewers add no views of their own, which would be of telemetry", () => {
    const viewport = rowsOf(blueprintOf()).find(({ entityPath }) => entityPath === "/viewport");
    expect(viewport?.fields).toMatchObject({ auto_views: [false], auto_layout: [false] });
  });
});
