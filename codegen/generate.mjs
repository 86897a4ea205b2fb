/**
 * Makes the archetypes from types.json: `npm run codegen`.
 *
 *   types.json ──▶ src/archetypes/generated/<archetype>.ts, datatypes.ts, enums.ts, index.ts
 *                  src/blueprint/generated/…                the same for the blueprint
 *
 *   --check       writes nothing; fails when a file is missing, differs or is not generated any more
 *   --all         everything in types.json instead of selection.mjs
 *   --root DIR    folder with `src` (default: this checkout)
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as descriptions from "./descriptions.mjs";
import { archetypeFile, datatypesFile, enumsFile, indexFile } from "./emit.mjs";
import { Imports } from "./imports.mjs";
import { selection } from "./selection.mjs";
import { kebabCase, shortName, Types } from "./types.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    root: { type: "string", default: path.dirname(here) },
  },
});

const source = JSON.parse(readFileSync(path.join(here, "types.json"), "utf8"));
const files = generate(source, options.all ? { data: "all", blueprint: "all" } : selection);
process.exitCode = options.check ? check(files) : write(files);

/** @returns Map of path below `src` → text */
function generate(source, selected) {
  const types = new Types(source);
  const files = new Map();
  const needs = { constants: new Set(), structs: new Set(), enums: new Set() };
  const modules = { archetypes: [], blueprint: [] };

  for (const archetype of source.archetypes) {
    const room = archetype.blueprint ? "blueprint" : "archetypes";
    const chosen = archetype.blueprint ? selected.blueprint : selected.data;
    if (chosen !== "all" && !chosen.includes(archetype.shortName)) continue;
    const module = kebabCase(archetype.shortName);
    const imports = new Imports(`${room}/generated`, needs);
    files.set(`${room}/generated/${module}.ts`, archetypeFile(archetype, types, imports, descriptions));
    modules[room].push(module);
  }

  const order = orderOfDatatypes(types, needs);
  for (const room of ["archetypes", "blueprint"]) {
    const imports = new Imports(`${room}/generated`, needs, "datatypes");
    if (order[room].length > 0) {
      files.set(`${room}/generated/datatypes.ts`, datatypesFile(order[room], needs.structs, types, imports));
    }
    const enums = inRoom(needs.enums, room).sort();
    if (enums.length > 0) {
      files.set(`${room}/generated/enums.ts`, enumsFile(enums, types));
      modules[room].push("enums");
    }
    const structs = inRoom(needs.structs, room).map(shortName).sort();
    files.set(`${room}/generated/index.ts`, indexFile(modules[room].sort(), structs));
  }
  return files;
}

/** All datatypes that are needed, by room, those that others are made of first; completes `needs` on the way. */
function orderOfDatatypes(types, needs) {
  for (const name of needs.structs) {
    const { arrow, refs = {} } = types.definition(name);
    // a Set visits what is added while it is walked, so structs inside structs come along
    for (const field of arrow.fields) types.field(field, refs, new Imports("", needs));
  }
  const order = { archetypes: [], blueprint: [] };
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const { arrow, refs = {} } = types.definition(name);
    const inside = { constants: new Set(), structs: new Set(), enums: new Set() };
    types.literal(arrow, refs, new Imports("", inside));
    for (const other of [...inside.constants].sort()) visit(other);
    order[Types.room(name)].push(name);
  };
  for (const name of [...needs.constants, ...needs.structs].sort()) visit(name);
  return order;
}

function inRoom(names, room) {
  return [...names].filter((name) => Types.room(name) === room);
}

function write(files) {
  for (const room of ["archetypes", "blueprint"]) rmSync(target(`${room}/generated`), { recursive: true, force: true });
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
  for (const room of ["archetypes", "blueprint"]) {
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
