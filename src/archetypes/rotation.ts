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

/** A linear map: three rows, or nine numbers column by column, as three.js and gl-matrix hold them. */
export type Matrix3 = readonly (readonly number[])[] | readonly number[] | NumericArray;

/** A factor for each axis, or one for all three. */
export type Scale = number | Vec3;

export const acceptAxisAngles: Accept = (value) => {
  if (Array.isArray(value)) return value.map(acceptAxisAngles);
  if (typeof value !== "object" || value === null || "angle" in value) return value;
  const { axis, radians, degrees } = value as { axis?: unknown; radians?: number; degrees?: number };
  if (radians !== undefined) return { axis, angle: radians };
  if (degrees !== undefined) return { axis, angle: (degrees * Math.PI) / 180 };
  throw new RerunError(
    "ERR_RERUN_DATA",
    "a rotation around an axis needs angle or radians (both in radians), or degrees",
  );
};

/** Three rows of three → nine numbers column by column; everything else as it is. */
export const acceptMatrices: Accept = (value) => {
  if (!Array.isArray(value) || typeof value[0] === "number") return value;
  return isRows(value) ? [0, 1, 2].flatMap((column) => value.map((row) => row[column])) : value.map(acceptMatrices);
};

function isRows(value: readonly unknown[]): value is number[][] {
  return (
    value.length === 3 && value.every((row) => Array.isArray(row) && row.length === 3 && typeof row[0] === "number")
  );
}

export const acceptScales: Accept = (value) => (typeof value === "number" ? [value, value, value] : value);

export function isAxisAngle(rotation: unknown): rotation is AxisAngle {
  return typeof rotation === "object" && rotation !== null && "axis" in rotation;
}
