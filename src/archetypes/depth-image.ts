import type { ComponentBatch } from "../rrd/component-batch.ts";
import { CompressedImage, type CompressOptions } from "./compressed-image.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { type DepthImageOptions, DepthImage as GeneratedDepthImage } from "./generated/depth-image.ts";
import { GivenImage } from "./given-image.ts";
import type { ImagePixels, RawImage } from "./pixels.ts";

/**
 * A distance for each pixel: `new DepthImage(Uint16Array.of(…), { width: 640, height: 480 }, { meter: 1000 })`. The datatype is that
 * of the array. An array whose length does not fit is reported when the image is logged.
 */
export class DepthImage extends GeneratedDepthImage {
  readonly #image: GivenImage<DepthImageOptions>;

  constructor(image: RawImage, options?: DepthImageOptions);
  constructor(distances: ImagePixels, format: ImageFormat, options?: DepthImageOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | DepthImageOptions, third?: DepthImageOptions) {
    const given = new GivenImage<DepthImageOptions>(image, second, third, "number");
    super(given.bytes, given.format, given.options);
    this.#image = given;
  }

  /**
   * The same distances as a PNG, without loss, as an `EncodedDepthImage`: smaller in the file, for some time of the caller when it is
   * logged. Of U8 or U16; others are reported when it is logged.
   */
  compress(options?: CompressOptions): CompressedImage {
    return new CompressedImage(this.#image, options);
  }

  /** @throws RerunError ERR_RERUN_DATA if the distances are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    this.#image.check();
    return super.asComponentBatches();
  }
}
