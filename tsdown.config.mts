import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsdown";
import { browserFiles } from "./scripts/browser-files.mts";
import { lazyRequires } from "./scripts/lazy-requires.mts";
import { startUpFile } from "./scripts/start-up-file.mts";
import { buildWriterThread, inlineLz4, inlineLz4ForPages } from "./scripts/writer-thread-source.mts";

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as { version: string };

/** The licences of everything that was bundled, in one file beside it. */
const licences = {
  name: "licences",
  generateBundle(
    this: { emitFile(file: { type: "asset"; fileName: string; source: string }): void },
    _options: unknown,
    bundle: Record<string, { moduleIds?: string[] }>,
  ) {
    const packages = new Set<string>();
    for (const { moduleIds = [] } of Object.values(bundle)) {
      for (const id of moduleIds) {
        const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
        if (found?.[1]) packages.add(found[1]);
      }
    }
    const texts = [...packages].sort().map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
        string,
        string
      >;
      const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file)) : [];
      return [
        `${name} ${version} (${license})`,
        ...files.map((file) => readFileSync(join(folder, file), "utf8").trim()),
      ].join("\n\n");
    });
    this.emitFile({
      type: "asset",
      fileName: "THIRD-PARTY-LICENCES.txt",
      source: `${texts.join(`\n\n${"-".repeat(100)}\n\n`)}\n`,
    });
  },
};

const define = { __PACKAGE_VERSION__: JSON.stringify(version) };
const writerThread = await buildWriterThread(define);

// Pages get a module of their own: no Node, no thread, no file.
const browser = defineConfig({
  entry: { browser: "src/browser.ts" },
  format: "esm",
  platform: "browser",
  target: "es2022",
  outDir: "dist",
  outExtensions: () => ({ js: ".mjs", dts: ".d.mts" }),
  dts: true,
  clean: false,
  sourcemap: false,
  hash: true,
  define: { ...define, "process.env": "{}", "process.mainModule": "null" },
  deps: {
    neverBundle: [/^@opentelemetry\/api(\/|$)/],
    alwaysBundle: [/^(?!@opentelemetry\/|node:)/],
    onlyBundle: false,
  },
  plugins: [browserFiles, inlineLz4ForPages],
});

/** Files of the build that one loads of another when it needs it. */
const ownFiles = {
  name: "own-files",
  resolveId: (source: string) => (/^\.\/\w+\.cjs$/.test(source) ? { id: source, external: true } : undefined),
};

const startUp = startUpFile("src/recorder.ts", "src/register.ts");

// One implementation, CommonJS; the ESM entries that re-export it are written by scripts/esm-entries.mjs (docs/decisions/0001).
const node = defineConfig({
  entry: {
    index: "src/index.ts",
    otel: "src/otel.ts",
    "cls-hooked": "src/cls-hooked.ts",
    instrumentation: "src/instrumentation.ts",
    register: "src/register.ts",
    // loaded by `register` when they are needed, not exported
    recorder: "src/recorder.ts",
    writer: "src/writer-entry.ts",
    blueprint: "src/blueprint.ts",
    reader: "src/reader.ts",
    bridges: "src/bridges.ts",
    cli: "src/cli/main.ts",
  },
  format: "cjs",
  platform: "node",
  target: "node20.19",
  nodeProtocol: true,
  outDir: "dist",
  outExtensions: () => ({ js: ".cjs", dts: ".d.cts" }),
  dts: true,
  clean: true,
  sourcemap: false,
  hash: true,
  define: { ...define, __WRITER_THREAD__: JSON.stringify(writerThread) },
  deps: {
    neverBundle: [/^@opentelemetry\/api(\/|$)/],
    alwaysBundle: [/^(?!@opentelemetry\/|node:)/],
    onlyBundle: false,
  },
  outputOptions: { codeSplitting: startUp.codeSplitting },
  plugins: [
    ownFiles,
    startUp.plugin,
    inlineLz4,
    licences,
    lazyRequires((request) => /^(node:|@opentelemetry\/api$|\.\/later-)/.test(request)),
  ],
});

export default [node, browser];
