import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import { cssColor } from "./css-color.ts";

/**
 * One sRGB colour with separate alpha: `0xRRGGBBAA`, `[r, g, b]` or `[r, g, b, a]` with 0–255 each (alpha 255 when left out),
 * `"#rgb"`, `"#rrggbb"`, `"#rrggbbaa"`, or a CSS name such as `"orange"`.
 */
export type Color =
  | number
  | string
  | readonly [red: number, green: number, blue: number, alpha?: number]
  | readonly number[];

/** One colour or many. A `Uint8Array` holds RGBA bytes one colour after the other, as canvas data does. */
export type Colors = Color | readonly Color[] | Uint32Array | Uint8Array | Uint8ClampedArray;

const BYTE_ARRAYS = ["Uint8Array", "Uint8ClampedArray"];

/**
 * Colours as 0xRRGGBBAA. Three or four whole numbers up to 255 are the channels of one colour: as packed colours they would all
 * be (nearly) transparent black, which nobody means.
 */
export function acceptColors(values: unknown): unknown {
  if (ArrayBuffer.isView(values))
    return BYTE_ARRAYS.includes(typedArrayTag(values)) ? packed(values as Uint8Array) : values;
  if (Array.isArray(values) && !isChannels(values)) return values.map(acceptColor);
  return acceptColor(values);
}

function acceptColor(value: unknown): unknown {
  if (typeof value === "string") return cssColor(value);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? ofChannels(value as ArrayLike<unknown>) : value;
}

function isChannels(values: readonly unknown[]): boolean {
  return (values.length === 3 || values.length === 4) && values.every(isChannel);
}

function isChannel(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function ofChannels(channels: ArrayLike<unknown>): number {
  const [red, green, blue, alpha = 255] = Array.from(channels);
  if (channels.length > 4 || !isChannel(red) || !isChannel(green) || !isChannel(blue) || !isChannel(alpha)) {
    throw new RerunError("ERR_RERUN_DATA", "a colour array must hold 3 or 4 whole numbers from 0 to 255");
  }
  return pack(red, green, blue, alpha);
}

function packed(bytes: Uint8Array): Uint32Array {
  if (bytes.length % 4 !== 0) {
    throw new RerunError("ERR_RERUN_DATA", `colours as bytes need 4 a colour (RGBA), ${bytes.length} were given`);
  }
  const colors = new Uint32Array(bytes.length / 4);
  for (let i = 0; i < colors.length; i++) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = bytes.subarray(i * 4, i * 4 + 4);
    colors[i] = pack(red, green, blue, alpha);
  }
  return colors;
}

function pack(red: number, green: number, blue: number, alpha: number): number {
  return ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;
}
