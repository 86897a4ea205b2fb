import type { ComponentBatch } from "../rrd/component-batch.ts";
import { CompressedImage } from "./compressed-image.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { Image as GeneratedImage, type ImageOptions } from "./generated/image.ts";
import {
  checkPixels,
  completeFormat,
  type ImagePixels,
  isRawImage,
  type NamedFormat,
  optionsBeside,
  pixelBytes,
  type RawImage,
} from "./pixels.ts";

/**
 * Raw pixels: `new Image(rgb, { width: 640, height: 480 })`, or an `ImageData`: `new Image(context.getImageData(0, 0, 640, 480))`.
 *
 * Left out of the format, the channel datatype is that of the array, and the colour model follows from the size: one channel is
 * `L`, three are `RGB`, four `RGBA`. With a `pixelFormat` (camera formats such as NV12) there is neither. An array whose length
 * does not fit is reported when the image is logged.
 */
export class Image extends GeneratedImage {
  readonly #pixels: ImagePixels;
  readonly #format: NamedFormat;
  readonly #options: ImageOptions | undefined;

  constructor(image: RawImage, options?: ImageOptions);
  constructor(pixels: ImagePixels, format: ImageFormat, options?: ImageOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | ImageOptions, third?: ImageOptions) {
    const pixels = isRawImage(image) ? image.data : image;
    const given = isRawImage(image) ? image : (second as ImageFormat);
    const format = completeFormat(pixels, given, "color");
    const options = isRawImage(image) ? (second as ImageOptions | undefined) : optionsBeside(given, third);
    super(pixelBytes(pixels), format, options);
    this.#options = options;
    this.#pixels = pixels;
    this.#format = format;
  }

  /**
   * The same image as a PNG, without loss: smaller in the file, for some time of the caller when it is logged. Of U8 or U16; camera formats
   * cannot be compressed. (Rerun's Python SDK makes a JPEG of it, by Pillow; for one of your own encoder log an `EncodedImage`.)
   */
  compress(): CompressedImage {
    return new CompressedImage(this.#pixels, this.#format, this.#options);
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    checkPixels(this.#pixels, this.#format, "color");
    return super.asComponentBatches();
  }
}
