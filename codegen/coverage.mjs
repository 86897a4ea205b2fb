/**
 * How much of Rerun's type system is there: `node codegen/coverage.mjs` prints a table, and fails when something is left out.
 * Counted is what the sources export, by name, against types.json; how the generator came to it plays no part.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { camelCase, constantName, shortName, Types } from "./types.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = JSON.parse(readFileSync(path.join(here, "types.json"), "utf8"));
const text = { archetypes: textOf("archetypes"), blueprint: textOf("blueprint") };

const rows = [
  ["archetypes", source.archetypes.map(({ name }) => [name, `export class ${shortName(name)} extends Archetype `])],
  ["fields", source.archetypes.flatMap(({ name, fields }) => fields.map((field) => fieldOf(name, field)))],
  [
    "components",
    Object.keys(source.components).map((name) => [name, `export const ${shortName(name)}: ComponentType `]),
  ],
  ["datatypes", Object.keys(source.datatypes).map((name) => [name, `export const ${constantName(name)}: DataType `])],
  ["enums", Object.keys(source.enums).map((name) => [name, `export type ${shortName(name)} = keyof typeof `])],
  [
    "views",
    source.views.map(({ sdkClass }) => [`rerun.blueprint.${sdkClass}`, `export class ${sdkClass} extends View `]),
  ],
];

console.log("| | there | of |\n|---|---|---|");
const missing = rows.flatMap(([what, wanted]) => {
  const absent = wanted.filter(([name, pattern]) => !text[Types.room(name)].includes(pattern)).map(([name]) => name);
  console.log(`| ${what} | ${wanted.length - absent.length} | ${wanted.length} |`);
  return absent;
});
for (const name of missing) console.error(`${name} is missing`);
process.exitCode = missing.length > 0 ? 1 : 0;

/** By its full name; the pattern is the line of its component, which ends in the name on the wire. */
function fieldOf(archetype, { name, component }) {
  const namespace = Types.room(component) === Types.room(archetype) ? "component" : "dataComponent";
  return [`${archetype}.${name}`, `  ${camelCase(name)}: ${namespace}.${shortName(component)}(ARCHETYPE, "${name}"),`];
}

/** All files that the index of a room exports, and the tables behind its namespaces. */
function textOf(room) {
  const folder = path.join(here, "../src", room, "generated");
  const index = readFileSync(path.join(folder, "index.ts"), "utf8");
  const files = new Set([...index.matchAll(/ from "\.\/(.*?)"/g)].map(([, file]) => file));
  return [...files].map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
}
