import type { ComponentBatch } from "../rrd/component-batch.ts";
import { batchesOfFile, bytesOfFile, type FileContents } from "./file-contents.ts";
import { type AssetVideoOptions, AssetVideo as GeneratedAssetVideo } from "./generated/asset-video.ts";
import { mp4FrameTimes } from "./mp4-frame-times.ts";

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

  /**
   * When each frame is shown, in nanoseconds, for the index and the `VideoFrameReference`s of `sendColumns`:
   *
   *   const times = video.readFrameTimestamps();
   *   rec.sendColumns("camera", {
   *     indexes: [timeColumn("video", { duration: Array.from(times, (nanos) => ({ nanos })) })],
   *     columns: [VideoFrameReference.columns({ timestamp: times })],
   *   });
   *
   * @throws RerunError ERR_RERUN_FILE if the file cannot be read, ERR_RERUN_FORMAT if it is no MP4 with a video
   */
  readFrameTimestamps(): BigInt64Array {
    return mp4FrameTimes(bytesOfFile(this.#contents));
  }

  /** @throws RerunError ERR_RERUN_FILE if the file cannot be read. */
  override asComponentBatches(): readonly ComponentBatch[] {
    return batchesOfFile(this.#contents, this.#options, (blob, options) => new GeneratedAssetVideo(blob, options));
  }
}
