// npm run gallery [-- FOLDER]: runs every example, each in a process of its own, and so writes all recordings to a folder
// (default: recordings/gallery).
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = resolve(process.argv[2] ?? "recordings/gallery");
mkdirSync(folder, { recursive: true });

// RERUN_STRICT: a mistake in an example ends it instead of being warned about
const env = { ...process.env, RERUN_STRICT: "1" };
for (const file of readdirSync(here).filter((name) => name.endsWith(".mjs") && name !== "run.mjs")) {
  const { status } = spawnSync(process.execPath, [join(here, file)], { cwd: folder, env, stdio: "inherit" });
  if (status !== 0) process.exit(1);
  console.log(join(folder, file.replace(/mjs$/, "rrd")));
}
console.log(`\nopen them: npx otel-rerun view ${join(folder, "*.rrd")}`);
