import type { ComponentBatch } from "../rrd/component-batch.ts";
import { batchesOfFile, type FileContents } from "./file-contents.ts";
import { type Asset3DOptions, Asset3D as GeneratedAsset3D } from "./generated/asset3d.ts";

/**
 * A 3D model: `new Asset3D("robot.glb")` or `new Asset3D(bytes, { mediaType: MediaType.Obj })`; OBJ and glTF bytes do not say what
 * they are.
 */
export class Asset3D extends GeneratedAsset3D {
  readonly #contents: FileContents;
  readonly #options: Asset3DOptions | undefined;

  /** @param contents The bytes of the file, its path, or its `file:` URL. */
  constructor(contents: FileContents, options?: Asset3DOptions) {
    super(new Uint8Array(0));
    this.#contents = contents;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_FILE if the file cannot be read. */
  override asComponentBatches(): readonly ComponentBatch[] {
    return batchesOfFile(this.#contents, this.#options, (blob, options) => new GeneratedAsset3D(blob, options));
  }
}
