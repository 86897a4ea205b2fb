import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import {
  SegmentationImage as GeneratedSegmentationImage,
  type SegmentationImageOptions,
} from "./generated/segmentation-image.ts";
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
 * A class id for each pixel: `new SegmentationImage(ids, { width: 640, height: 480 })`. The datatype is that of the array: unsigned
 * integers. An array whose length does not fit is reported when the image is logged.
 */
export class SegmentationImage extends GeneratedSegmentationImage {
  readonly #pixels: ImagePixels;
  readonly #format: NamedFormat;

  constructor(image: RawImage, options?: SegmentationImageOptions);
  constructor(ids: ImagePixels, format: ImageFormat, options?: SegmentationImageOptions);
  constructor(
    image: ImagePixels | RawImage,
    second?: ImageFormat | SegmentationImageOptions,
    third?: SegmentationImageOptions,
  ) {
    const pixels = isRawImage(image) ? image.data : image;
    const given = isRawImage(image) ? image : (second as ImageFormat);
    const format = completeFormat(pixels, given, "number");
    super(
      pixelBytes(pixels),
      format,
      isRawImage(image) ? (second as SegmentationImageOptions) : optionsBeside(given, third),
    );
    this.#pixels = pixels;
    this.#format = format;
  }

  /** @throws RerunError ERR_RERUN_DATA if the ids are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    checkPixels(this.#pixels, this.#format, "number");
    return super.asComponentBatches();
  }
}
