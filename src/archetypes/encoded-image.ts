import type { ComponentBatch } from "../rrd/component-batch.ts";
import { batchesOfFile, type FileContents } from "./file-contents.ts";
import { type EncodedImageOptions, EncodedImage as GeneratedEncodedImage } from "./generated/encoded-image.ts";

/**
 * A JPEG or PNG: `new EncodedImage("photo.jpg")` or `new EncodedImage(bytes)`.
 */
export class EncodedImage extends GeneratedEncodedImage {
  readonly #contents: FileContents;
  readonly #options: EncodedImageOptions | undefined;

  /** @param contents The bytes of the file, its path, or its `file:` URL. */
  constructor(contents: FileContents, options?: EncodedImageOptions) {
    super(new Uint8Array(0));
    this.#contents = contents;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_FILE if the file cannot be read. */
  override asComponentBatches(): readonly ComponentBatch[] {
    return batchesOfFile(this.#contents, this.#options, (blob, options) => new GeneratedEncodedImage(blob, options));
  }
}
