import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { Mesh3D as GeneratedMesh3D, type Mesh3DOptions as GeneratedMesh3DOptions } from "./generated/mesh3d.ts";
import { checkPixels, completeFormat, pixelBytes, type RawImage } from "./pixels.ts";
import type { Vec3s } from "./value-types.ts";

export interface Mesh3DOptions extends GeneratedMesh3DOptions {
  /** Pixels of the texture with their size, instead of `albedoTextureBuffer` and `albedoTextureFormat`; RGB or RGBA. */
  readonly albedoTexture?: RawImage | undefined;
}

/** A surface of triangles: `new Mesh3D(positions, { triangleIndices: [[0, 1, 2]], vertexColors })`. */
export class Mesh3D extends GeneratedMesh3D {
  readonly #texture: RawImage | undefined;

  /** @param vertexPositions Where the vertices are, in scene units. */
  constructor(vertexPositions: Vec3s, options?: Mesh3DOptions) {
    const { albedoTexture, ...others } = options ?? {};
    super(vertexPositions, albedoTexture === undefined ? others : { ...others, ...textureFields(albedoTexture) });
    this.#texture = albedoTexture;
  }

  /** @throws RerunError ERR_RERUN_DATA if the texture's pixels do not fit its size, or are neither RGB nor RGBA. */
  override asComponentBatches(): readonly ComponentBatch[] {
    if (this.#texture !== undefined) {
      const format = completeFormat(this.#texture.data, this.#texture, "color");
      checkPixels(this.#texture.data, format, "color");
      if (format.colorModel !== "RGB" && format.colorModel !== "RGBA") {
        throw new RerunError("ERR_RERUN_DATA", `Mesh3D: a texture must be RGB or RGBA, not ${format.colorModel}`);
      }
    }
    return super.asComponentBatches();
  }
}

function textureFields(texture: RawImage): GeneratedMesh3DOptions {
  return {
    albedoTextureBuffer: pixelBytes(texture.data),
    albedoTextureFormat: completeFormat(texture.data, texture, "color"),
  };
}
