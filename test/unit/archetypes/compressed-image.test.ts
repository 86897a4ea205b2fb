import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DepthImage, Image } from "../../../src/archetypes/index.ts";
import { describeWithOracle, oraclePython } from "../../oracle.ts";
import { instances } from "./instances.ts";

const WIDTH = 7;
const HEIGHT = 5;
const noise = (length: number, max: number) => Array.from({ length }, (_, i) => (i * 7919 + 13) % max);
const bytes = (channels: number) => Uint8Array.from(noise(WIDTH * HEIGHT * channels, 256));

/** Image, and its pixels as PIL reads them: red first. */
const IMAGES: [string, Image, string, number[]][] = [
  ["L", new Image(bytes(1), { width: WIDTH, height: HEIGHT }), "L", [...bytes(1)]],
  ["RGB", new Image(bytes(3), { width: WIDTH, height: HEIGHT }), "RGB", [...bytes(3)]],
  ["RGBA", new Image(bytes(4), { width: WIDTH, height: HEIGHT }), "RGBA", [...bytes(4)]],
  ["BGR", new Image(bytes(3), { width: WIDTH, height: HEIGHT, colorModel: "BGR" }), "RGB", swapped(bytes(3), 3)],
  ["BGRA", new Image(bytes(4), { width: WIDTH, height: HEIGHT, colorModel: "BGRA" }), "RGBA", swapped(bytes(4), 4)],
  [
    "L of U16",
    new Image(Uint16Array.from(noise(WIDTH * HEIGHT, 65536)), { width: WIDTH, height: HEIGHT }),
    "I;16",
    noise(WIDTH * HEIGHT, 65536),
  ],
];

function swapped(pixels: Uint8Array, channels: number): number[] {
  return Array.from(pixels, (_, i) => pixels[i % channels === 0 ? i + 2 : i % channels === 2 ? i - 2 : i] as number);
}

const DEPTHS: [string, DepthImage, string, number[]][] = [
  ["U8", new DepthImage(bytes(1), { width: WIDTH, height: HEIGHT }), "L", [...bytes(1)]],
  [
    "U16",
    new DepthImage(Uint16Array.from(noise(WIDTH * HEIGHT, 65536)), { width: WIDTH, height: HEIGHT }),
    "I;16",
    noise(WIDTH * HEIGHT, 65536),
  ],
];

function fileOf(image: Image | DepthImage): Uint8Array {
  const archetype = image instanceof DepthImage ? "EncodedDepthImage" : "EncodedImage";
  const found = instances(image.compress());
  expect(found[`${archetype}:media_type`]).toEqual(["image/png"]);
  return Uint8Array.from((found[`${archetype}:blob`] as [ArrayLike<number>])[0]);
}

describe("image.compress", () => {
  it("is smaller where there is something to save, and keeps the other fields", () => {
    const flat = new Image(new Uint8Array(100 * 100 * 3).fill(7), { width: 100, height: 100 }, { drawOrder: 3 });
    const found = instances(flat.compress());
    expect((found["EncodedImage:blob"] as [ArrayLike<number>])[0].length).toBeLessThan(500);
    expect(found["EncodedImage:draw_order"]).toEqual([3]);
  });

  it("depthImage.compress keeps meter, colours and range", () => {
    const size = { width: 100, height: 100 };
    const depth = new DepthImage(new Uint16Array(10_000).fill(700), size, { meter: 1000, colormap: "Viridis" });
    const found = instances(depth.compress());
    expect((found["EncodedDepthImage:blob"] as [ArrayLike<number>])[0].length).toBeLessThan(200);
    expect(found).toMatchObject({ "EncodedDepthImage:meter": [1000], "EncodedDepthImage:colormap": [6] });
  });

  it("a level says how much time it may take", () => {
    const image = new Image(new Uint8Array(30_000).fill(7), { width: 100, height: 100 });
    const sizes = [0, 1, 9].map((compressLevel) => {
      const found = instances(image.compress({ compressLevel }));
      return (found["EncodedImage:blob"] as [ArrayLike<number>])[0].length;
    });
    expect(sizes[0]).toBeGreaterThan(30_000);
    expect(sizes[2]).toBeLessThanOrEqual(sizes[1] as number);
  });

  it.each([
    ["a level that there is not", { compressLevel: 10 }, /from 0 to 9, got 10/],
    ["an option that there is not", { level: 3 } as object, /compress has no option "level"/],
  ])("%s is reported when it is logged", (_, options, message) => {
    const compressed = new DepthImage(new Uint8Array(4), { width: 2, height: 2 }).compress(options);
    expect(() => compressed.asComponentBatches()).toThrow(message);
  });

  it("the pixels of an RGB image are in its one IDAT chunk, filtered by the row above", () => {
    const file = Buffer.from(fileOf(IMAGES[1]?.[1] as Image));
    const length = file.readUInt32BE(33);
    expect(file.toString("latin1", 37, 41)).toBe("IDAT");
    const rows = inflateSync(file.subarray(41, 41 + length));
    expect(rows).toHaveLength(HEIGHT * (1 + 3 * WIDTH));
    expect(rows[0]).toBe(2);
  });

  it.each([
    ["a camera format", new Image(new Uint8Array(6), { width: 2, height: 2, pixelFormat: "NV12" })],
    ["floats", new Image(new Float32Array(4), { width: 2, height: 2 })],
    ["distances in floats", new DepthImage(new Float32Array(4), { width: 2, height: 2 })],
    ["too few pixels", new Image(new Uint8Array(3), { width: 2, height: 2 })],
  ])("%s is reported when it is logged, not before (I1)", (_, image) => {
    const compressed = image.compress();
    expect(() => compressed.asComponentBatches()).toThrow(expect.objectContaining({ code: "ERR_RERUN_DATA" }));
  });

  describeWithOracle("for Pillow", () => {
    it("every format has the pixels that went in", () => {
      const folder = mkdtempSync(join(tmpdir(), "otel-rerun-png-"));
      const paths = [...IMAGES, ...DEPTHS].map(([, image], i) => {
        const path = join(folder, `${i}.png`);
        writeFileSync(path, fileOf(image));
        return path;
      });
      const script = `import json, sys, numpy, PIL.Image
print(json.dumps([[image.mode, numpy.asarray(image).flatten().tolist()] for image in map(PIL.Image.open, sys.argv[1:])]))`;
      const { stdout, stderr, status } = spawnSync(oraclePython, ["-c", script, ...paths], { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual([...IMAGES, ...DEPTHS].map(([, , mode, pixels]) => [mode, pixels]));
    });
  });
});
