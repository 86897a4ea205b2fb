import type { DataType } from "../arrow/datatype.ts";
import type { ComponentSpec } from "../rrd/component-batch.ts";

/**
 * A component type, waiting for the field that has it: `components.Radius("my.Ball", "size")` is the spec of `my.Ball:size`,
 * a `rerun.components.Radius`. Specs are found by identity, so make each once and keep it.
 */
export type ComponentType = (archetype: string, field: string) => ComponentSpec;

/** A component of an archetype: `<short name>:<field>`, e.g. `TextLog:text`. Names of users' archetypes stay whole, as upstream. */
export function component(
  archetype: string,
  field: string,
  componentType: string,
  type: DataType,
  accept?: ComponentSpec["accept"],
): ComponentSpec {
  const descriptor = { archetype, component: `${shortName(archetype)}:${field}`, componentType };
  return accept === undefined ? { descriptor, type } : { descriptor, type, accept };
}

export function shortName(archetype: string): string {
  return archetype.startsWith("rerun.") ? archetype.slice(archetype.lastIndexOf(".") + 1) : archetype;
}
