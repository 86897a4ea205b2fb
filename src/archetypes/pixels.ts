import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import { enumName, knownEnumName } from "./accept.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { ChannelDatatype, ColorModel, PixelFormat } from "./generated/enums.ts";
import type { NumericArray } from "./value-types.ts";

/** Pixels row by row, from the top left, channels side by side. The kind of array is the datatype of a channel. */
export type ImagePixels = NumericArray | BigInt64Array | BigUint64Array | ArrayBuffer;

/** Pixels and format in one object, as `ImageData` of a canvas is; without a format RGBA, gray and so on follow from the size. */
export interface RawImage extends ImageFormat {
  readonly data: ImagePixels;
}

/** What is inside one pixel: colours, or a number that means something else. */
export type PixelMeaning = "color" | "number";

type NameOf<Enum> = keyof Enum;

/** A format whose enums are given by their names, as this file and `png.ts` look them up. */
export interface NamedFormat extends ImageFormat {
  readonly pixelFormat?: NameOf<typeof PixelFormat> | null | undefined;
  readonly colorModel?: NameOf<typeof ColorModel> | null | undefined;
  readonly channelDatatype?: NameOf<typeof ChannelDatatype> | null | undefined;
}

const CHANNELS: Readonly<Record<NameOf<typeof ColorModel>, number>> = { L: 1, RGB: 3, RGBA: 4, BGR: 3, BGRA: 4 };
const MODELS: Readonly<Record<number, NameOf<typeof ColorModel>>> = { 1: "L", 3: "RGB", 4: "RGBA" };

const BYTES_PER_PIXEL: Readonly<Record<NameOf<typeof PixelFormat>, number>> = {
  Y_U_V12_LimitedRange: 1.5,
  NV12: 1.5,
  YUY2: 2,
  Y8_FullRange: 1,
  Y_U_V24_LimitedRange: 3,
  Y_U_V24_FullRange: 3,
  Y8_LimitedRange: 1,
  Y_U_V12_FullRange: 1.5,
  Y_U_V16_LimitedRange: 2,
  Y_U_V16_FullRange: 2,
  BayerRGGB8: 1,
  BayerBGGR8: 1,
  BayerGBRG8: 1,
  BayerGRBG8: 1,
};

const BYTES_PER_CHANNEL: Readonly<Record<NameOf<typeof ChannelDatatype>, number>> = {
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  U32: 4,
  I32: 4,
  U64: 8,
  I64: 8,
  F16: 2,
  F32: 4,
  F64: 8,
};

const DATATYPES: Partial<Record<string, NameOf<typeof ChannelDatatype>>> = {
  Int8Array: "I8",
  Uint16Array: "U16",
  Int16Array: "I16",
  Uint32Array: "U32",
  Int32Array: "I32",
  BigUint64Array: "U64",
  BigInt64Array: "I64",
  Float16Array: "F16",
  Float32Array: "F32",
  Float64Array: "F64",
};

/**
 * The format with what follows from the pixels: the datatype of the array, and for colours a model by the number of channels. Values of
 * enums are names then, except those that do not exist: `checkPixels` says so.
 */
export function completeFormat(pixels: ImagePixels, format: ImageFormat, meaning: PixelMeaning): NamedFormat {
  if (format === undefined || format === null) return format;
  const { width, height } = format;
  const pixelFormat = named(PixelFormat, format.pixelFormat);
  if (pixelFormat !== undefined) return { width, height, pixelFormat };
  const channelDatatype = named(ChannelDatatype, format.channelDatatype) ?? datatypeOf(pixels);
  const channels = (numberOfBytes(pixels) ?? 0) / BYTES_PER_CHANNEL[channelDatatype] / (width * height);
  const colorModel = named(ColorModel, format.colorModel) ?? (meaning === "color" ? MODELS[channels] : undefined);
  return { width, height, colorModel, channelDatatype };
}

/** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the (complete) format says. */
export function checkPixels(pixels: ImagePixels, format: NamedFormat, meaning: PixelMeaning): void {
  const { width, height, colorModel, pixelFormat, channelDatatype } = format ?? {};
  if (typeof width !== "number" || typeof height !== "number") {
    throw new RerunError("ERR_RERUN_DATA", "an image needs its size behind the pixels, as { width: 640, height: 480 }");
  }
  const bytes = numberOfBytes(pixels);
  if (bytes === undefined) return; // nothing that could be pixels: the encoder says what it is
  if (pixelFormat) {
    checkCameraBytes(bytes, width, height, knownEnumName(PixelFormat, pixelFormat));
    return;
  }
  const datatype = knownEnumName(ChannelDatatype, channelDatatype);
  const channels = colorModel ? CHANNELS[knownEnumName(ColorModel, colorModel)] : meaning === "number" ? 1 : undefined;
  const numbers = bytes / BYTES_PER_CHANNEL[datatype];
  if (channels !== undefined && width * height * channels === numbers) return;
  const model = colorModel ? ` (${colorModel})` : "";
  const wanted =
    channels === undefined ? "1, 3 or 4 channels" : `${channels} channel${channels > 1 ? "s" : ""}${model}`;
  const given = Number.isInteger(numbers) ? `${numbers} numbers (${datatype})` : `${bytes} bytes of ${datatype}`;
  throw new RerunError(
    "ERR_RERUN_DATA",
    `an image of ${width} × ${height} pixels with ${wanted} cannot be made of ${given}`,
  );
}

/** Undefined: left out. What does not exist stays as it is, so that it is not taken for left out. */
function named<Name extends string>(numbers: Readonly<Record<Name, number>>, value: unknown): Name | undefined {
  return value === undefined || value === null ? undefined : (enumName(numbers, value) ?? (value as Name));
}

function checkCameraBytes(bytes: number, width: number, height: number, format: NameOf<typeof PixelFormat>): void {
  const wanted = width * height * BYTES_PER_PIXEL[format];
  // how odd sizes are rounded is the camera's business
  if (!Number.isInteger(wanted) || bytes === wanted) return;
  throw new RerunError(
    "ERR_RERUN_DATA",
    `an image of ${width} × ${height} pixels in ${format} is ${wanted} bytes, ${bytes} were given`,
  );
}

export function pixelBytes(pixels: ImagePixels): Uint8Array | ArrayBuffer {
  if (!ArrayBuffer.isView(pixels)) return pixels;
  return new Uint8Array(pixels.buffer as ArrayBuffer, pixels.byteOffset, pixels.byteLength);
}

function datatypeOf(pixels: ImagePixels): NameOf<typeof ChannelDatatype> {
  return (ArrayBuffer.isView(pixels) ? DATATYPES[typedArrayTag(pixels)] : undefined) ?? "U8";
}

/** A plain array holds bytes. */
function numberOfBytes(pixels: unknown): number | undefined {
  if (Array.isArray(pixels)) return pixels.length;
  const bytes = (pixels as { byteLength?: unknown } | null | undefined)?.byteLength;
  return typeof bytes === "number" ? bytes : undefined;
}
