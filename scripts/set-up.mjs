// Everything a fresh clone needs before `npm test`, `npm run demo` and `npm run bench`: install, build. Does nothing twice.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const windows = process.platform === "win32";

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: windows });
  if (error || status !== 0) {
    console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
    process.exit(status || 1);
  }
}

/** Newest modification time below a folder. */
function newest(folder) {
  return Math.max(
    0,
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
}

const lock = readFileSync(join(root, "package-lock.json"), "utf8");
const installed = join(root, "node_modules", ".installed-lock");
if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
  console.error("installing development dependencies …");
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  writeFileSync(installed, lock);
}

const built = join(root, "dist", "index.mjs");
const sources = Math.max(
  newest("src"),
  newest("instrumentation"),
  statSync(join(root, "tsdown.config.mts")).mtimeMs,
  statSync(join(root, "package.json")).mtimeMs,
);
if (!existsSync(built) || statSync(built).mtimeMs < sources) {
  console.error("building …");
  run("npm", ["run", "--silent", "build"]);
}
