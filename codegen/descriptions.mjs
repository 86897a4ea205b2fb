/**
 * The words of the docstrings. Every archetype, field and enum has some: what is missing stops the generator, so that a new
 * release of Rerun cannot slip in undescribed. Units and shapes are added by the templates from the datatypes.
 */
import { archetypes } from "./descriptions/archetypes.mjs";
import { blueprint } from "./descriptions/blueprint.mjs";
import { enums } from "./descriptions/enums.mjs";
import { shared } from "./descriptions/shared.mjs";

const described = { ...archetypes, ...blueprint };

export function aboutArchetype(name) {
  return entry(name).about;
}

export function aboutField(archetype, field) {
  const { fields, one = "instance" } = entry(archetype);
  const about = fields[field] ?? shared[field]?.(one);
  if (about === undefined) throw new Error(`codegen/descriptions has no words for ${archetype}.${field}`);
  return about;
}

export function aboutEnum(name) {
  if (enums[name] === undefined) throw new Error(`codegen/descriptions has no words for the enum ${name}`);
  return enums[name].about;
}

/** `undefined` where the name says it. */
export function aboutVariant(name, variant) {
  return enums[name].values[variant];
}

function entry(archetype) {
  if (described[archetype] === undefined) throw new Error(`codegen/descriptions has no words for ${archetype}`);
  return described[archetype];
}
