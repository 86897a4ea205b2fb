import type { ComponentBatch } from "../rrd/component-batch.ts";
import { batchesOfFile, type FileContents } from "./file-contents.ts";
import { type AssetAudioOptions, AssetAudio as GeneratedAssetAudio } from "./generated/asset-audio.ts";

/**
 * A sound file: `new AssetAudio("call.wav")`.
 */
export class AssetAudio extends GeneratedAssetAudio {
  readonly #contents: FileContents;
  readonly #options: AssetAudioOptions | undefined;

  /** @param contents The bytes of the file, its path, or its `file:` URL. */
  constructor(contents: FileContents, options?: AssetAudioOptions) {
    super(new Uint8Array(0));
    this.#contents = contents;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_FILE if the file cannot be read. */
  override asComponentBatches(): readonly ComponentBatch[] {
    return batchesOfFile(this.#contents, this.#options, (blob, options) => new GeneratedAssetAudio(blob, options));
  }
}
