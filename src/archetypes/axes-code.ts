import { RerunError } from "../errors.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { type Accept, enumName } from "./accept.ts";
import { ViewDir } from "./generated/enums.ts";

type Vertical = "U" | "D";
type Sideways = "R" | "L";
type Along = "F" | "B";

/** Where x, y and z point to by the first letter of the direction, e.g. `RDF`: right, down, forward. */
export type AxesCode =
  | `${Vertical}${Sideways}${Along}`
  | `${Vertical}${Along}${Sideways}`
  | `${Sideways}${Vertical}${Along}`
  | `${Sideways}${Along}${Vertical}`
  | `${Along}${Vertical}${Sideways}`
  | `${Along}${Sideways}${Vertical}`;

/** `"RDF"`, `["Right", "Down", "Forward"]`, or a constant such as `ViewCoordinates.RDF`. */
export type AxesDirections = AxesCode | readonly ViewDir[] | AsComponents;

const LETTERS: Readonly<Record<string, number>> = {
  U: ViewDir.Up,
  D: ViewDir.Down,
  R: ViewDir.Right,
  L: ViewDir.Left,
  F: ViewDir.Forward,
  B: ViewDir.Back,
};

export const acceptAxes: Accept = (value) => {
  if (Array.isArray(value)) return typeof value[0] === "string" ? value.map(direction) : value.map(acceptAxes);
  if (typeof value === "string") return ofCode(value);
  const constant = value as Partial<AsComponents> | null | undefined;
  if (typeof constant?.asComponentBatches !== "function") return value;
  return acceptAxes(constant.asComponentBatches()[0]?.values);
};

/** A direction by its name; several codes in a column are as long as one code of three. */
function direction(name: string): unknown {
  const known = enumName(ViewDir, name);
  return known === undefined ? ofCode(name) : ViewDir[known];
}

function ofCode(code: string): number[] {
  const axes = [...code].map((letter) => LETTERS[letter]);
  // directions come in opposite pairs of numbers: 1 2, 3 4, 5 6
  const pairs = new Set(axes.map((axis) => Math.ceil((axis ?? 0) / 2)));
  if (axes.length !== 3 || pairs.size !== 3 || axes.includes(undefined)) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `${JSON.stringify(code)} are no axes: name three directions that are not opposite, e.g. "RDF" for right, down, forward`,
    );
  }
  return axes as number[];
}
