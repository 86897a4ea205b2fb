import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { type Boxes2DFields, Boxes2D as GeneratedBoxes2D } from "./generated/boxes2d.ts";
import type { NumericArray, Vec2s, Vec4s } from "./value-types.ts";
import { flatVectors, sumOfVectors } from "./vectors.ts";

/** What the four numbers of a box are: X, Y its upper left corner, XC, YC its middle, W2, H2 half sizes, two XY two corners. */
export type Box2DFormat = "XYWH" | "YXHW" | "XYXY" | "YXYX" | "XCYCWH" | "XCYCW2H2";

export interface Boxes2DInit extends Boxes2DFields {
  /** Width and height of each box, instead of `halfSizes`. */
  readonly sizes?: Vec2s | undefined;
  /** Corner of each box with the smallest x and y, instead of `centers`. */
  readonly mins?: Vec2s | undefined;
  /** Four numbers for each box, instead of sizes and places. */
  readonly array?: Vec4s | readonly NumericArray[] | undefined;
  /** What the numbers of `array` are. */
  readonly arrayFormat?: Box2DFormat | undefined;
}

const FORMATS: readonly Box2DFormat[] = ["XYWH", "YXHW", "XYXY", "YXYX", "XCYCWH", "XCYCW2H2"];

/**
 * Rectangles: `new Boxes2D({ mins, sizes })`, `new Boxes2D({ centers, halfSizes })`, or as a detector gives them:
 * `new Boxes2D({ array: [x, y, width, height], arrayFormat: "XYWH" })`.
 */
export class Boxes2D extends GeneratedBoxes2D {
  readonly #init: Boxes2DInit;

  constructor(init: Boxes2DInit) {
    super([]);
    this.#init = init ?? {};
  }

  /** @throws RerunError ERR_RERUN_DATA if sizes are missing or given twice. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const { array, arrayFormat, ...others } = this.#init;
    const { sizes, mins, ...fields } = others;
    if (array === undefined) return GeneratedBoxes2D.update(boxFields(others, 2, "Boxes2D")).asComponentBatches();
    if (sizes !== undefined || mins !== undefined || fields.halfSizes != null || fields.centers != null) {
      throw new RerunError("ERR_RERUN_DATA", "Boxes2D: array excludes halfSizes, sizes, mins and centers");
    }
    return GeneratedBoxes2D.update({ ...fields, ...ofArray(array, arrayFormat) }).asComponentBatches();
  }
}

function ofArray(array: unknown, format: Box2DFormat | undefined): { halfSizes: number[]; centers: number[] } {
  if (format === undefined || !FORMATS.includes(format)) {
    throw new RerunError("ERR_RERUN_DATA", `Boxes2D: array needs an arrayFormat, one of ${FORMATS.join(", ")}`);
  }
  const numbers = flatVectors(array, 4, "Boxes2D:array");
  const halfSizes: number[] = [];
  const centers: number[] = [];
  for (let box = 0; box < numbers.length; box += 4) {
    let [x = 0, y = 0, w = 0, h = 0] = numbers.subarray(box, box + 4);
    if (format.startsWith("Y")) [x, y, w, h] = [y, x, h, w];
    if (format === "XYXY" || format === "YXYX") [w, h] = [w - x, h - y];
    const half = format === "XCYCW2H2" ? [w, h] : [w / 2, h / 2];
    const isCorner = !format.startsWith("XC");
    halfSizes.push(...half);
    centers.push(isCorner ? x + half[0]! : x, isCorner ? y + half[1]! : y);
  }
  return { halfSizes, centers };
}

interface BoxInit {
  readonly halfSizes?: unknown;
  readonly sizes?: unknown;
  readonly centers?: unknown;
  readonly mins?: unknown;
}

/** Sizes and corners as half sizes and centres, in two or three dimensions; other fields as they are. */
export function boxFields<T extends BoxInit>(init: T, dimensions: 2 | 3, archetype: string): Omit<T, "sizes" | "mins"> {
  const { sizes, mins, ...fields } = init;
  if (sizes !== undefined && fields.halfSizes != null) {
    throw new RerunError("ERR_RERUN_DATA", `${archetype}: give sizes or halfSizes, not both`);
  }
  if (mins !== undefined && fields.centers != null) {
    throw new RerunError("ERR_RERUN_DATA", `${archetype}: give mins or centers, not both`);
  }
  if (sizes === undefined && fields.halfSizes == null) {
    throw new RerunError("ERR_RERUN_DATA", `${archetype}: halfSizes or sizes are needed, neither was given`);
  }
  const halfSizes =
    sizes === undefined
      ? fields.halfSizes
      : flatVectors(sizes, dimensions, `${archetype}:sizes`).map((size) => Math.fround(size) / 2);
  if (mins === undefined) return { ...fields, halfSizes } as Omit<T, "sizes" | "mins">;
  const corners = flatVectors(mins, dimensions, `${archetype}:mins`);
  const halves = flatVectors(halfSizes, dimensions, `${archetype}:halfSizes`);
  return { ...fields, halfSizes, centers: sumOfVectors(corners, halves, dimensions, `${archetype}: mins and sizes`) };
}
