import { describe, expect, it } from "vitest";
import {
  anyValues,
  BarChart,
  dynamicArchetype,
  GraphEdges,
  GraphNodes,
  Image,
  Points3D,
  Scalars,
  StateChange,
  TextLog,
  TextLogLevel,
} from "../../../src/archetypes/index.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import { goldenFiles, instancesOf } from "./golden-values.ts";
import { instances } from "./instances.ts";

/** What a user writes here, beside what a user of the official SDK wrote for the same row. */
const rows: [file: string, entity: string, row: AsComponents][] = [
  ["api_idiomatic.rrd", "/logs", new TextLog("started", { level: "INFO" })],
  ["api_idiomatic.rrd", "/logs/coloured", new TextLog("careful", { level: TextLogLevel.Warn, color: [255, 128, 0] })],
  [
    "api_idiomatic.rrd",
    "/points",
    new Points3D(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      {
        colors: [
          [255, 0, 0],
          [0, 255, 0, 128],
        ],
        radii: [0.5],
        labels: ["p", "q"],
        classIds: [1, 2],
      },
    ),
  ],
  [
    "api_idiomatic.rrd",
    "/image/rgb",
    new Image(
      Uint8Array.from({ length: 12 }, (_, i) => i),
      { width: 2, height: 2 },
    ),
  ],
  [
    "api_idiomatic.rrd",
    "/image/gray",
    new Image(
      Uint8Array.from({ length: 6 }, (_, i) => i),
      { width: 3, height: 2 },
    ),
  ],
  ["api_idiomatic.rrd", "/image/f32", new Image(Float32Array.of(0.5, 1), { width: 2, height: 1, colorModel: "L" })],
  [
    "api_idiomatic.rrd",
    "/image/nv12",
    new Image(
      Uint8Array.from({ length: 6 }, (_, i) => i),
      { width: 2, height: 2, pixelFormat: "NV12" },
    ),
  ],
  ["api_idiomatic.rrd", "/bars", new BarChart(BigInt64Array.of(8n, 4n, 0n, 9n))],
  ["api_idiomatic.rrd", "/graph", new GraphNodes(["a", "b"], { positions: [0, 1, 2, 3], labels: ["A", "B"] })],
  [
    "api_idiomatic.rrd",
    "/graph",
    new GraphEdges(
      [
        ["a", "b"],
        ["b", "a"],
      ],
      { graphType: "Directed" },
    ),
  ],
  ["api_idiomatic.rrd", "/state", new StateChange("open")],
  ["api_idiomatic.rrd", "/escaped/a\\ b/\\[x\\].y/ü", new Scalars(1)],
  [
    "api_any_values.rrd",
    "/any",
    anyValues({ num: 1.5, count: 3, flag: true, text: "hi", many: [1, 2, 3], words: ["a", "b"] }),
  ],
  ["api_any_values.rrd", "/dynamic", dynamicArchetype("MyThing", { mass: 2.5, tags: ["x", "y"] })],
];

describe("a row is what the official SDK makes of the same call", () => {
  it.each(rows)("%s %s %#", (file, entity, row) => {
    const { entities, columns } = goldenFiles[file]!;
    const batches = row.asComponentBatches();
    const golden = entities[entity]?.[batches[0]?.spec.descriptor.archetype ?? ""]?.[0];
    const byComponent = batches.map(({ spec: { descriptor, type } }) => {
      const { archetype = null, component, componentType = null } = descriptor;
      expect({ archetype, componentType, arrow: type }).toEqual(columns[component]);
      const field = component.slice(component.indexOf(":") + 1);
      return [component, instancesOf(type, golden?.fields[field] ?? [])];
    });
    expect(byComponent).toHaveLength(Object.keys(golden?.fields ?? {}).length);
    expect(instances(row)).toEqual(Object.fromEntries(byComponent));
  });
});
