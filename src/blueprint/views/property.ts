import type { AsComponents } from "../../rrd/component-batch.ts";

/** A view property as it is given: the archetype itself, or only its fields. */
export type Property<Fields> = AsComponents | Fields;

/** The archetype of a property; undefined stays undefined. */
export function property<Fields extends object>(
  Archetype: new (fields: Fields) => AsComponents,
  given: Property<Fields> | undefined,
): AsComponents | undefined {
  if (given === undefined) return undefined;
  return "asComponentBatches" in given ? (given as AsComponents) : new Archetype(given as Fields);
}
