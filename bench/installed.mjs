// Packages of others, each set in a folder with a lock file of its own; installed once and then kept.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs what the folder's lock file says. False, and says why, where that cannot be done. */
export function ensureInstalled(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const stamp = join(folder, "node_modules", ".installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return true;
  const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 180_000,
  });
  if (status !== 0) {
    console.error(`${folder} is left out: npm ci failed there, as it does offline. ${stderr.split("\n")[0]}`);
    return false;
  }
  writeFileSync(stamp, lock);
  return true;
}

/** Packages and bytes below a folder's `node_modules`. */
export function installedSize(folder) {
  const modules = join(folder, "node_modules");
  const { packages } = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  const bytes = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return { packages: Object.keys(packages).length, bytes };
}
