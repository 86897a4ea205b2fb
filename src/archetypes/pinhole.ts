import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { Pinhole as GeneratedPinhole, type PinholeFields } from "./generated/pinhole.ts";
import type { Vec2 } from "./value-types.ts";
import { flatVectors } from "./vectors.ts";

export interface PinholeInit extends PinholeFields {
  /** In pixels: one for both axes, or for x and y. */
  readonly focalLength?: number | Vec2 | undefined;
  /** Where the optical axis meets the image, in pixels; its middle when absent. */
  readonly principalPoint?: Vec2 | undefined;
  /** Width of the image in pixels; with `height` instead of `resolution`. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Vertical field of view in radians; with `aspectRatio` instead of lengths in pixels. */
  readonly fovY?: number | undefined;
  /** Width divided by height. */
  readonly aspectRatio?: number | undefined;
}

/** Smallest field of view that still has a focal length; the official SDK takes the same. */
const SMALLEST_ANGLE = 1.19209e-7;

/**
 * A camera: `new Pinhole({ focalLength: 500, width: 640, height: 480 })`,
 * `new Pinhole({ fovY: Math.PI / 3, aspectRatio: 16 / 9 })`, or `new Pinhole({ imageFromCamera: rows, resolution })`.
 */
export class Pinhole extends GeneratedPinhole {
  readonly #init: PinholeInit;

  constructor(init: PinholeInit) {
    super([]);
    this.#init = init ?? {};
  }

  /** @throws RerunError ERR_RERUN_DATA if the projection cannot be told, or is told twice. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const { focalLength, principalPoint, width, height, fovY, aspectRatio, ...fields } = this.#init;
    const lens = [focalLength, principalPoint, fovY, aspectRatio];
    if (fields.resolution != null && (width !== undefined || height !== undefined)) {
      throw new RerunError("ERR_RERUN_DATA", "Pinhole: give resolution, or width and height");
    }
    const size = width !== undefined && height !== undefined ? [width, height] : (fields.resolution ?? undefined);
    if (fields.imageFromCamera != null) {
      if (lens.some((part) => part !== undefined)) {
        throw new RerunError(
          "ERR_RERUN_DATA",
          "Pinhole: imageFromCamera excludes focalLength, principalPoint, fovY and aspectRatio",
        );
      }
      return GeneratedPinhole.update({ ...fields, resolution: size }).asComponentBatches();
    }
    const byAngle = fovY !== undefined && aspectRatio !== undefined;
    const resolution = byAngle ? [aspectRatio, 1] : size;
    const focal = byAngle ? 0.5 / Math.tan(Math.max(fovY * 0.5, SMALLEST_ANGLE)) : focalLength;
    const imageFromCamera = projection(focal, principalPoint, resolution);
    return GeneratedPinhole.update({ ...fields, imageFromCamera, resolution }).asComponentBatches();
  }
}

/** Row by row. */
function projection(
  focal: number | Vec2 | undefined,
  principal: Vec2 | undefined,
  resolution: Vec2 | undefined,
): number[] {
  if (focal === undefined) {
    throw new RerunError("ERR_RERUN_DATA", "Pinhole: give focalLength, fovY with aspectRatio, or imageFromCamera");
  }
  const [fx = 0, fy = fx] = typeof focal === "number" ? [focal] : flatVectors(focal, 2, "Pinhole:focalLength");
  const center = principal ?? middle(resolution);
  if (center === undefined) {
    throw new RerunError("ERR_RERUN_DATA", "Pinhole: give principalPoint, resolution, or width and height");
  }
  const [u = 0, v = 0] = flatVectors(center, 2, "Pinhole:principalPoint");
  return [fx, 0, u, 0, fy, v, 0, 0, 1];
}

function middle(resolution: Vec2 | undefined): Float64Array | undefined {
  return resolution === undefined
    ? undefined
    : flatVectors(resolution, 2, "Pinhole:resolution").map((size) => size / 2);
}
