import { describe, expect, it } from "vitest";
import {
  BarChart,
  type ChannelDatatype,
  Clear,
  DepthImage,
  GraphEdges,
  Image,
  Points3D,
  RecordingInfo,
  Scalars,
  SeriesPoints,
  StateConfiguration,
  TextLog,
} from "../../../src/archetypes/index.ts";
import { ViewportBlueprint } from "../../../src/blueprint/generated/index.ts";
import { instances } from "./instances.ts";

describe("an archetype holds what its constructor was given", () => {
  it("required fields by position, the others by name", () => {
    const points = new Points3D([[1, 2, 3]], { radii: 0.5, colors: ["red", 0x00ff0080], showLabels: false });
    expect(instances(points)).toEqual({
      "Points3D:positions": [[1, 2, 3]],
      "Points3D:radii": [0.5],
      "Points3D:colors": [0xff0000ff, 0x00ff0080],
      "Points3D:show_labels": [false],
    });
  });

  it("leaves out what is undefined or null", () => {
    expect(instances(new TextLog("hi", { level: undefined, color: null }))).toEqual({ "TextLog:text": ["hi"] });
  });

  it("empties what is an empty array", () => {
    expect(instances(Points3D.update({ labels: [] }))).toEqual({ "Points3D:labels": [] });
  });

  it("uses the same component objects each time: shapes are found by their identity", () => {
    const [first] = new Scalars(1).asComponentBatches();
    const [second] = new Scalars([2, 3]).asComponentBatches();
    expect(first?.spec).toBe(second?.spec);
  });
});

describe("mistakes are reported by the row, not thrown by the constructor (I1)", () => {
  it("a required value that is missing", () => {
    const text = new TextLog(undefined as unknown as string);
    expect(() => instances(text)).toThrow("TextLog:text: expected Utf8, got null");
  });

  it("a field that does not exist", () => {
    const points = new Points3D([[1, 2, 3]], { colour: "red" } as object);
    expect(() => instances(points)).toThrow(
      /Points3D has no field "colour"; did you mean colors\? Its fields are positions, radii/,
    );
  });

  it("a field named like a member of every object", () => {
    expect(() => instances(new Points3D([], { toString: 1 } as object))).toThrow(/no field "toString"/);
  });

  it("a name that is no value of an enum", () => {
    const points = new SeriesPoints("Circl" as "Circle");
    expect(() => instances(points)).toThrow(/SeriesPoints:markers: "Circl" is none of Circle, Diamond/);
  });
});

describe("update", () => {
  it("holds only the fields given", () => {
    expect(instances(Points3D.update({ radii: [1, 2] }))).toEqual({ "Points3D:radii": [1, 2] });
  });

  it("empties all others with clearUnset", () => {
    expect(instances(StateConfiguration.update({ values: "a" }, { clearUnset: true }))).toEqual({
      "StateConfiguration:values": ["a"],
      "StateConfiguration:labels": [],
      "StateConfiguration:colors": [],
      "StateConfiguration:visible": [],
    });
  });
});

describe("values with a meaning", () => {
  it("names of enum values", () => {
    expect(instances(new SeriesPoints(["Circle", "Asterisk"]))).toEqual({ "SeriesPoints:markers": [1, 10] });
  });

  it("edges as pairs or objects", () => {
    const edges = [{ first: "a", second: "b" }];
    expect(instances(new GraphEdges(["a", "b"]))).toEqual({ "GraphEdges:edges": edges });
    expect(instances(new GraphEdges([["a", "b"]], { graphType: "Directed" }))).toEqual({
      "GraphEdges:edges": edges,
      "GraphEdges:graph_type": [2],
    });
  });

  it("dates as nanoseconds", () => {
    const info = new RecordingInfo({ startTime: new Date("2026-01-02T03:04:05.678Z"), name: "run" });
    expect(instances(info)["RecordingInfo:start_time"]).toEqual([1767323045678000000n]);
  });

  it("an invalid date is refused", () => {
    expect(() => instances(new RecordingInfo({ startTime: new Date("?") }))).toThrow(
      "RecordingInfo:start_time: the Date is invalid",
    );
  });

  it("UUIDs as text or bytes", () => {
    const bytes = [0x01, 0x91, 0xe0, 0xa6, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xff];
    const expected = { "ViewportBlueprint:root_container": [bytes] };
    expect(instances(new ViewportBlueprint({ rootContainer: "0191e0a6-0000-4000-8000-0000000000ff" }))).toEqual(
      expected,
    );
    expect(instances(new ViewportBlueprint({ rootContainer: Uint8Array.from(bytes) }))).toEqual(expected);
  });

  it("numbers and typed arrays as one-dimensional tensors", () => {
    expect(instances(new BarChart([1, 2.5]))).toEqual({
      "BarChart:values": [{ shape: [2n], names: null, buffer: { F64: [1, 2.5] } }],
    });
    expect(instances(new BarChart(Uint16Array.of(7)))).toEqual({
      "BarChart:values": [{ shape: [1n], names: null, buffer: { U16: [7] } }],
    });
  });

  it("a tensor whose shape does not fit its data is refused", () => {
    const chart = new BarChart({ shape: [2, 2], data: [1, 2, 3] });
    expect(() => instances(chart)).toThrow("BarChart:values: shape 2 × 2 needs 4 numbers, 3 were given");
  });

  it("Clear of an entity or of all below it", () => {
    expect(instances(Clear.flat())).toEqual({ "Clear:is_recursive": [false] });
    expect(instances(Clear.recursive())).toEqual({ "Clear:is_recursive": [true] });
  });
});

describe("Image", () => {
  const formatOf = (image: Image) => instances(image)["Image:format"];

  it.each([
    [new Uint8Array(6), { color_model: 1, channel_datatype: 6 }],
    [new Uint8Array(18), { color_model: 2, channel_datatype: 6 }],
    [new Float32Array(24), { color_model: 3, channel_datatype: 34 }],
    [new Uint16Array(6), { color_model: 1, channel_datatype: 8 }],
  ])("finds colour model and datatype of %o", (pixels, found) => {
    expect(formatOf(new Image(pixels, { width: 3, height: 2 }))).toEqual([
      { width: 3, height: 2, pixel_format: null, ...found },
    ]);
  });

  it("writes the bytes of wider pixels", () => {
    expect(instances(new Image(Uint16Array.of(0x0102), { width: 1, height: 1 }))["Image:buffer"]).toEqual([[2, 1]]);
  });

  it("refuses pixels that are not as many as the format says", () => {
    const image = new Image(new Uint8Array(5), { width: 1, height: 2, colorModel: "RGB" });
    expect(() => image.asComponentBatches()).toThrow(
      "an image of 1 × 2 pixels with 3 channels (RGB) cannot be made of 5 numbers",
    );
  });

  it("counts the numbers that bytes are of the datatype", () => {
    const format = (bytes: number, channelDatatype: ChannelDatatype) =>
      formatOf(new Image(new Uint8Array(bytes), { width: 2, height: 2, channelDatatype }))?.[0];
    expect(format(16, "F32")).toMatchObject({ color_model: 1, channel_datatype: 34 });
    expect(format(24, "F16")).toMatchObject({ color_model: 2, channel_datatype: 33 });
    expect(() => format(15, "F32")).toThrow("cannot be made of 15 bytes of F32");
    expect(() => format(32, "F32")).toThrow("with 1, 3 or 4 channels cannot be made of 8 numbers (F32)");
  });

  it.each([
    ["an ArrayBuffer", new ArrayBuffer(13)],
    ["a plain array", Array(13).fill(0)],
  ])("refuses %s that does not fit", (_, pixels) => {
    const size = { width: 2, height: 2 };
    for (const image of [new Image(pixels as ArrayBuffer, size), new DepthImage(pixels as ArrayBuffer, size)]) {
      expect(() => image.asComponentBatches()).toThrow("cannot be made of 13 numbers (U8)");
    }
    const rgb = Array(12).fill(7) as unknown as Uint8Array;
    expect(formatOf(new Image(rgb, size))).toMatchObject([{ color_model: 2 }]);
  });

  it("what is in the format is an option of the archetype, or reported", () => {
    const pixels = new Uint16Array(4);
    const format = (more: object) => ({ width: 2, height: 2, ...more });
    expect(instances(new DepthImage(pixels, format({ meter: 1000 })))["DepthImage:meter"]).toEqual([1000]);
    expect(instances(new DepthImage(pixels, format({ meter: 1000 }), { meter: 1 }))["DepthImage:meter"]).toEqual([1]);
    const misspelt = format({ colourModel: "L" });
    for (const image of [new Image(pixels, misspelt), new DepthImage(pixels, misspelt)]) {
      expect(() => instances(image)).toThrow(
        /has no field "colourModel"; .* constructor width, height, pixelFormat, colorModel/,
      );
    }
  });

  it("leaves camera formats alone", () => {
    expect(formatOf(new Image(new Uint8Array(6), { width: 2, height: 2, pixelFormat: "NV12" }))).toEqual([
      { width: 2, height: 2, pixel_format: 26, color_model: null, channel_datatype: null },
    ]);
  });
});
