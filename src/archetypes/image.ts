import type { ComponentBatch } from "../rrd/component-batch.ts";
import { CompressedImage, type CompressOptions } from "./compressed-image.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { Image as GeneratedImage, type ImageOptions } from "./generated/image.ts";
import { GivenImage } from "./given-image.ts";
import type { ImagePixels, RawImage } from "./pixels.ts";

/**
 * Raw pixels: `new Image(rgb, { width: 640, height: 480 })`, or an `ImageData`: `new Image(context.getImageData(0, 0, 640, 480))`.
 *
 * Left out of the format, the channel datatype is that of the array, and the colour model follows from the size: one channel is
 * `L`, three are `RGB`, four `RGBA`. With a `pixelFormat` (camera formats such as NV12) there is neither. An array whose length
 * does not fit is reported when the image is logged.
 */
export class Image extends GeneratedImage {
  readonly #image: GivenImage<ImageOptions>;

  constructor(image: RawImage, options?: ImageOptions);
  constructor(pixels: ImagePixels, format: ImageFormat, options?: ImageOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | ImageOptions, third?: ImageOptions) {
    const given = new GivenImage<ImageOptions>(image, second, third, "color");
    super(given.bytes, given.format, given.options);
    this.#image = given;
  }

  /**
   * The same image as a PNG, without loss: smaller in the file, for some time of the caller when it is logged. Of U8 or U16; camera formats
   * cannot be compressed, which is reported when it is logged. (Rerun's Python SDK makes a JPEG of it, by Pillow; for one of your own encoder log an `EncodedImage`.)
   */
  compress(options?: CompressOptions): CompressedImage {
    return new CompressedImage(this.#image, options);
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    this.#image.check();
    return super.asComponentBatches();
  }
}
