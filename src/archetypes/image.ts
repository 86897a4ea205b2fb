import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { Image as GeneratedImage, type ImageOptions } from "./generated/image.ts";
import { checkPixels, completeFormat, type ImagePixels, isRawImage, pixelBytes, type RawImage } from "./pixels.ts";

/**
 * Raw pixels: `new Image(rgb, { width: 640, height: 480 })`, or an `ImageData`: `new Image(context.getImageData(0, 0, 640, 480))`.
 *
 * Left out of the format, the channel datatype is that of the array, and the colour model follows from the size: one channel is
 * `L`, three are `RGB`, four `RGBA`. With a `pixelFormat` (camera formats such as NV12) there is neither. An array whose length
 * does not fit is reported when the image is logged.
 */
export class Image extends GeneratedImage {
  readonly #pixels: ImagePixels;
  readonly #format: ImageFormat;

  constructor(image: RawImage, options?: ImageOptions);
  constructor(pixels: ImagePixels, format: ImageFormat, options?: ImageOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | ImageOptions, third?: ImageOptions) {
    const pixels = isRawImage(image) ? image.data : image;
    const given = isRawImage(image) ? image : (second as ImageFormat);
    const format = completeFormat(pixels, given, "color");
    super(pixelBytes(pixels), format, isRawImage(image) ? (second as ImageOptions) : third);
    this.#pixels = pixels;
    this.#format = format;
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    checkPixels(this.#pixels, this.#format, "color");
    return super.asComponentBatches();
  }
}
