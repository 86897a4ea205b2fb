import type { DataType } from "../arrow/datatype.ts";
import type { ComponentSpec } from "../rrd/component-batch.ts";

/** A component of a Rerun archetype: `<short name>:<field>`, e.g. `TextLog:text`. */
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
