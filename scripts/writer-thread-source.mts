import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { rolldown } from "rolldown";
import { lazyRequires } from "./lazy-requires.mts";

const require = createRequire(import.meta.url);

/**
 * LZ4 comes as a module that reads its WebAssembly from the file beside it. Bundled there is no such file, so the bytes travel
 * inside the module.
 */
export const inlineLz4 = inlineLz4With((wasm) => `Buffer.from("${wasm}", "base64")`);

/** The same for pages, which have neither `Buffer` nor `util`. */
export const inlineLz4ForPages = inlineLz4With((wasm) => `Uint8Array.from(atob("${wasm}"), (c) => c.charCodeAt(0))`);

function inlineLz4With(decode: (base64: string) => string) {
  return {
    name: "inline-lz4-wasm",
    transform(code: string, id: string) {
      if (!id.endsWith("lz4_wasm_nodejs.js")) return undefined;
      const wasm = readFileSync(require.resolve("lz4-wasm-nodejs/lz4_wasm_nodejs_bg.wasm")).toString("base64");
      const inlined = code
        .replace(/const path = require\('path'\)[^\n]*\n/, "")
        .replace(/const \{ TextDecoder \} = require\(`util`\);\n/, "")
        .replace(/const bytes = [^\n]*\n/, `const bytes = ${decode(wasm)};\n`);
      if (inlined.includes("require("))
        throw new Error("lz4-wasm-nodejs has changed: its WebAssembly could not be inlined");
      return { code: inlined };
    },
  };
}

/** Text with a letter beyond Latin-1 has two bytes for each, and V8 takes twice as long to read it. */
function toAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The program of the writer thread, a function of `require`, in one string which travels inside the package: bundlers need not find a
 * file. What it imports when it needs it (gRPC, two fifths of all) is text inside of it, which V8 need not parse before.
 *
 * @param entry a path from the package's folder, where builds and tests run.
 */
export async function buildWriterThread(
  define: Record<string, string>,
  entry = "src/writer-thread.ts",
): Promise<string> {
  const bundle = await rolldown({
    input: resolve(entry),
    platform: "node",
    plugins: [inlineLz4, lazyRequires((request) => request.startsWith("node:"))],
    preserveEntrySignatures: "allow-extension",
    transform: { define, target: "node20.19" },
  });
  const { output } = await bundle.generate({ format: "cjs", minify: true });
  await bundle.close();
  const [first, ...others] = output;
  const late: Record<string, string> = {};
  for (const file of others) if (file.type === "chunk") late[`./${file.fileName}`] = functionOf(file.code);
  return `(function (requireOfNode) {
const late = ${JSON.stringify(late)};
const loaded = { "./${first.fileName}": {} };
const require = (id) => {
  if (loaded[id] !== undefined) return loaded[id];
  if (late[id] === undefined) return requireOfNode(id);
  loaded[id] = {};
  requireOfNode("node:vm").runInThisContext(late[id], { filename: id })(require, loaded[id]);
  return loaded[id];
};
${functionOf(first.code)}(require, loaded["./${first.fileName}"]);
})`;
}

/** In parentheses, and no arrow function: V8 compiles such a one at once, others it reads twice. */
function functionOf(code: string): string {
  return `(function (require, exports) {${toAscii(code)}\n})`;
}
