import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { defineConfig } from "tsdown";

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as { version: string };

/**
 * LZ4 comes as a module that reads its WebAssembly from the file beside it. Bundled there is no such file, so the bytes travel
 * inside the module.
 */
const inlineLz4 = {
  name: "inline-lz4-wasm",
  transform(code: string, id: string) {
    if (!id.endsWith("lz4_wasm_nodejs.js")) return undefined;
    const wasm = readFileSync(require.resolve("lz4-wasm-nodejs/lz4_wasm_nodejs_bg.wasm")).toString("base64");
    const inlined = code
      .replace(/const path = require\('path'\)[^\n]*\n/, "")
      .replace(/const bytes = [^\n]*\n/, `const bytes = Buffer.from("${wasm}", "base64");\n`);
    if (inlined === code) throw new Error("lz4-wasm-nodejs has changed: its WebAssembly could not be inlined");
    return { code: inlined };
  },
};

// One implementation, CommonJS; the ESM entries that re-export it are written by scripts/esm-entries.mjs (docs/decisions/0001).
export default defineConfig({
  entry: {
    index: "src/index.ts",
    otel: "src/otel.ts",
    instrumentation: "src/instrumentation.ts",
    register: "src/register.ts",
    blueprint: "src/blueprint.ts",
    reader: "src/reader.ts",
    cli: "src/cli/main.ts",
  },
  format: "cjs",
  platform: "node",
  target: "node20.19",
  outDir: "dist",
  outExtensions: () => ({ js: ".cjs", dts: ".d.cts" }),
  dts: true,
  clean: true,
  sourcemap: false,
  hash: true,
  define: { __PACKAGE_VERSION__: JSON.stringify(version) },
  deps: { neverBundle: [/^@opentelemetry\/api(\/|$)/], alwaysBundle: [/^(?!@opentelemetry\/|node:)/], onlyBundle: false },
  plugins: [inlineLz4],
});
