import { describe, expect, it } from "vitest";
import { acceptColors } from "../../../src/archetypes/color.ts";
import { cssColor } from "../../../src/archetypes/css-color.ts";
import { describeWithOracle, runScript } from "../../oracle.ts";

describe("colours", () => {
  it.each([
    ["#f80", 0xff8800ff],
    ["#f808", 0xff880088],
    ["#FF8800", 0xff8800ff],
    ["#ff880040", 0xff880040],
    ["orange", 0xffa500ff],
    [" RebeccaPurple ", 0x663399ff],
    ["transparent", 0],
  ])("%s", (text, color) => {
    expect(cssColor(text)).toBe(color);
  });

  it.each(["", "#", "#12345", "#ggg", "nocolour", "constructor"])("%j is refused", (text) => {
    expect(() => cssColor(text)).toThrow(/is not a colour: use "#rrggbb"/);
  });

  it.each<[string, unknown, unknown]>([
    ["a packed colour is left as it is", 0x11223344, 0x11223344],
    ["three channels are one opaque colour", [255, 136, 0], 0xff8800ff],
    ["four channels are one colour", [255, 136, 0, 64], 0xff880040],
    ["several packed colours", [0xff0000ff, 0x00ff00ff, 0x0000ffff], [0xff0000ff, 0x00ff00ff, 0x0000ffff]],
    ["a mixture", ["red", [0, 0, 255], 0x00ff00ff], [0xff0000ff, 0x0000ffff, 0x00ff00ff]],
    ["bytes of a canvas", Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 128), Uint32Array.of(0xff0000ff, 0x0000ff80)],
    ["packed typed arrays", Uint32Array.of(1), Uint32Array.of(1)],
    ["three bytes", Uint8Array.of(255, 136, 0), Uint32Array.of(0xff8800ff)],
    ["bytes in a list", [Uint8Array.of(255, 136, 0)], [0xff8800ff]],
    ["floats", Float32Array.of(1, 0.5, 0, 1, 0, 0, 1, 0.5), Uint32Array.of(0xff8000ff, 0x0000ff80)],
    ["floats in a list", [Float64Array.of(1, 0, 0)], [0xff0000ff]],
    ["none", [], []],
  ])("%s", (_, values, expected) => {
    expect(acceptColors(values)).toEqual(expected);
  });

  it.each([[[[1, 2]]], [[[1, 2, 300]]], [[[1, 2, 3, 4, 5]]], [[[0.5, 1, 1]]]])("%j is refused", (values) => {
    expect(() => acceptColors(values)).toThrow("3 or 4 whole numbers from 0 to 255");
  });

  it("bytes that are not whole colours are refused", () => {
    expect(() => acceptColors(new Uint8Array(5))).toThrow("4 numbers a colour (RGBA), 5 were given");
    expect(() => acceptColors(new Float32Array(6))).toThrow("4 numbers a colour (RGBA), 6 were given");
  });

  it.each([1.1, -0.1, Number.NaN, 255])("%d is no channel of floats", (channel) => {
    expect(() => acceptColors(Float32Array.of(channel, 0, 0))).toThrow("in a Float32Array are from 0 to 1");
  });

  describeWithOracle("of the official SDK", () => {
    it("are made of floats and bytes in the same way", () => {
      const channels = Array.from({ length: 256 }, (_, i) => i / 255);
      const halves = Array.from({ length: 256 }, (_, i) => Math.min(1, (i + 0.5) / 255));
      const given: [string, number[]][] = [
        ["float32", channels],
        ["float32", halves],
        ["float64", halves],
        ["float64", [1, 0.5, 0]],
        ["float32", [0.25, 0.5, 0.75, 0.1]],
        ["uint8", [1, 2, 3]],
        ["uint8", [1, 2, 3, 4]],
      ];
      const arrays = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };
      const ours = given.map(([type, values]) => acceptColors(new arrays[type as "uint8"](values)));
      expect(ours.map((colors) => [...(colors as Uint32Array)])).toEqual(runScript("colors.py", given));
    });
  });
});
