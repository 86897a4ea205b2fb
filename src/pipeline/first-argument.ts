import { RerunError } from "../errors.ts";

/**
 * What an archetype requires is its first argument. In Python every argument may be named, and `new Mesh3D({ vertexPositions, … })` is the
 * mistake of those who come from there: its object is the value of the first field then. Says so; any other error stays as it is.
 */
export function firstArgumentError(component: string, values: unknown, error: unknown): unknown {
  const [archetype, field = ""] = component.split(":");
  const name = field.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (typeof values !== "object" || values === null || !Object.hasOwn(values, name)) return error;
  const others = Object.keys(values).filter((key) => key !== name);
  const rest = others.length === 0 ? "" : `, { ${others.join(", ")} }`;
  return new RerunError("ERR_RERUN_DATA", `${name} is the first argument: new ${archetype}(${name}${rest})`, {
    cause: error,
  });
}
