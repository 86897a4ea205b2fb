import { describe, expectTypeOf, it } from "vitest";
import * as rr from "../../../src/archetypes/index.ts";
import type * as rrb from "../../../src/blueprint/generated/index.ts";

type Arguments<T extends abstract new (...parameters: never[]) => unknown> = ConstructorParameters<T>;

describe("types of constructors", () => {
  it("take the forms of the documentation", () => {
    expectTypeOf(rr.Scalars).toBeConstructibleWith(0.5);
    expectTypeOf(rr.Scalars).toBeConstructibleWith(Float64Array.of(1));
    expectTypeOf(rr.TextLog).toBeConstructibleWith("text", { level: "WARN", color: "red" });
    expectTypeOf(rr.Points3D).toBeConstructibleWith(new Float32Array(3));
    expectTypeOf(rr.Points3D).toBeConstructibleWith([[1, 2, 3]], {
      colors: [[255, 0, 0], "blue", 0xff00ffff],
      radii: 1,
    });
    expectTypeOf(rr.Points3D).toBeConstructibleWith([{ x: 1, y: 2, z: 3 }], { pointShading: "Flat" });
    expectTypeOf(rr.GraphEdges).toBeConstructibleWith([["a", "b"]], { graphType: "Directed" });
    expectTypeOf(rr.Image).toBeConstructibleWith(new Uint8Array(3), { width: 1, height: 1, colorModel: "RGB" });
    expectTypeOf(rr.Image).toBeConstructibleWith({ data: new Uint8ClampedArray(4), width: 1, height: 1 });
    expectTypeOf(rr.EncodedImage).toBeConstructibleWith("photo.jpg", { opacity: 0.5 });
    expectTypeOf(rr.AssetVideo).toBeConstructibleWith(new Uint8Array(3), { mediaType: rr.MediaType.Mp4 });
    expectTypeOf(rr.Tensor).toBeConstructibleWith(new Float32Array(6), { shape: [2, 3], dimensionNames: ["y", "x"] });
    expectTypeOf(rr.Tensor).toBeConstructibleWith(
      [
        [1, 2],
        [3, 4],
      ],
      { valueRange: [0, 4] },
    );
    expectTypeOf(rr.Boxes2D).toBeConstructibleWith({ array: [1, 2, 3, 4], arrayFormat: "XYXY" });
    expectTypeOf(rr.Boxes3D).toBeConstructibleWith({ mins: [[0, 0, 0]], sizes: [[1, 1, 1]], fillMode: "Solid" });
    expectTypeOf(rr.Transform3D).toBeConstructibleWith({ rotation: { axis: [0, 0, 1], degrees: 90 }, scale: 2 });
    expectTypeOf(rr.Pinhole).toBeConstructibleWith({ fovY: 1, aspectRatio: 1.5, cameraXyz: "RUB" });
    expectTypeOf(rr.Pinhole).toBeConstructibleWith({ focalLength: 1, cameraXyz: rr.ViewCoordinates.RUB });
    expectTypeOf(rr.ViewCoordinates).toBeConstructibleWith(["Right", "Down", "Forward"]);
    expectTypeOf(rr.AnnotationContext).toBeConstructibleWith([[1, "car", "red"], { id: 2, keypoints: [[0, "nose"]] }]);
    expectTypeOf(rr.GeoPoints).toBeConstructibleWith([{ lat: 52.5, lon: 13.25 }]);
    expectTypeOf(rr.VideoFrameReference).toBeConstructibleWith({ seconds: 1.5 }, { videoReference: "/video" });
    expectTypeOf(rr.VideoStream).toBeConstructibleWith("H264", { sample: new Uint8Array(1) });
    expectTypeOf(rr.RecordingInfo).toBeConstructibleWith({ startTime: new Date(), name: "run" });
  });

  it("refuse the wrong ones", () => {
    expectTypeOf<[string]>().not.toExtend<Arguments<typeof rr.Points3D>>();
    expectTypeOf<[{ x: number; y: number }[]]>().not.toExtend<Arguments<typeof rr.Points3D>>();
    expectTypeOf<[]>().not.toExtend<Arguments<typeof rr.TextLog>>();
    expectTypeOf<[number]>().not.toExtend<Arguments<typeof rr.TextLog>>();
    expectTypeOf<[string, { level: number }]>().not.toExtend<Arguments<typeof rr.TextLog>>();
    expectTypeOf<["Circl"]>().not.toExtend<Arguments<typeof rr.SeriesPoints>>();
    expectTypeOf<[Uint8Array, { width: number }]>().not.toExtend<Arguments<typeof rr.Image>>();
    expectTypeOf<[{ array: number[]; arrayFormat: "XYZW" }]>().not.toExtend<Arguments<typeof rr.Boxes2D>>();
    expectTypeOf<[{ rotation: { axis: number[] } }]>().not.toExtend<Arguments<typeof rr.Transform3D>>();
    expectTypeOf<["H266"]>().not.toExtend<Arguments<typeof rr.VideoStream>>();
    expectTypeOf<[{ id: number; name: string }]>().not.toExtend<Arguments<typeof rr.McapSchema>>();
    expectTypeOf<"RLU">().not.toExtend<rr.AxesCode>();
    expectTypeOf<"text">().not.toExtend<keyof NonNullable<Arguments<typeof rr.TextLog>[1]>>();
    expectTypeOf<"colour">().not.toExtend<keyof NonNullable<Arguments<typeof rr.Points3D>[1]>>();
    expectTypeOf<["Row"]>().not.toExtend<Arguments<typeof rrb.ContainerBlueprint>>();
  });
});

describe("types of updates and columns", () => {
  it("know the fields", () => {
    expectTypeOf(rr.Points3D.update).parameter(0).toHaveProperty("labels");
    expectTypeOf<"colour">().not.toExtend<keyof Parameters<typeof rr.Points3D.update>[0]>();
    expectTypeOf(rr.Points3D.columns).toBeCallableWith({ positions: new Float32Array(6), radii: [1, 2] });
    expectTypeOf(rr.Points3D.columns({})).toHaveProperty("partition");
    expectTypeOf(rr.Scalars.clear).returns.toHaveProperty("asComponentBatches");
  });

  it("refuse values of the wrong kind", () => {
    expectTypeOf<{ text: number[] }>().not.toExtend<Parameters<typeof rr.TextLog.columns>[0]>();
    expectTypeOf<{ showLabels: string }>().not.toExtend<Parameters<typeof rr.Points3D.update>[0]>();
  });
});
