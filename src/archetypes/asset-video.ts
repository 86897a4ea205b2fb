import type { ComponentBatch } from "../rrd/component-batch.ts";
import { batchesOfFile, type FileContents } from "./file-contents.ts";
import { type AssetVideoOptions, AssetVideo as GeneratedAssetVideo } from "./generated/asset-video.ts";

/**
 * A video file: `new AssetVideo("drive.mp4")`; VideoFrameReferences say when which frame is shown.
 */
export class AssetVideo extends GeneratedAssetVideo {
  readonly #contents: FileContents;
  readonly #options: AssetVideoOptions | undefined;

  /** @param contents The bytes of the file, its path, or its `file:` URL. */
  constructor(contents: FileContents, options?: AssetVideoOptions) {
    super(new Uint8Array(0));
    this.#contents = contents;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_FILE if the file cannot be read. */
  override asComponentBatches(): readonly ComponentBatch[] {
    return batchesOfFile(this.#contents, this.#options, (blob, options) => new GeneratedAssetVideo(blob, options));
  }
}
