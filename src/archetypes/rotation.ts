import { RerunError } from "../errors.ts";
import type { Accept } from "./accept.ts";
import type { NumericArray, Vec3, Vec4 } from "./value-types.ts";

/** A turn around an axis, anticlockwise when the axis points at you; `angle` is in radians, as `radians` is. */
export type AxisAngle =
  | { readonly axis: Vec3; readonly angle: number }
  | { readonly axis: Vec3; readonly radians: number }
  | { readonly axis: Vec3; readonly degrees: number };

/** A turn: a quaternion `[x, y, z, w]`, or an axis with an angle. */
export type Rotation = Vec4 | AxisAngle;

/**
 * A linear map: three rows, or nine numbers row by row, as one writes a matrix down and as NumPy and the official Python SDK read
 * them. Matrices of three.js and gl-matrix hold their columns: transpose those.
 */
export type Matrix3 = readonly (readonly number[] | NumericArray)[] | readonly number[] | NumericArray;

/** A factor for each axis, or one for all three. */
export type Scale = number | Vec3;

export const acceptAxisAngles: Accept = (value) => {
  if (Array.isArray(value)) return value.map(acceptAxisAngles);
  if (typeof value !== "object" || value === null) return value;
  const { axis, angle, radians, degrees } = value as {
    readonly axis?: unknown;
    readonly angle?: unknown;
    readonly radians?: unknown;
    readonly degrees?: unknown;
  };
  const given = [angle, radians, degrees].filter((turn) => turn !== undefined && turn !== null);
  if (given.length !== 1) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      "a rotation around an axis needs angle or radians (both in radians), or degrees, and exactly one of them",
    );
  }
  return { axis, angle: typeof degrees === "number" ? (degrees * Math.PI) / 180 : given[0] };
};

/** Nine numbers row by row, or three rows, for each matrix → column by column, as the format holds them; everything else as it is. */
export const acceptMatrices: Accept = (value) => {
  if (isNumbers(value)) return value.length % 9 === 0 ? transposed(value) : value;
  if (!Array.isArray(value)) return value;
  return isRows(value) ? transposed(value.flatMap((row) => Array.from(row))) : value.map(acceptMatrices);
};

function transposed(matrices: ArrayLike<number>): number[] {
  return Array.from({ length: matrices.length }, (_, i) => {
    const [row, column] = [i % 3, Math.floor((i % 9) / 3)];
    return matrices[i - (i % 9) + 3 * row + column] as number;
  });
}

function isRows(value: readonly unknown[]): value is ArrayLike<number>[] {
  return value.length === 3 && value.every((row) => isNumbers(row) && row.length === 3);
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) ? typeof value[0] === "number" : ArrayBuffer.isView(value) && "length" in value;
}

export const acceptScales: Accept = (value) => (typeof value === "number" ? [value, value, value] : value);

export function isAxisAngle(rotation: unknown): rotation is AxisAngle {
  return typeof rotation === "object" && rotation !== null && "axis" in rotation;
}
