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

/**
 * One colour or many. A `Uint8Array` holds RGBA bytes one colour after the other, as canvas data does, a `Float32Array` the same with
 * 0–1 each; three of either are one opaque colour.
 */
export type Colors =
  | Color
  | readonly (Color | Uint8Array | Uint8ClampedArray | Float32Array | Float64Array)[]
  | Uint32Array
  | Uint8Array
  | Uint8ClampedArray
  | Float32Array
  | Float64Array;

const BYTE_ARRAYS = ["Uint8Array", "Uint8ClampedArray"];
const FLOAT_ARRAYS = ["Float16Array", "Float32Array", "Float64Array"];

/**
 * Colours as 0xRRGGBBAA. Three or four whole numbers up to 255 are the channels of one colour: as packed colours they would all
 * be (nearly) transparent black, which nobody means.
 */
export function acceptColors(values: unknown): unknown {
  if (ArrayBuffer.isView(values)) {
    const bytes = bytesOf(values);
    return bytes === undefined ? values : packed(bytes);
  }
  if (Array.isArray(values) && !isChannels(values)) return values.map(acceptColor);
  return acceptColor(values);
}

function acceptColor(value: unknown): unknown {
  if (typeof value === "string") return cssColor(value);
  if (ArrayBuffer.isView(value)) return ofChannels(bytesOf(value) ?? (value as unknown as ArrayLike<unknown>));
  return Array.isArray(value) ? ofChannels(value) : value;
}

/** Channels as bytes; undefined where whole colours are packed into numbers. */
function bytesOf(view: ArrayBufferView): Uint8Array | undefined {
  const tag = typedArrayTag(view);
  if (BYTE_ARRAYS.includes(tag)) return view as Uint8Array;
  return FLOAT_ARRAYS.includes(tag) ? Uint8Array.from(view as Float32Array, byteOf(tag)) : undefined;
}

/** As NumPy rounds, in the precision of the array: halves to the even neighbour. */
function byteOf(tag: string): (channel: number) => number {
  return (channel) => {
    const scaled = tag === "Float64Array" ? channel * 255 : Math.fround(channel * 255);
    const rounded = scaled % 1 === 0.5 ? 2 * Math.round(scaled / 2) : Math.round(scaled);
    if (rounded >= 0 && rounded <= 255) return rounded;
    throw new RerunError("ERR_RERUN_DATA", `the channels of a colour in a ${tag} are from 0 to 1, got ${channel}`);
  };
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
    throw new RerunError(
      "ERR_RERUN_DATA",
      "a colour array must hold 3 or 4 whole numbers from 0 to 255; numbers from 0 to 1 go into a Float32Array",
    );
  }
  return pack(red, green, blue, alpha);
}

function packed(bytes: Uint8Array): Uint32Array {
  if (bytes.length === 3) return Uint32Array.of(ofChannels(bytes));
  if (bytes.length % 4 !== 0) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `colours in one typed array need 4 numbers a colour (RGBA), ${bytes.length} were given`,
    );
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
