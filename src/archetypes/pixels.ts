import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import type { ChannelDatatype, ColorModel, PixelFormat } from "./generated/enums.ts";
import type { NumericArray } from "./value-types.ts";

/** Pixels row by row, from the top left, channels side by side. The kind of array is the datatype of a channel. */
export type ImagePixels = NumericArray | BigInt64Array | BigUint64Array | ArrayBuffer;

/** Pixels and format in one object, as `ImageData` of a canvas is; without a format RGBA, gray and so on follow from the size. */
export interface RawImage extends ImageFormat {
  readonly data: ImagePixels;
}

/** What is inside one pixel: colours, or a number that means something else. */
export type PixelMeaning = "color" | "number";

const CHANNELS: Readonly<Record<ColorModel, number>> = { L: 1, RGB: 3, RGBA: 4, BGR: 3, BGRA: 4 };
const MODELS: Readonly<Record<number, ColorModel>> = { 1: "L", 3: "RGB", 4: "RGBA" };

const BYTES_PER_PIXEL: Readonly<Record<PixelFormat, number>> = {
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

const DATATYPES: Partial<Record<string, ChannelDatatype>> = {
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

/** The format with what follows from the pixels: the datatype of the array, and for colours a model by the number of channels. */
export function completeFormat(pixels: ImagePixels, format: ImageFormat, meaning: PixelMeaning): ImageFormat {
  if (format === undefined || format === null || format.pixelFormat) return format;
  const { width, height, colorModel, channelDatatype } = format;
  const channels = (numberOfValues(pixels) ?? 0) / (width * height);
  return {
    width,
    height,
    colorModel: colorModel ?? (meaning === "color" ? MODELS[channels] : undefined),
    channelDatatype: channelDatatype ?? datatypeOf(pixels),
  };
}

/** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the (complete) format says. */
export function checkPixels(pixels: ImagePixels, format: ImageFormat, meaning: PixelMeaning): void {
  const { width, height, colorModel, pixelFormat, channelDatatype } = format ?? {};
  if (typeof width !== "number" || typeof height !== "number") {
    throw new RerunError("ERR_RERUN_DATA", "an image needs its size behind the pixels, as { width: 640, height: 480 }");
  }
  if (pixelFormat) {
    checkCameraBytes(pixels, width, height, pixelFormat);
    return;
  }
  const values = numberOfValues(pixels);
  // bytes with a datatype of their own choice: then only the viewer can tell
  if (values === undefined || channelDatatype !== datatypeOf(pixels)) return;
  const channels = colorModel ? CHANNELS[colorModel] : meaning === "number" ? 1 : undefined;
  if (channels !== undefined && width * height * channels === values) return;
  const model = colorModel ? ` (${colorModel})` : "";
  const wanted =
    channels === undefined ? "1, 3 or 4 channels" : `${channels} channel${channels > 1 ? "s" : ""}${model}`;
  throw new RerunError(
    "ERR_RERUN_DATA",
    `an image of ${width} × ${height} pixels with ${wanted} cannot be made of ${values} numbers`,
  );
}

function checkCameraBytes(pixels: ImagePixels, width: number, height: number, format: PixelFormat): void {
  const wanted = width * height * BYTES_PER_PIXEL[format];
  // how odd sizes are rounded is the camera's business
  if (!Number.isInteger(wanted) || pixels.byteLength === wanted) return;
  throw new RerunError(
    "ERR_RERUN_DATA",
    `an image of ${width} × ${height} pixels in ${format} is ${wanted} bytes, ${pixels.byteLength} were given`,
  );
}

export function pixelBytes(pixels: ImagePixels): Uint8Array | ArrayBuffer {
  if (!ArrayBuffer.isView(pixels)) return pixels;
  return new Uint8Array(pixels.buffer as ArrayBuffer, pixels.byteOffset, pixels.byteLength);
}

/** Whether pixels come with their format. */
export function isRawImage(image: unknown): image is RawImage {
  return typeof image === "object" && image !== null && !ArrayBuffer.isView(image) && "data" in image;
}

function datatypeOf(pixels: ImagePixels): ChannelDatatype {
  return (ArrayBuffer.isView(pixels) ? DATATYPES[typedArrayTag(pixels)] : undefined) ?? "U8";
}

function numberOfValues(pixels: ImagePixels): number | undefined {
  return ArrayBuffer.isView(pixels) ? pixels.length : undefined;
}
