// Writes the thin ESM entries beside the CommonJS build: one implementation, two ways in (docs/decisions/0001). Then completes the
// declarations for users whose own settings lack what ours have.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const dist = new URL("../dist/", import.meta.url);

for (const entry of ["index", "otel", "cls-hooked", "instrumentation", "register", "blueprint", "reader", "bridges"]) {
  const cjs = new URL(`${entry}.cjs`, dist);
  if (!existsSync(cjs)) throw new Error(`${entry}.cjs was not built`);
  hideShared(cjs);
  // register acts when it is loaded and exports nothing
  const names = entry === "register" ? [] : Object.keys(require(cjs.pathname)).sort();
  if (names.length > 0) writeFileSync(new URL(`${entry}-whole.cjs`, dist), whole(entry));
  writeFileSync(
    new URL(`${entry}.mjs`, dist),
    names.length === 0
      ? `import "./${entry}.cjs";\n`
      : `import cjs from "./${entry}-whole.cjs";\nexport const {\n${names.map((name) => `  ${name},\n`).join("")}} = cjs;\n`,
  );
  writeFileSync(
    new URL(`${entry}.d.mts`, dist),
    names.length === 0 ? "export {};\n" : `export * from "./${entry}.cjs";\n`,
  );
}

/** What other files of the build take from an entry is no name of the package: rolldown marks it with a number. */
function hideShared(file) {
  const text = readFileSync(file, "utf8");
  const shared = /^exports\.(\w+\$\d+) = (\w+\$\d+);$/gm;
  writeFileSync(file, text.replace(shared, 'Object.defineProperty(exports, "$1", { value: $2 });'));
}

/**
 * What an ES module imports of an entry. Node looks through the text of a CommonJS module that is imported for the names of its
 * exports, which took a fifth of `import "otel-rerun"`; through a variable it has nothing to look through.
 */
function whole(entry) {
  return `"use strict";\nconst entry = require("./${entry}.cjs");\nmodule.exports = entry;\n`;
}

for (const name of readdirSync(dist).filter((name) => /\.d\.cts$|^browser\.d\.mts$/.test(name))) {
  const file = new URL(name, dist);
  // rolldown lists its helper of `export * as` among the exports of declarations too, where there is none
  const text = readFileSync(file, "utf8").replace(/\b(__exportAll as \w+|\w+ as __exportAll),? ?/g, "");
  // a library that TypeScript does not load by itself
  const reference = /\b(Async)?Disposable\b/.test(text) ? '/// <reference lib="esnext.disposable" />\n' : "";
  writeFileSync(file, reference + text);
}
