import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import type { ChannelDatatype, ColorModel } from "./generated/enums.ts";
import { Image as GeneratedImage, type ImageOptions } from "./generated/image.ts";
import type { NumericArray } from "./value-types.ts";

/** Pixels row by row, from the top left, channels side by side. The kind of array is the datatype of a channel. */
export type ImagePixels = NumericArray | BigInt64Array | BigUint64Array | ArrayBuffer;

const CHANNELS: Readonly<Record<ColorModel, number>> = { L: 1, RGB: 3, RGBA: 4, BGR: 3, BGRA: 4 };
const MODELS: Readonly<Record<number, ColorModel>> = { 1: "L", 3: "RGB", 4: "RGBA" };

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

/**
 * Raw pixels: `new Image(rgb, { width: 640, height: 480 })`.
 *
 * Left out of the format, the channel datatype is that of the array, and the colour model follows from the size: one channel is
 * `L`, three are `RGB`, four `RGBA`. With a `pixelFormat` (camera formats such as NV12) there is neither. An array whose length
 * does not fit is reported when the image is logged.
 */
export class Image extends GeneratedImage {
  readonly #pixels: ImagePixels;
  readonly #format: ImageFormat;

  constructor(pixels: ImagePixels, format: ImageFormat, options?: ImageOptions) {
    const complete = completeFormat(pixels, format);
    super(bytes(pixels), complete, options);
    this.#pixels = pixels;
    this.#format = complete;
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const { width, height, colorModel, pixelFormat } = this.#format ?? {};
    const values = numberOfValues(this.#pixels);
    if (values !== undefined && (pixelFormat === undefined || pixelFormat === null)) {
      const channels = colorModel === undefined || colorModel === null ? undefined : CHANNELS[colorModel];
      if (channels === undefined || width * height * channels !== values) {
        const wanted = channels === undefined ? "1, 3 or 4 channels" : `${channels} channels (${colorModel})`;
        throw new RerunError(
          "ERR_RERUN_DATA",
          `an image of ${width} × ${height} pixels with ${wanted} cannot be made of ${values} numbers`,
        );
      }
    }
    return super.asComponentBatches();
  }
}

function completeFormat(pixels: ImagePixels, format: ImageFormat): ImageFormat {
  if (format === undefined || format === null || format.pixelFormat) return format;
  const values = numberOfValues(pixels) ?? 0;
  return {
    ...format,
    colorModel: format.colorModel ?? MODELS[values / (format.width * format.height)],
    channelDatatype: format.channelDatatype ?? datatypeOf(pixels),
  };
}

function datatypeOf(pixels: ImagePixels): ChannelDatatype {
  return (ArrayBuffer.isView(pixels) ? DATATYPES[typedArrayTag(pixels)] : undefined) ?? "U8";
}

/** `undefined` where bytes are given with a datatype of their own choice: then only the viewer can tell. */
function numberOfValues(pixels: ImagePixels): number | undefined {
  return ArrayBuffer.isView(pixels) ? pixels.length : undefined;
}

function bytes(pixels: ImagePixels): Uint8Array | ArrayBuffer {
  if (!ArrayBuffer.isView(pixels)) return pixels;
  return new Uint8Array(pixels.buffer as ArrayBuffer, pixels.byteOffset, pixels.byteLength);
}
