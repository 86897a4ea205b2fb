import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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
