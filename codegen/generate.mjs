/**
 * Makes the archetypes from types.json: `npm run codegen`.
 *
 *   types.json ──▶ src/archetypes/generated/<archetype>.ts     one class each
 *                    ├─▶ components.ts    what a component is called, its datatype, what is accepted for it
 *                    ├─▶ datatypes.ts     Arrow datatypes, and the objects that users write for structs
 *                    ├─▶ enums.ts
 *                    └─▶ index.ts
 *                  src/blueprint/generated/…                    the same for the blueprint
 *
 *   --check       writes nothing; fails when a file is missing, differs or is not generated any more
 *   --root DIR    folder with `src` (default: this checkout)
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { componentsFile, datatypesFile, enumsFile, indexFile } from "./emit.mjs";
import { archetypeFile } from "./emit-archetype.mjs";
import { viewFile, viewModule, visualizersFile } from "./emit-view.mjs";
import { Imports } from "./imports.mjs";
import { kebabCase, shortName, Types } from "./types.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const ROOMS = ["archetypes", "blueprint"];
const { values: options } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    root: { type: "string", default: path.dirname(here) },
  },
});

const source = JSON.parse(readFileSync(path.join(here, "types.json"), "utf8"));
const files = generate(source);
process.exitCode = options.check ? check(files) : write(files);

/** @returns Map of path below `src` → text */
function generate(source) {
  const types = new Types(source);
  const files = new Map();
  const structs = new Set();
  const modules = { archetypes: ["enums"], blueprint: ["enums"] };

  for (const archetype of source.archetypes) {
    const room = Types.room(archetype.name);
    const module = kebabCase(archetype.shortName);
    files.set(
      `${room}/generated/${module}.ts`,
      archetypeFile(archetype, types, new Imports(`${room}/generated`, structs)),
    );
    modules[room].push(module);
  }

  for (const view of source.views) {
    const module = viewModule(view);
    files.set(`blueprint/generated/${module}.ts`, viewFile(view, new Imports("blueprint/generated", structs)));
    modules.blueprint.push(module);
  }
  files.set("blueprint/generated/visualizers.ts", visualizersFile(source));

  const order = orderOfDatatypes(types, structs);
  for (const room of ROOMS) {
    const folder = `${room}/generated`;
    const components = inRoom(Object.keys(source.components), room);
    const enums = inRoom(Object.keys(source.enums), room);
    files.set(`${folder}/components.ts`, componentsFile(components, types, new Imports(folder, structs, "components")));
    const imports = new Imports(folder, structs, "datatypes");
    files.set(`${folder}/datatypes.ts`, datatypesFile(order[room], structs, types, imports));
    files.set(`${folder}/enums.ts`, enumsFile(enums, types));
    files.set(`${folder}/index.ts`, indexFile(modules[room].sort(), inRoom([...structs], room).map(shortName)));
  }
  return files;
}

/** All datatypes by room, those that others are made of first; completes `structs` on the way. */
function orderOfDatatypes(types, structs) {
  for (const name of structs) {
    const { arrow, refs = {} } = types.definition(name);
    // a Set visits what is added while it is walked, so structs inside structs come along
    for (const field of arrow.fields) types.field(field, refs, new Imports("", structs));
  }
  const order = { archetypes: [], blueprint: [] };
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const inner of types.namedInside(name)) visit(inner);
    order[Types.room(name)].push(name);
  };
  for (const name of types.datatypeNames()) visit(name);
  return order;
}

function inRoom(names, room) {
  return names.filter((name) => Types.room(name) === room).sort();
}

function write(files) {
  for (const room of ROOMS) rmSync(target(`${room}/generated`), { recursive: true, force: true });
  for (const [file, text] of files) {
    mkdirSync(path.dirname(target(file)), { recursive: true });
    writeFileSync(target(file), text);
  }
  console.log(`${files.size} files written`);
  return 0;
}

function check(files) {
  const stale = [...files].filter(
    ([file, text]) => !existsSync(target(file)) || readFileSync(target(file), "utf8") !== text,
  );
  const wrong = stale.map(([file]) => file);
  for (const room of ROOMS) {
    const folder = `${room}/generated`;
    const present = existsSync(target(folder)) ? readdirSync(target(folder)) : [];
    wrong.push(...present.map((name) => `${folder}/${name}`).filter((file) => !files.has(file)));
  }
  for (const file of wrong) console.error(`src/${file} is not what codegen makes: run \`npm run codegen\``);
  return wrong.length > 0 ? 1 : 0;
}

function target(file) {
  return path.join(options.root, "src", file);
}
