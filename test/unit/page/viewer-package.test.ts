import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Rolldown } from "tsdown";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { viewerPackage } from "../../../src/page/viewer-package.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "otel-rerun-page-"));
});
afterEach(() => rmSync(project, { recursive: true }));

it("prefers the viewer of the user's project", () => {
  const installed = join(project, "node_modules/@rerun-io/web-viewer");
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, "index.js"), "");
  mkdirSync(join(project, "packages/app"), { recursive: true });
  expect(viewerPackage(join(project, "packages/app"))).toBe(installed);
});

it("falls back to the one in our own tree", () => {
  expect(viewerPackage(project)).toMatch(/node_modules\/@rerun-io\/web-viewer$/);
});

describe("in an ES module that a bundler has put us into, where nothing says where we were installed", () => {
  async function found(): Promise<string> {
    const bundle = await Rolldown.rolldown({
      input: fileURLToPath(new URL("../../../src/page/viewer-package.ts", import.meta.url)),
      platform: "node",
      external: [/^node:/],
      // what our CommonJS build has in its place
      transform: { define: { "import.meta.url": "__filename" } },
      logLevel: "silent",
    });
    const { output } = await bundle.generate({ format: "esm" });
    await bundle.close();
    mkdirSync(join(project, "dist"));
    const program = join(project, "dist/program.mjs");
    const print = "try { console.log(viewerPackage()) } catch (error) { console.log(error.code, error.message) }";
    writeFileSync(program, `${output[0].code}\n${print}`);
    return spawnSync(process.execPath, [program], { cwd: tmpdir(), encoding: "utf8" }).stdout;
  }

  it("is found beside the program", async () => {
    const installed = join(project, "node_modules/@rerun-io/web-viewer");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "index.js"), "");
    expect(await found()).toBe(`${installed}\n`);
  });

  it("or an error says what to do", async () => {
    expect(await found()).toMatch(/^ERR_RERUN_MISSING_PEER .* Mark otel-rerun external in your bundler/);
  });
});
