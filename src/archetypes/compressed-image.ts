import { RerunError } from "../errors.ts";
import { checkedOptions, optionNames } from "../option-names.ts";
import type { AsComponents, ComponentBatch } from "../rrd/component-batch.ts";
import { EncodedDepthImage } from "./generated/encoded-depth-image.ts";
import { EncodedImage } from "./generated/encoded-image.ts";
import type { GivenImage } from "./given-image.ts";
import { MediaType } from "./media-type.ts";
import { encodePng } from "./png.ts";

export interface CompressOptions {
  /** From 0, none, over 1, the fastest, to 9, the smallest. Default 6. */
  readonly compressLevel?: number;
}

const NAMES = optionNames<CompressOptions>({ compressLevel: true });
const DEFAULT_LEVEL = 6;

/** An image that becomes a PNG when it is logged, and not where nothing is recorded. Made by `image.compress()`. */
export class CompressedImage implements AsComponents {
  readonly #image: GivenImage<object>;
  readonly #options: CompressOptions | undefined;

  /** @internal */
  constructor(image: GivenImage<object>, options?: CompressOptions) {
    this.#image = image;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says, or PNG has no such format; ERR_RERUN_ARGUMENT. */
  asComponentBatches(): readonly ComponentBatch[] {
    const { bytes, format, options, isOfNumbers } = this.#image;
    const { compressLevel = DEFAULT_LEVEL } = checkedOptions("compress", this.#options, NAMES);
    if (!Number.isInteger(compressLevel) || compressLevel < 0 || compressLevel > 9) {
      throw new RerunError("ERR_RERUN_ARGUMENT", `compressLevel is a number from 0 to 9, got ${String(compressLevel)}`);
    }
    this.#image.check();
    const pixels = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    const blob = encodePng(pixels, isOfNumbers ? { ...format, colorModel: "L" } : format, compressLevel);
    const encoded = isOfNumbers ? EncodedDepthImage : EncodedImage;
    return new encoded(blob, { ...options, mediaType: MediaType.Png }).asComponentBatches();
  }
}
