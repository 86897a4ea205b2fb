import { expect, it } from "vitest";
import { isPackageManager } from "../../../instrumentation/run/package-managers.ts";

it.each([
  "/usr/local/bin/npm",
  "/usr/local/bin/npx",
  "/usr/local/lib/node_modules/npm/bin/npm-cli.js",
  "/usr/lib/node_modules/npm/bin/npx-cli.js",
  "/usr/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js",
  "C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-prefix.js",
  "C:\\Program Files\\nodejs\\node_modules\\corepack\\dist\\corepack.js",
  "/usr/local/bin/pnpm",
  "/home/me/.cache/node/corepack/v1/pnpm/9.1.0/bin/pnpm.cjs",
  "/home/me/.cache/node/corepack/v1/yarn/4.1.0/yarn.js",
  "/app/.yarn/releases/yarn-4.1.0.cjs",
  "/opt/yarn-v1.22.22/bin/yarn.js",
  "/usr/lib/node_modules/corepack/dist/yarn.js",
  "/app/node_modules/.bin/otel-rerun",
  "/app/node_modules/otel-rerun/dist/cli.cjs",
])("is inert inside %s", (script) => {
  expect(isPackageManager(script)).toBe(true);
});

it.each([
  undefined,
  "/app/server.js",
  "/app/npm-stats/server.js",
  "/app/src/yarn.js",
  "/app/node_modules/.bin/nodemon",
  "/app/node_modules/npm-run-all/bin/npm-run-all/index.js",
  "/srv/npm/registry.mjs",
])("records %s", (script) => {
  expect(isPackageManager(script)).toBe(false);
});
