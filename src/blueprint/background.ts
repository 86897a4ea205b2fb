import { enumName } from "../archetypes/accept.ts";
import type { Color } from "../archetypes/color.ts";
import type { BackgroundFields } from "./generated/background.ts";
import { BackgroundKind } from "./generated/enums.ts";
import type { Property } from "./view-property.ts";

/** Background of a 2D or 3D view: a kind, or a colour, which is then all that is seen. */
export type BackgroundInput = Property<BackgroundFields> | BackgroundKind | Color;

/** The kind may not be left out: a colour means `SolidColor`, as in the official SDKs. */
export function backgroundFields(given: unknown): object {
  const named = enumName(BackgroundKind, given);
  if (named !== undefined) return { kind: named };
  if (typeof given !== "object" || given === null || Array.isArray(given) || ArrayBuffer.isView(given)) {
    return { kind: "SolidColor", color: given };
  }
  const { kind, color, ...others } = given as BackgroundFields;
  return { kind: kind ?? (color === undefined || color === null ? "GradientDark" : "SolidColor"), color, ...others };
}
