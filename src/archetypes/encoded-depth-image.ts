import type { ComponentBatch } from "../rrd/component-batch.ts";
import { batchesOfFile, type FileContents } from "./file-contents.ts";
import {
  type EncodedDepthImageOptions,
  EncodedDepthImage as GeneratedEncodedDepthImage,
} from "./generated/encoded-depth-image.ts";

/**
 * Distances as a PNG or TIFF of one channel, or RVL: `new EncodedDepthImage("depth.png", { meter: 1000 })`.
 */
export class EncodedDepthImage extends GeneratedEncodedDepthImage {
  readonly #contents: FileContents;
  readonly #options: EncodedDepthImageOptions | undefined;

  /** @param contents The bytes of the file, its path, or its `file:` URL. */
  constructor(contents: FileContents, options?: EncodedDepthImageOptions) {
    super(new Uint8Array(0));
    this.#contents = contents;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_FILE if the file cannot be read. */
  override asComponentBatches(): readonly ComponentBatch[] {
    return batchesOfFile(
      this.#contents,
      this.#options,
      (blob, options) => new GeneratedEncodedDepthImage(blob, options),
    );
  }
}
