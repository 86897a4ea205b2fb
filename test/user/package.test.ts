import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { node } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { plain } = inject("consumers");
const tarball = inject("tarball");

describe("the packed package", () => {
  it("passes publint", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "node_modules/publint/src/cli.js"), "run", tarball, "--strict"],
      { encoding: "utf8" },
    );
    expect(status, stdout + stderr).toBe(0);
  });

  // A page imports modules: its entry has no CommonJS form.
  it.each([
    ["Node's entries", ["--exclude-entrypoints", "browser"]],
    ["the entry for pages", ["--entrypoints", "browser", "--ignore-rules", "cjs-resolves-to-esm"]],
  ])("has types that are right for every way to import it (attw): %s", (_, which) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/@arethetypeswrong/cli/dist/index.js"),
        tarball,
        "--profile",
        "node16",
        "--format",
        "ascii",
        "--no-color",
        ...which,
      ],
      { encoding: "utf8" },
    );
    expect(status, stdout + stderr).toBe(0);
  });

  it("is typed for ESM and CommonJS users, also under strict settings", () => {
    const folder = mkdtempSync(join(plain, "types-"));
    const program = `import * as rr from "otel-rerun";
import { openRrd } from "otel-rerun/reader";
import { RecordingSpanProcessor } from "otel-rerun/otel";
const rec: rr.RecordingStream = rr.init("types");
rec.log("points", new rr.Points3D([[1, 2, 3]], { colors: [0xff0000ff], radii: [0.1] }));
rec.setTime("frame", { sequence: 1 });
// @ts-expect-error a scalar is a number
rec.log("cpu", new rr.Scalars({ not: "a number" }));
// @ts-expect-error exactly one kind of time
rec.setTime("frame", { sequence: 1, timestamp: new Date() });
export const price: Promise<number> = rec.span("price", async () => 7);
export const processor = new RecordingSpanProcessor();
export const reader = openRrd("x.rrd");
`;
    writeFileSync(join(folder, "esm.mts"), program);
    writeFileSync(
      join(folder, "cjs.cts"),
      program.replace(/^import \* as rr from "(.*)";/m, 'import rr = require("$1");'),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/typescript/bin/tsc"),
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2023",
        "esm.mts",
        "cjs.cts",
      ],
      { cwd: folder, encoding: "utf8" },
    );
    expect(status, stdout).toBe(0);
  });

  it("is typed for pages, as bundlers resolve it, without Node's types", () => {
    const folder = mkdtempSync(join(plain, "types-"));
    writeFileSync(
      join(folder, "page.ts"),
      `import * as rr from "otel-rerun/browser";
const rec: rr.RecordingStream = rr.init("page");
const pieces: ReadableStream<Uint8Array> = rec.binaryStream().toReadableStream();
rec.log("points", new rr.Points3D([[1, 2, 3]]));
rec.sendBlueprint(new rr.blueprint.Blueprint(new rr.blueprint.Spatial3DView({ origin: "/" })));
rec.toStream(new WritableStream<Uint8Array>());
// @ts-expect-error a scalar is a number
rec.log("cpu", new rr.Scalars({ not: "a number" }));
export { pieces };
`,
    );
    const compilerOptions = { noEmit: true, strict: true, module: "esnext", moduleResolution: "bundler" };
    const lib = ["es2023", "esnext.disposable", "dom"];
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, target: "es2022", lib, types: [] }, files: ["page.ts"] }),
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
    expect(status, stdout).toBe(0);
  });

  it("is one implementation: ESM and CommonJS share classes and the global recording", async () => {
    const script = `import * as esm from "otel-rerun"; import { createRequire } from "node:module";
const cjs = createRequire(import.meta.url)("otel-rerun");
const rec = esm.init("one");
console.log(cjs.getGlobalDataRecording() === rec, rec instanceof cjs.RecordingStream, cjs.Scalars === esm.Scalars);`;
    const run = await node(plain, ["--input-type=module", "-e", script]);
    expect(run.stdout.trim(), run.stderr).toBe("true true true");
  });

  it("exports the same names to both, none of them of the build", async () => {
    const script = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);
const names = async (entry) => [Object.keys(await import(entry)), Object.keys(require(entry))].map((all) => all.sort().join());
for (const entry of ["otel-rerun", "otel-rerun/blueprint", "otel-rerun/otel", "otel-rerun/instrumentation", "otel-rerun/reader"]) {
  const [esm, cjs] = await names(entry);
  console.log(esm === cjs, cjs.includes("$"), cjs.length > 20);
}`;
    const run = await node(plain, ["--input-type=module", "-e", script]);
    expect(run.stdout.trim().split("\n"), run.stderr).toEqual(Array(5).fill("true false true"));
  });

  it("has what its README links to, and the lines that start with it have all they need", () => {
    const installed = join(plain, "node_modules/otel-rerun");
    const readme = readFileSync(join(installed, "README.md"), "utf8");
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(join(installed, link)))).toEqual([]);
    const [, start = ""] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(start).toMatch(/npm install .*@rerun-io\/web-viewer[\s\S]*npx otel-rerun view/);
  });

  it("stays small: at most 10 MB and 25 packages with its peer", () => {
    const folder = mkdtempSync(join(tmpdir(), "otel-rerun-size-"));
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], { cwd: folder });
    const packages = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8"))
      .packages as object;
    const bytes = readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0);
    expect(Object.keys(packages).length).toBeLessThanOrEqual(25);
    expect(bytes).toBeLessThan(10e6);
  });

  it("loads without touching anything: no file, no listener, no handle, no patch", async () => {
    const script = `const before = [process.listenerCount("exit"), process.listenerCount("beforeExit"), console.log, require("node:http").Server.prototype.emit];
require("otel-rerun"); require("otel-rerun/otel"); require("otel-rerun/instrumentation"); require("otel-rerun/blueprint"); require("otel-rerun/reader");
const after = [process.listenerCount("exit"), process.listenerCount("beforeExit"), console.log, require("node:http").Server.prototype.emit];
console.log(before.every((value, i) => value === after[i]));`;
    const run = await node(plain, ["-e", script]);
    expect(run.stdout.trim(), run.stderr).toBe("true");
  });
});
