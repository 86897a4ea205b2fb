import type { ArchetypeComponents } from "../archetypes/archetype.ts";
import { RerunError } from "../errors.ts";
import type { AsComponents, ComponentSpec } from "../rrd/component-batch.ts";
import { checkedComponents, isAsComponents } from "./checked-components.ts";

/**
 * A view property as it is given: the archetype itself, its fields, or the value of its main field alone.
 *
 *   plotLegend: new PlotLegend({ corner: "LeftTop" })   plotLegend: { corner: "LeftTop" }   plotLegend: "LeftTop"
 */
export type Property<Fields, Main extends keyof Fields = never> = AsComponents | Fields | NonNullable<Fields[Main]>;

/** The generated class of a property. */
interface PropertyArchetype {
  readonly components: ArchetypeComponents;
  update(fields: object): AsComponents;
}

/** How the option of a view becomes the property. */
export interface ViewPropertySpec {
  readonly archetype: PropertyArchetype;
  /** The field that a value stands for which is not an object of fields; or the fields of such a value. */
  readonly main?: string | ((given: unknown) => object);
}

/** Properties by the name of the option, in the order in which they are logged. */
export type ViewPropertySpecs = Readonly<Record<string, ViewPropertySpec>>;

/**
 * @param owner view and option, for messages.
 * @throws RerunError ERR_RERUN_ARGUMENT for another archetype, a field that there is not, and values that do not fit.
 */
export function viewProperty(owner: string, spec: ViewPropertySpec, given: unknown): AsComponents {
  if (isAsComponents(given)) return checkedComponents(owner, ofArchetype(owner, spec, given));
  return checkedComponents(owner, spec.archetype.update(fieldsOf(owner, spec, given)));
}

/** Short name of the archetype: the view has the property in an entity of this name. */
export function propertyName({ archetype }: ViewPropertySpec): string {
  return shortName(Object.values(archetype.components)[0]?.descriptor.archetype);
}

function fieldsOf(owner: string, spec: ViewPropertySpec, given: unknown): object {
  const { main, archetype } = spec;
  if (typeof main === "function") return main(given);
  const isFields = typeof given === "object" && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
  if (main === undefined) {
    if (isFields) return given;
    const names = Object.keys(archetype.components).join(", ");
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `${owner}: expected an object with ${names}, got ${JSON.stringify(given)}`,
    );
  }
  return isFields && !isMainValue(given, archetype.components, main) ? given : { [main]: given };
}

/** Main fields may be objects themselves (the ranges of VisualBounds2D): such a value has no name of a field in it. */
function isMainValue(given: object, components: ArchetypeComponents, main: string): boolean {
  const { type } = components[main] as ComponentSpec;
  return typeof type !== "string" && !Object.keys(given).some((name) => Object.hasOwn(components, name));
}

function ofArchetype(owner: string, spec: ViewPropertySpec, given: AsComponents): AsComponents {
  const wanted = propertyName(spec);
  const other = given.asComponentBatches().find((batch) => shortName(batch.spec.descriptor.archetype) !== wanted);
  if (other === undefined) return given;
  const name = shortName(other.spec.descriptor.archetype) || other.spec.descriptor.component;
  throw new RerunError("ERR_RERUN_ARGUMENT", `${owner}: expected ${wanted}, got ${name}`);
}

function shortName(archetype = ""): string {
  return archetype.slice(archetype.lastIndexOf(".") + 1);
}
