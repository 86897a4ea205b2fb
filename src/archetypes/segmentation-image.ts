import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import {
  SegmentationImage as GeneratedSegmentationImage,
  type SegmentationImageOptions,
} from "./generated/segmentation-image.ts";
import { GivenImage } from "./given-image.ts";
import type { ImagePixels, RawImage } from "./pixels.ts";

/**
 * A class id for each pixel: `new SegmentationImage(ids, { width: 640, height: 480 })`. The datatype is that of the array: unsigned
 * integers. An array whose length does not fit is reported when the image is logged.
 */
export class SegmentationImage extends GeneratedSegmentationImage {
  readonly #image: GivenImage<SegmentationImageOptions>;

  constructor(image: RawImage, options?: SegmentationImageOptions);
  constructor(ids: ImagePixels, format: ImageFormat, options?: SegmentationImageOptions);
  constructor(
    image: ImagePixels | RawImage,
    second?: ImageFormat | SegmentationImageOptions,
    third?: SegmentationImageOptions,
  ) {
    const given = new GivenImage<SegmentationImageOptions>(image, second, third, "number");
    super(given.bytes, given.format, given.options);
    this.#image = given;
  }

  /** @throws RerunError ERR_RERUN_DATA if the ids are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    this.#image.check();
    return super.asComponentBatches();
  }
}
