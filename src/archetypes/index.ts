/**
 * What can be logged. Everything that `generated/` has, in two cases (Clear, Image) with conveniences: a name that is exported
 * here explicitly hides the generated one.
 */
export type { GraphEdge, Timestamp, Uuid } from "./accept.ts";
export { AnyValues, type AnyValuesOptions, anyValues, dynamicArchetype } from "./any-values.ts";
export { Archetype, type UpdateOptions } from "./archetype.ts";
export { Clear } from "./clear.ts";
export type { Color, Colors } from "./color.ts";
export type { ComponentColumns } from "./component-columns.ts";
export * from "./generated/index.ts";
export { Image, type ImagePixels } from "./image.ts";
export type { TensorLike } from "./tensor.ts";
export type * from "./value-types.ts";
export { MediaType, TextLogLevel } from "./well-known.ts";
