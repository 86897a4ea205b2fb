import { kindOf } from "../kind-of.ts";
import { nearest } from "../nearest-word.ts";
import type { ComponentBatch, ComponentSpec } from "../rrd/component-batch.ts";
import { shortName } from "./component.ts";

const LIMIT = 100;
const known = new Map<string, ComponentSpec>();

const IMAGE = ["width", "height", "pixelFormat", "colorModel", "channelDatatype"];

/** What constructors take beside the fields of the archetype. */
const OF_CONSTRUCTORS: Readonly<Record<string, readonly string[]>> = {
  Boxes2D: ["sizes", "mins", "array", "arrayFormat"],
  Boxes3D: ["sizes", "mins", "rotations"],
  DepthImage: IMAGE,
  Ellipsoids3D: ["radii"],
  GridMap: IMAGE,
  Image: IMAGE,
  Mesh3D: ["albedoTexture"],
  Pinhole: ["focalLength", "principalPoint", "width", "height", "fovY", "aspectRatio"],
  SegmentationImage: IMAGE,
  Tensor: ["shape", "dimensionNames", "datatype"],
  Transform3D: ["rotation"],
};

/**
 * In place of a field that an archetype does not have (`colour` for `colors`). It is left out of the row, so the mistake is reported when
 * that is logged, as every other mistake in the data is, and the other fields are logged.
 */
export function unknownField(
  components: Readonly<Record<string, ComponentSpec>>,
  name: string,
): ComponentBatch & { readonly lengths: undefined } {
  const archetype = archetypeOf(components);
  const owner = shortName(archetype);
  const component = `${owner}:${name}`;
  let spec = known.get(component);
  if (spec === undefined) {
    const more = Object.hasOwn(OF_CONSTRUCTORS, owner) ? OF_CONSTRUCTORS[owner] : undefined;
    const also = more === undefined ? "" : `, and of its constructor ${more.join(", ")}`;
    const fields = Object.keys(components);
    const similar = nearest(name, more === undefined ? fields : [...fields, ...more]);
    const guess = similar === undefined ? "its" : `did you mean ${similar}? Its`;
    const problem = `${owner} has no field ${JSON.stringify(name)}; ${guess} fields are ${fields.join(", ")}${also}`;
    spec = problemOf(archetype, component, problem);
    if (known.size >= LIMIT) known.clear();
    known.set(component, spec);
  }
  return { spec, lengths: undefined, values: undefined };
}

/** The same in place of the fields themselves, where something else was given: `Scalars.columns([1, 2])`. */
export function notFields(
  components: Readonly<Record<string, ComponentSpec>>,
  given: unknown,
): ComponentBatch & { readonly lengths: undefined } {
  const archetype = archetypeOf(components);
  const owner = shortName(archetype);
  const [first = ""] = Object.keys(components);
  const problem = `${owner} is given its fields by their names, such as { ${first}: […] }; got ${kindOf(given)}`;
  return mistake(archetype, `${owner}:${first}`, problem);
}

/** In place of a component: left out of the row, and reported when that is logged. */
export function mistake(
  archetype: string | undefined,
  component: string,
  problem: string,
): ComponentBatch & { readonly lengths: undefined } {
  return { spec: problemOf(archetype, component, problem), lengths: undefined, values: undefined };
}

function archetypeOf(components: Readonly<Record<string, ComponentSpec>>): string {
  return Object.values(components)[0]?.descriptor.archetype ?? "";
}

function problemOf(archetype: string | undefined, component: string, problem: string): ComponentSpec {
  return { descriptor: { ...(archetype !== undefined && { archetype }), component }, type: "Null", problem };
}
