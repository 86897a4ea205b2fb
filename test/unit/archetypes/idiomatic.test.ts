import { describe, expect, it } from "vitest";
import * as rr from "../../../src/archetypes/index.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import { goldenFiles, instancesOf } from "./golden-values.ts";
import { instances } from "./instances.ts";

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i);

/** What a user writes here, beside what a user of the official SDK wrote for the same row. */
const idiomatic: [entity: string, row: AsComponents][] = [
  ["/logs", new rr.TextLog("started", { level: "INFO" })],
  ["/logs/coloured", new rr.TextLog("careful", { level: rr.TextLogLevel.Warn, color: [255, 128, 0] })],
  [
    "/points",
    new rr.Points3D(Float32Array.of(1, 2, 3, 4, 5, 6), {
      colors: ["red", [0, 255, 0, 128]],
      radii: [0.5],
      labels: ["p", "q"],
      classIds: [1, 2],
    }),
  ],
  [
    "/points2",
    new rr.Points2D([{ x: 0, y: 0 }, [1.5, -2]], { radii: rr.uiPoints(3), keypointIds: [0, 1], classIds: 7 }),
  ],
  ["/boxes", new rr.Boxes3D({ mins: [[0, 0, 0]], sizes: [[2, 4, 6]], labels: "box", fillMode: "Solid" })],
  ["/boxes2", new rr.Boxes2D({ array: [1, 2, 3, 4], arrayFormat: "XYWH", colors: 0xaabbccff })],
  [
    "/lines",
    new rr.LineStrips2D(
      [
        [
          [0, 0],
          [1, 1],
        ],
        [
          [2, 2],
          [3, 0],
          [4, 2],
        ],
      ],
      { colors: [[255, 128, 0]] },
    ),
  ],
  ["/arrows", new rr.Arrows3D([[1, 0, 0]], { origins: [[0, 0, 0]] })],
  [
    "/tf",
    new rr.Transform3D({
      translation: [1, 2, 3],
      rotation: { axis: [0, 0, 1], radians: 0.5 },
      scale: 2,
      relation: "ChildFromParent",
    }),
  ],
  [
    "/tf2",
    new rr.Transform3D({ translation: [0, 1, 0], rotation: [0, 0, 0, 1], parentFrame: "world", childFrame: "base" }),
  ],
  ["/image/rgb", new rr.Image(bytes(12), { width: 2, height: 2 })],
  ["/image/gray", new rr.Image({ data: bytes(6), width: 3, height: 2 })],
  ["/image/f32", new rr.Image(Float32Array.of(0.5, 1), { width: 2, height: 1, colorModel: "L" })],
  ["/image/nv12", new rr.Image(bytes(6), { width: 2, height: 2, pixelFormat: "NV12" })],
  [
    "/image/depth",
    new rr.DepthImage(Uint16Array.of(1000, 2000, 65535), { width: 3, height: 1 }, { meter: 1000, colormap: "Viridis" }),
  ],
  ["/image/seg", new rr.SegmentationImage(bytes(4), { width: 2, height: 2 })],
  ["/image/png", new rr.EncodedImage(Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 0, 0))],
  ["/tensor", new rr.Tensor(bytes(8), { shape: [2, 2, 2], dimensionNames: ["z", "y", "x"] })],
  ["/bars", new rr.BarChart(BigInt64Array.of(8n, 4n, 0n, 9n))],
  ["/graph", new rr.GraphNodes(["a", "b"], { positions: [0, 1, 2, 3], labels: ["A", "B"] })],
  [
    "/graph",
    new rr.GraphEdges(
      [
        ["a", "b"],
        ["b", "a"],
      ],
      { graphType: "Directed" },
    ),
  ],
  ["/state", new rr.StateChange("open")],
  ["/geo", new rr.GeoPoints({ lat: 52.5, lon: 13.25 }, { radii: rr.uiPoints(8), colors: "blue" })],
  [
    "/geo/line",
    new rr.GeoLineStrings([
      [
        [52.5, 13.25],
        [48.125, 11.5],
      ],
    ]),
  ],
  ["/pinhole", new rr.Pinhole({ focalLength: 100, width: 64, height: 48 })],
  [
    "/mesh",
    new rr.Mesh3D(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), {
      triangleIndices: [0, 1, 2],
      vertexColors: ["#f00", "#0f0", "#00f"],
    }),
  ],
  [
    "/annotations",
    new rr.AnnotationContext([
      [1, "one", "red"],
      { id: 2, label: "two" },
      { id: 3, label: "three", keypoints: [[0, "nose"]], connections: [[0, 0]] },
    ]),
  ],
  ["/escaped/a\\ b/\\[x\\].y/ü", new rr.Scalars(1)],
];

const rows: [file: string, entity: string, row: AsComponents][] = [
  ...idiomatic.map(([entity, row]): [string, string, AsComponents] => ["api_idiomatic.rrd", entity, row]),
  ["api_static.rrd", "/", rr.ViewCoordinates.RIGHT_HAND_Z_UP],
  [
    "api_any_values.rrd",
    "/any",
    rr.anyValues({ num: 1.5, count: 3, flag: true, text: "hi", many: [1, 2, 3], words: ["a", "b"] }),
  ],
  ["api_any_values.rrd", "/dynamic", rr.dynamicArchetype("MyThing", { mass: 2.5, tags: ["x", "y"] })],
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
