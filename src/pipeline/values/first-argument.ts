import { RerunError } from "../../errors.ts";
import type { ComponentSpec } from "../../rrd/component-batch.ts";

/**
 * What an archetype requires is its first argument. In Python every argument may be named, and `new Mesh3D({ vertexPositions, … })` is the
 * mistake of those who come from there: its object is the value of the first field then. Says so; any other error stays as it is.
 */
export function firstArgumentError({ descriptor, type }: ComponentSpec, values: unknown, error: unknown): unknown {
  // an object is what such a field wants, and it may have a part of that name
  if (typeof type === "object" && (type.kind === "Struct" || type.kind === "Union")) return error;
  const [archetype, field = ""] = descriptor.component.split(":");
  const name = field.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (typeof values !== "object" || values === null || !Object.hasOwn(values, name)) return error;
  const others = Object.keys(values).filter((key) => key !== name);
  const rest = others.length === 0 ? "" : `, { ${others.join(", ")} }`;
  return new RerunError("ERR_RERUN_DATA", `${name} is the first argument: new ${archetype}(${name}${rest})`, {
    cause: error,
  });
}
