import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { type Ellipsoids3DFields, Ellipsoids3D as GeneratedEllipsoids3D } from "./generated/ellipsoids3d.ts";
import type { Numbers } from "./value-types.ts";

export interface Ellipsoids3DInit extends Ellipsoids3DFields {
  /** One radius for all axes of each ellipsoid, instead of `halfSizes`: balls. */
  readonly radii?: Numbers | undefined;
}

/** Ellipsoids in space: `new Ellipsoids3D({ centers, halfSizes })`, or balls: `new Ellipsoids3D({ centers, radii })`. */
export class Ellipsoids3D extends GeneratedEllipsoids3D {
  readonly #init: Ellipsoids3DInit;

  constructor(init: Ellipsoids3DInit) {
    super([]);
    this.#init = init ?? {};
  }

  /** @throws RerunError ERR_RERUN_DATA unless there are either half sizes or radii. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const { radii, ...fields } = this.#init;
    if ((radii === undefined) === (fields.halfSizes == null)) {
      throw new RerunError("ERR_RERUN_DATA", "Ellipsoids3D: give either halfSizes or radii");
    }
    const halfSizes = radii === undefined ? fields.halfSizes : balls(radii);
    return GeneratedEllipsoids3D.update({ ...fields, halfSizes }).asComponentBatches();
  }
}

function balls(radii: Numbers): Float32Array {
  const each = typeof radii === "number" ? [radii] : Array.from(radii);
  return Float32Array.from(each.flatMap((radius) => [radius, radius, radius]));
}
