import type { AsComponents, ComponentBatch } from "../rrd/component-batch.ts";
import { EncodedImage, type EncodedImageOptions } from "./generated/encoded-image.ts";
import { MediaType } from "./media-type.ts";
import { checkPixels, type ImagePixels, type NamedFormat, pixelBytes } from "./pixels.ts";
import { encodePng } from "./png.ts";

/** An image that becomes a PNG when it is logged, and not where nothing is recorded. Made by `image.compress()`. */
export class CompressedImage implements AsComponents {
  readonly #pixels: ImagePixels;
  readonly #format: NamedFormat;
  readonly #options: EncodedImageOptions | undefined;

  /** @internal */
  constructor(pixels: ImagePixels, format: NamedFormat, options?: EncodedImageOptions) {
    this.#pixels = pixels;
    this.#format = format;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says, or PNG has no such format. */
  asComponentBatches(): readonly ComponentBatch[] {
    checkPixels(this.#pixels, this.#format, "color");
    const bytes = pixelBytes(this.#pixels);
    const blob = encodePng(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), this.#format);
    return new EncodedImage(blob, { ...this.#options, mediaType: MediaType.Png }).asComponentBatches();
  }
}
