import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { type DepthImageOptions, DepthImage as GeneratedDepthImage } from "./generated/depth-image.ts";
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
 * A distance for each pixel: `new DepthImage(Uint16Array.of(…), { width: 640, height: 480 }, { meter: 1000 })`. The datatype is that
 * of the array. An array whose length does not fit is reported when the image is logged.
 */
export class DepthImage extends GeneratedDepthImage {
  readonly #pixels: ImagePixels;
  readonly #format: NamedFormat;

  constructor(image: RawImage, options?: DepthImageOptions);
  constructor(distances: ImagePixels, format: ImageFormat, options?: DepthImageOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | DepthImageOptions, third?: DepthImageOptions) {
    const pixels = isRawImage(image) ? image.data : image;
    const given = isRawImage(image) ? image : (second as ImageFormat);
    const format = completeFormat(pixels, given, "number");
    super(pixelBytes(pixels), format, isRawImage(image) ? (second as DepthImageOptions) : optionsBeside(given, third));
    this.#pixels = pixels;
    this.#format = format;
  }

  /** @throws RerunError ERR_RERUN_DATA if the distances are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    checkPixels(this.#pixels, this.#format, "number");
    return super.asComponentBatches();
  }
}
