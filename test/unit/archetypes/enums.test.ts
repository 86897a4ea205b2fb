import { describe, expect, it } from "vitest";
import * as rr from "../../../src/archetypes/index.ts";
import * as rrb from "../../../src/blueprint.ts";
import { rowsOf } from "../blueprint/blueprint-rows.ts";
import { instances } from "./instances.ts";

const size = { width: 2, height: 2 };

describe("values of enums are the exported constants or their names, in upper or lower case", () => {
  const colormap = (given: rr.Colormap) => instances(rr.DepthImage.update({ colormap: given }))["DepthImage:colormap"];

  it("of a field", () => {
    for (const given of [rr.Colormap.Turbo, "Turbo", "turbo", "TURBO"] as rr.Colormap[]) {
      expect(colormap(given)).toEqual([5]);
    }
    expect(instances(new rr.VideoStream(rr.VideoCodec.H264))).toEqual(instances(new rr.VideoStream("H264")));
  });

  it("of columns", () => {
    const spec = [...rr.VideoStream.columns({ codec: ["H264"] })][0]!.spec;
    const number = rr.VideoCodec.H264;
    expect(spec.accept?.(["h264", number])).toEqual([number, number]);
    expect(spec.accept?.(Uint32Array.of(number))).toEqual([number]);
  });

  it.each([99, "Turbot", 1.5, 5n, {}, true])("%s is none", (given) => {
    expect(() => colormap(given as rr.Colormap)).toThrow(/DepthImage:colormap: .* is none of Grayscale, Inferno, /);
  });

  it("of the format of an image", () => {
    const format = (given: Partial<rr.ImageFormat>, bytes: number) =>
      instances(new rr.Image(new Uint8Array(bytes), { ...size, ...given }))["Image:format"];
    const rgb = format({ colorModel: "RGB", channelDatatype: "U8" }, 12);
    expect(format({ colorModel: rr.ColorModel.RGB, channelDatatype: rr.ChannelDatatype.U8 }, 12)).toEqual(rgb);
    expect(format({ colorModel: "rgb" as "RGB", channelDatatype: "u8" as "U8" }, 12)).toEqual(rgb);
    expect(format({ pixelFormat: rr.PixelFormat.NV12 }, 6)).toEqual(format({ pixelFormat: "NV12" }, 6));
    // the number of this one is nought
    const planar = format({ pixelFormat: "Y_U_V12_LimitedRange" }, 6);
    expect(format({ pixelFormat: rr.PixelFormat.Y_U_V12_LimitedRange }, 6)).toEqual(planar);
    for (const pixelFormat of [rr.PixelFormat.NV12, rr.PixelFormat.Y_U_V12_LimitedRange]) {
      expect(() => format({ pixelFormat }, 5)).toThrow("is 6 bytes, 5 were given");
    }
    expect(() => format({ pixelFormat: "NV13" as "NV12" }, 6)).toThrow('"NV13" is none of Y_U_V12_LimitedRange, NV12');
    expect(() => format({ colorModel: 7 as 1 }, 6)).toThrow("7 is none of L, RGB, RGBA, BGR, BGRA");
    expect(() => format({ channelDatatype: "F8" as "F16" }, 6)).toThrow('"F8" is none of U8, I8');
  });

  it("of a tensor, and of a texture", () => {
    const tensor = (datatype: rr.ChannelDatatype) => instances(new rr.Tensor([1, 2], { datatype }));
    expect(tensor(rr.ChannelDatatype.F16)).toEqual(tensor("F16"));
    expect(tensor("f16" as "F16")).toEqual(tensor("F16"));
    expect(() => tensor(99 as 6)).toThrow("Tensor:data: 99 is none of U8, I8");
    const texture = { data: new Uint8Array(12), ...size, colorModel: rr.ColorModel.RGB };
    expect(() => instances(new rr.Mesh3D([0, 0, 0], { albedoTexture: texture }))).not.toThrow();
  });

  it("of axes, and in blueprints", () => {
    const layout = (options: object) => rowsOf(new rrb.Blueprint(new rrb.Spatial3DView(options)));
    expect(layout({ background: rrb.BackgroundKind.GradientBright })).toEqual(layout({ background: "GradientBright" }));
    expect(() => new rrb.CatalogTableBlueprint({ layout: rrb.TableLayoutKind.Cards })).toThrow(
      "needs the option cards",
    );
    const directions = ["right", "DOWN", "Forward"] as rr.ViewDir[];
    expect(instances(new rr.ViewCoordinates(directions))).toEqual(instances(rr.ViewCoordinates.RDF));
  });
});
