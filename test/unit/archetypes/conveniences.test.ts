import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as rr from "../../../src/archetypes/index.ts";
import { instances } from "./instances.ts";

describe("boxes", () => {
  it.each<[rr.Box2DFormat, number[]]>([
    ["XYWH", [1, 2, 4, 6]],
    ["YXHW", [2, 1, 6, 4]],
    ["XYXY", [1, 2, 5, 8]],
    ["YXYX", [2, 1, 8, 5]],
    ["XCYCWH", [3, 5, 4, 6]],
    ["XCYCW2H2", [3, 5, 2, 3]],
  ])("as %s", (arrayFormat, box) => {
    const boxes = new rr.Boxes2D({ array: [box, box], arrayFormat });
    expect(instances(boxes)).toEqual({
      "Boxes2D:half_sizes": [
        [2, 3],
        [2, 3],
      ],
      "Boxes2D:centers": [
        [3, 5],
        [3, 5],
      ],
    });
  });

  it("by corners, with one size for all", () => {
    const boxes = new rr.Boxes3D({ mins: [0, 0, 0, 10, 10, 10], sizes: { x: 2, y: 4, z: 6 }, labels: ["a", "b"] });
    expect(instances(boxes)["Boxes3D:centers"]).toEqual([
      [1, 2, 3],
      [11, 12, 13],
    ]);
  });

  it("turned by quaternions or axes", () => {
    const turned = (rotations: rr.Rotation[]) => instances(new rr.Boxes3D({ halfSizes: [1, 1, 1], rotations }));
    expect(turned([[0, 0, 0, 1]])["Boxes3D:quaternions"]).toEqual([[0, 0, 0, 1]]);
    expect(turned([{ axis: [0, 0, 1], degrees: 180 }])["Boxes3D:rotation_axis_angles"]).toEqual([
      { axis: [0, 0, 1], angle: Math.fround(Math.PI) },
    ]);
  });

  it.each<[string, rr.Boxes3DInit]>([
    ["halfSizes or sizes are needed", {}],
    ["give sizes or halfSizes, not both", { sizes: [1, 1, 1], halfSizes: [1, 1, 1] }],
    ["give mins or centers, not both", { sizes: [1, 1, 1], mins: [0, 0, 0], centers: [0, 0, 0] }],
    ["Boxes3D:sizes: expected vectors of 3 numbers", { sizes: [1, 2] }],
    ["3 and 2 were given", { sizes: [1, 1, 1, 1, 1, 1], mins: [0, 0, 0, 0, 0, 0, 0, 0, 0] }],
  ])("report when logged: %s", (message, init) => {
    const boxes = new rr.Boxes3D(init);
    expect(() => boxes.asComponentBatches()).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_DATA", message: expect.stringContaining(message) }),
    );
  });

  it("name the formats when there is none", () => {
    expect(() => new rr.Boxes2D({ array: [1, 2, 3, 4] }).asComponentBatches()).toThrow(/arrayFormat, one of XYWH/);
  });
});

it("ellipsoids by one radius are balls", () => {
  expect(instances(new rr.Ellipsoids3D({ radii: [1, 2] }))).toEqual({
    "Ellipsoids3D:half_sizes": [
      [1, 1, 1],
      [2, 2, 2],
    ],
  });
  expect(() => new rr.Ellipsoids3D({}).asComponentBatches()).toThrow("give either halfSizes or radii");
});

describe("Transform3D", () => {
  it("refuses to be turned twice", () => {
    const twice = new rr.Transform3D({ rotation: [0, 0, 0, 1], quaternion: [0, 0, 0, 1] });
    expect(() => twice.asComponentBatches()).toThrow("rotation excludes quaternion");
  });

  it.each([
    { degrees: 1, radians: 1 },
    { angle: 1, degrees: 1 },
    { angle: 1, radians: 1 },
  ])("refuses an axis with %o", (turns) => {
    const rotation = { axis: [0, 0, 1], ...turns } as unknown as rr.Rotation;
    expect(() => instances(new rr.Transform3D({ rotation }))).toThrow("or degrees, and exactly one of them");
  });

  it("refuses an axis without an angle", () => {
    const turned = new rr.Transform3D({ rotation: { axis: [0, 0, 1] } as unknown as rr.AxisAngle });
    expect(() => instances(turned)).toThrow(/Transform3D:rotation_axis_angle: .*needs angle or radians/);
  });
});

describe("Pinhole", () => {
  const projection = (init: rr.PinholeInit) => instances(new rr.Pinhole(init))["Pinhole:image_from_camera"];

  it.each<[string, rr.PinholeInit, number[]]>([
    ["focal length and size", { focalLength: 100, width: 64, height: 48 }, [100, 0, 0, 0, 100, 0, 32, 24, 1]],
    [
      "two focal lengths and a principal point",
      { focalLength: [100, 90], principalPoint: { x: 30, y: 20 } },
      [100, 0, 0, 0, 90, 0, 30, 20, 1],
    ],
    ["an angle of view", { fovY: Math.PI / 2, aspectRatio: 2 }, [0.5, 0, 0, 0, 0.5, 0, 1, 0.5, 1]],
    [
      "rows of the matrix",
      {
        imageFromCamera: [
          [100, 0, 32],
          [0, 100, 24],
          [0, 0, 1],
        ],
      },
      [100, 0, 0, 0, 100, 0, 32, 24, 1],
    ],
  ])("from %s", (_, init, expected) => {
    expect(projection(init)).toEqual([expected.map(Math.fround)]);
  });

  it("takes axes by code, names or constant", () => {
    for (const cameraXyz of ["RUB", ["Right", "Up", "Back"], rr.ViewCoordinates.RUB] as rr.AxesDirections[]) {
      const camera = new rr.Pinhole({ focalLength: 1, width: 2, height: 2, cameraXyz });
      expect(instances(camera)["Pinhole:camera_xyz"]).toEqual([[3, 1, 6]]);
    }
  });

  it.each<[string, rr.PinholeInit]>([
    ["give focalLength, fovY with aspectRatio, or imageFromCamera", { width: 1, height: 1 }],
    ["give principalPoint, resolution, or width and height", { focalLength: 1 }],
    ["give resolution, or width and height", { focalLength: 1, resolution: [1, 1], width: 1 }],
    ["imageFromCamera excludes focalLength", { imageFromCamera: [1, 0, 0, 0, 1, 0, 0, 0, 1], focalLength: 1 }],
  ])("reports when logged: %s", (message, init) => {
    expect(() => new rr.Pinhole(init).asComponentBatches()).toThrow(message);
  });
});

describe("ViewCoordinates", () => {
  it("has a constant for each of the 48 ways, and the same one each time", () => {
    const codes = Object.getOwnPropertyNames(rr.ViewCoordinates).filter((name) => /^[UDRLFB]{3}$/.test(name));
    expect(codes).toHaveLength(48);
    const constants = rr.ViewCoordinates as unknown as Record<string, rr.ViewCoordinates>;
    const axes = codes.map((code) => JSON.stringify(instances(constants[code]!)["ViewCoordinates:xyz"]));
    expect(new Set(axes).size).toBe(48);
    expect(rr.ViewCoordinates.RDF).toBe(rr.ViewCoordinates.RIGHT_HAND_Y_DOWN);
  });

  it("refuses opposite directions", () => {
    expect(() => instances(new rr.ViewCoordinates("RLU" as rr.AxesCode))).toThrow('"RLU" are no axes');
  });
});

describe("files", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "otel-rerun-files-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const mediaType = (row: rr.Archetype) =>
    Object.entries(instances(row)).find(([name]) => /media_type/.test(name))?.[1];

  it("are read from a path or a URL when they are logged, and known by their ending", () => {
    const file = path.join(folder, "photo.JPG");
    const photo = new rr.EncodedImage(file, { opacity: 0.5 });
    writeFileSync(file, "jpeg");
    const expected = {
      "EncodedImage:blob": [[...Buffer.from("jpeg")]],
      "EncodedImage:media_type": ["image/jpeg"],
      "EncodedImage:opacity": [0.5],
    };
    expect(instances(photo)).toEqual(expected);
    expect(instances(new rr.EncodedImage(pathToFileURL(file), { opacity: 0.5 }))).toEqual(expected);
  });

  it("that cannot be read are reported", () => {
    expect(() => new rr.Asset3D(path.join(folder, "none.glb")).asComponentBatches()).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_FILE", message: expect.stringContaining("none.glb cannot be read") }),
    );
  });

  it("are known by their first bytes, and left to the viewer where these say nothing", () => {
    expect(mediaType(new rr.EncodedImage(Buffer.from("\x89PNG\r\n\x1a\n", "latin1")))).toEqual(["image/png"]);
    expect(mediaType(new rr.AssetVideo(Buffer.from("\0\0\0\x18ftypmp42", "latin1")))).toEqual(["video/mp4"]);
    expect(mediaType(new rr.AssetAudio(Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1")))).toEqual(["audio/wav"]);
    expect(mediaType(new rr.Asset3D(Uint8Array.from(Buffer.from("glTF")).buffer))).toEqual(["model/gltf-binary"]);
    expect(mediaType(new rr.Asset3D(Uint8Array.from(Buffer.from("v 0 0 0"))))).toBeUndefined();
    expect(mediaType(new rr.Asset3D(Uint8Array.of(1), { mediaType: "model/obj" }))).toEqual(["model/obj"]);
  });
});

describe("tensors", () => {
  const tensor = (...given: ConstructorParameters<typeof rr.Tensor>) =>
    instances(new rr.Tensor(...given))["Tensor:data"];

  it("from nested arrays", () => {
    const nested = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(tensor(nested)).toEqual([{ shape: [2n, 3n], names: null, buffer: { F64: [1, 2, 3, 4, 5, 6] } }]);
    expect(() => tensor([[1, 2], [3]])).toThrow("begin with 2 × 2 are not equally long");
  });

  it("from objects with shape and data, as array libraries have them", () => {
    expect(tensor({ shape: [1, 2], data: Int8Array.of(1, 2) }, { dimensionNames: ["y", "x"] })).toEqual([
      { shape: [1n, 2n], names: ["y", "x"], buffer: { I8: [1, 2] } },
    ]);
  });

  it("whose names are not as many as the dimensions, or with fields that do not exist, are refused", () => {
    const data = new Float32Array(2);
    expect(() => tensor(data, { shape: [1, 2], dimensionNames: ["y"] })).toThrow("names are 1 and dimensions 2");
    const misspelt = { shape: [1, 2], data, dimNames: ["y", "x"] };
    expect(() => tensor(misspelt)).toThrow('a tensor has no "dimNames"; it has shape, data, names, datatype');
    expect(() => instances(new rr.Volume3D(misspelt))).toThrow('a tensor has no "dimNames"');
    class Foreign {
      readonly shape = [1, 2];
      readonly data = data;
      readonly stride = [2, 1];
    }
    expect(tensor(new Foreign())).toMatchObject([{ shape: [1n, 2n] }]);
  });

  it("of several rows are no bar chart", () => {
    const rows = [
      [1, 2],
      [3, 4],
    ];
    expect(() => instances(new rr.BarChart(rows as never))).toThrow("a chart is one array of numbers");
    expect(instances(new rr.BarChart([1, 2]))["BarChart:values"]).toMatchObject([{ shape: [2n] }]);
  });

  it("whose shape does not fit are refused", () => {
    expect(() => tensor(new Float32Array(5), { shape: [2, 3] })).toThrow("Tensor:data: shape 2 × 3 needs 6 numbers, 5");
  });
});

describe("images", () => {
  it("of camera formats are counted", () => {
    const image = new rr.Image(new Uint8Array(5), { width: 2, height: 2, pixelFormat: "NV12" });
    expect(() => image.asComponentBatches()).toThrow("an image of 2 × 2 pixels in NV12 is 6 bytes, 5 were given");
  });

  it("of depth have one channel", () => {
    const image = new rr.DepthImage(new Float32Array(5), { width: 2, height: 3 });
    expect(() => image.asComponentBatches()).toThrow("2 × 3 pixels with 1 channel cannot be made of 5 numbers");
    expect(instances(new rr.DepthImage(new Float32Array(6), { width: 2, height: 3 }))["DepthImage:format"]).toEqual([
      { width: 2, height: 3, pixel_format: null, color_model: null, channel_datatype: 34 },
    ]);
  });

  it("are textures of meshes", () => {
    const texture = (channels: number) => ({ data: new Uint8Array(channels), width: 1, height: 1 });
    const mesh = new rr.Mesh3D([0, 0, 0], { albedoTexture: texture(3) });
    expect(instances(mesh)["Mesh3D:albedo_texture_format"]).toEqual([
      { width: 1, height: 1, pixel_format: null, color_model: 2, channel_datatype: 6 },
    ]);
    expect(() => new rr.Mesh3D([0, 0, 0], { albedoTexture: texture(1) }).asComponentBatches()).toThrow("RGB or RGBA");
  });
});

describe("places and pairs", () => {
  it("of a video in any unit", () => {
    const at = (time: rr.VideoTime) => instances(new rr.VideoFrameReference(time))["VideoFrameReference:timestamp"];
    for (const time of [1_500_000_000n, { seconds: 1.5 }, { millis: 1500 }, { nanos: 1_500_000_000 }]) {
      expect(at(time)).toEqual([1_500_000_000n]);
    }
    expect(() => at({ hours: 1 } as unknown as rr.VideoTime)).toThrow("{ seconds }, { millis } or { nanos }");
  });

  it("of texts as objects, Maps or pairs; an empty object is no clearing", () => {
    const metadata = (given: rr.KeyValues) =>
      instances(rr.McapChannel.update({ metadata: given }))["McapChannel:metadata"];
    const expected = [[{ first: "a", second: "b" }]];
    expect(metadata({ a: "b" })).toEqual(expected);
    expect(metadata(new Map([["a", "b"]]))).toEqual(expected);
    expect(metadata([["a", "b"]])).toEqual(expected);
    expect(metadata({})).toEqual([[]]);
  });

  it("of counts by channel", () => {
    const counts = rr.McapStatistics.update({ channelMessageCounts: { 1: 10, 2: 2n ** 63n } });
    expect(instances(counts)["McapStatistics:channel_message_counts"]).toEqual([
      [
        { channel_id: 1, message_count: 10n },
        { channel_id: 2, message_count: 2n ** 63n },
      ],
    ]);
  });
});

it("archetypes with many required fields take them by name, and report those that are missing", () => {
  const schema = new rr.McapSchema({ id: 1, name: "a", encoding: "json" } as rr.McapSchemaInit);
  expect(() => instances(schema)).toThrow("McapSchema:data: expected List<UInt8>, got null");
});

it("clear() empties all fields", () => {
  expect(instances(rr.Scalars.clear())).toEqual({ "Scalars:scalars": [] });
});

it("a user's archetype has component types of Rerun", () => {
  const charge = rr.components.Scalar("my.Battery", "charge");
  expect(charge.descriptor).toEqual({
    archetype: "my.Battery",
    component: "my.Battery:charge",
    componentType: "rerun.components.Scalar",
  });
});

describe("classes of an annotation context", () => {
  const ours = { id: 1, label: "person", keypoints: [[0, "nose"] as const], connections: [[0, 0] as const] };
  const pythons = {
    info: [1, "person"] as const,
    keypointAnnotations: [[0, "nose"] as const],
    keypointConnections: [[0, 0] as const],
  };

  it("may be written as in Rerun's Python SDK", () => {
    expect(instances(new rr.AnnotationContext([pythons]))).toEqual(instances(new rr.AnnotationContext([ours])));
  });

  it("have no other fields", () => {
    const { info: _, ...misspelt } = { ...pythons, id: 1 };
    const context = new rr.AnnotationContext([misspelt as never]);
    expect(() => instances(context)).toThrow(
      'a class has no "keypointAnnotations"; it has id, label, color, keypoints',
    );
  });
});
