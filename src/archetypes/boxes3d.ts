import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { boxFields } from "./boxes2d.ts";
import { type Boxes3DFields, Boxes3D as GeneratedBoxes3D } from "./generated/boxes3d.ts";
import { type AxisAngle, isAxisAngle, type Rotation } from "./rotation.ts";
import type { Vec3s, Vec4s } from "./value-types.ts";

export interface Boxes3DInit extends Boxes3DFields {
  /** Size of each box along its axes, instead of `halfSizes`. */
  readonly sizes?: Vec3s | undefined;
  /** Corner of each box with the smallest x, y and z, instead of `centers`. */
  readonly mins?: Vec3s | undefined;
  /** Turn of each box: all quaternions, or all axes with angles. */
  readonly rotations?: Rotation | readonly Rotation[] | undefined;
}

/** Boxes in space: `new Boxes3D({ centers, halfSizes })` or `new Boxes3D({ mins, sizes })`. */
export class Boxes3D extends GeneratedBoxes3D {
  readonly #init: Boxes3DInit;

  constructor(init: Boxes3DInit) {
    super([]);
    this.#init = init ?? {};
  }

  /** @throws RerunError ERR_RERUN_DATA if sizes are missing or given twice. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const { rotations, ...others } = this.#init;
    const fields = boxFields(others, 3, "Boxes3D");
    return GeneratedBoxes3D.update({ ...fields, ...ofRotations(rotations, fields) }).asComponentBatches();
  }
}

function ofRotations(rotations: Boxes3DInit["rotations"], fields: Boxes3DFields): Boxes3DFields {
  if (rotations === undefined) return {};
  if (fields.quaternions != null || fields.rotationAxisAngles != null) {
    throw new RerunError("ERR_RERUN_DATA", "Boxes3D: rotations exclude quaternions and rotationAxisAngles");
  }
  return isAxisAngle(Array.isArray(rotations) ? rotations[0] : rotations)
    ? { rotationAxisAngles: rotations as AxisAngle | AxisAngle[], quaternions: [] }
    : { rotationAxisAngles: [], quaternions: rotations as Vec4s };
}
