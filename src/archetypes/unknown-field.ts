import { RerunError } from "../errors.ts";
import type { ComponentSpec } from "../rrd/component-batch.ts";

const LIMIT = 100;
const known = new Map<string, ComponentSpec>();

/**
 * The component of a field that an archetype does not have (`colour` for `colors`). It cannot be encoded, so the mistake is
 * reported by the row that contains it, as every other mistake in the data is, and the other fields are logged.
 */
export function unknownField(components: Readonly<Record<string, ComponentSpec>>, name: string): ComponentSpec {
  const archetype = Object.values(components)[0]?.descriptor.archetype ?? "";
  const shortName = archetype.slice(archetype.lastIndexOf(".") + 1);
  const component = `${shortName}:${name}`;
  let spec = known.get(component);
  if (spec === undefined) {
    const message = `${shortName} has no field ${JSON.stringify(name)}; its fields are ${Object.keys(components).join(", ")}`;
    spec = {
      descriptor: { archetype, component },
      type: "Null",
      accept: () => {
        throw new RerunError("ERR_RERUN_DATA", message);
      },
    };
    if (known.size >= LIMIT) known.clear();
    known.set(component, spec);
  }
  return spec;
}
