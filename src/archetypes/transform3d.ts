import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { Transform3D as GeneratedTransform3D, type Transform3DFields } from "./generated/transform3d.ts";
import { isAxisAngle, type Rotation } from "./rotation.ts";

export interface Transform3DInit extends Transform3DFields {
  /** A quaternion `[x, y, z, w]` or `{ axis, degrees }`, instead of `quaternion` and `rotationAxisAngle`. */
  readonly rotation?: Rotation | undefined;
}

/**
 * Where an entity stands in its parent:
 *
 *   new Transform3D({ translation: [0, 1, 0], rotation: { axis: [0, 0, 1], degrees: 90 }, scale: 2 })
 */
export class Transform3D extends GeneratedTransform3D {
  readonly #rotation: Rotation | undefined;

  constructor(init: Transform3DInit = {}) {
    const { rotation, ...fields } = init ?? {};
    if (rotation === undefined || hasRotation(fields)) super(fields);
    else super({ ...fields, [isAxisAngle(rotation) ? "rotationAxisAngle" : "quaternion"]: rotation });
    this.#rotation = hasRotation(fields) ? rotation : undefined;
  }

  /** @throws RerunError ERR_RERUN_DATA if it is turned twice. */
  override asComponentBatches(): readonly ComponentBatch[] {
    if (this.#rotation !== undefined) {
      throw new RerunError("ERR_RERUN_DATA", "Transform3D: rotation excludes quaternion and rotationAxisAngle");
    }
    return super.asComponentBatches();
  }
}

function hasRotation(fields: Transform3DFields): boolean {
  return fields.quaternion != null || fields.rotationAxisAngle != null;
}
