// `npm test`: lint, types, the package's form, then the tests of sources and package, below ten minutes. `npm test -- unit`, `-- user`,
// `-- long` or `-- gallery` runs one part.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const projects = process.argv.slice(2);
const failures = [];

function step(name, args) {
  console.error(`\n— ${name}`);
  const start = Date.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  console.error(`— ${name}: ${status === 0 ? "ok" : "FAILED"}, ${((Date.now() - start) / 1000).toFixed(0)} s`);
  if (status !== 0) failures.push(name);
}

const bin = (path) => `node_modules/${path}`;
if (projects.length === 0) {
  step("lint", [bin("@biomejs/biome/bin/biome"), "check", "."]);
  step("house: imports point down", [
    bin("dependency-cruiser/bin/dependency-cruise.mjs"),
    "--config",
    ".dependency-cruiser.cjs",
    "src",
    "instrumentation",
  ]);
  step("types", [bin("typescript/bin/tsc"), "--noEmit"]);
  step("generated files are up to date", ["codegen/generate.mjs", "--check"]);
  step("nothing of Rerun's types is left out", ["codegen/coverage.mjs", "--check"]);
}
step("judges", ["scripts/judges.mjs", ...projects]);
const results = ".cache/test-results.json";
step("tests", [
  bin("vitest/vitest.mjs"),
  "run",
  ...(projects.length > 0 ? projects : ["unit", "user"]).flatMap((project) => ["--project", project]),
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
]);

const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
} = JSON.parse(readFileSync(new URL(`../${results}`, import.meta.url), "utf8"));
if (failures.length > 0) console.error(`\nfailed: ${failures.join(", ")}`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
process.exit(failures.length === 0 ? 0 : 1);
