import { describe, expect, it } from "vitest";
import { acceptColors } from "../../../src/archetypes/color.ts";
import { cssColor } from "../../../src/archetypes/css-color.ts";

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
    ["none", [], []],
  ])("%s", (_, values, expected) => {
    expect(acceptColors(values)).toEqual(expected);
  });

  it.each([[[[1, 2]]], [[[1, 2, 300]]], [[[1, 2, 3, 4, 5]]], [[[0.5, 1, 1]]]])("%j is refused", (values) => {
    expect(() => acceptColors(values)).toThrow("3 or 4 whole numbers from 0 to 255");
  });

  it("bytes that are not whole colours are refused", () => {
    expect(() => acceptColors(new Uint8Array(5))).toThrow("4 a colour (RGBA), 5 were given");
  });
});
