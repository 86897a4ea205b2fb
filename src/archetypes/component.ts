import type { DataType } from "../arrow/datatype.ts";
import type { ComponentSpec } from "../rrd/component-batch.ts";

/**
 * A component type, waiting for the field that has it: `components.Radius("my.Ball", "size")` is the spec of `Ball:size`, a
 * `rerun.components.Radius`. Specs are found by identity, so make each once and keep it.
 */
export type ComponentType = (archetype: string, field: string) => ComponentSpec;

/** A component of an archetype: `<short name>:<field>`, e.g. `TextLog:text`. */
export function component(
  archetype: string,
  field: string,
  componentType: string,
  type: DataType,
  accept?: ComponentSpec["accept"],
): ComponentSpec {
  const shortName = archetype.slice(archetype.lastIndexOf(".") + 1);
  const descriptor = { archetype, component: `${shortName}:${field}`, componentType };
  return accept === undefined ? { descriptor, type } : { descriptor, type, accept };
}
