import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { RerunError } from "../errors.ts";

const NAME = "@rerun-io/web-viewer";

/** The oldest version of the official viewer that the dashboards were looked at in. */
const VERSION = "0.33.0";

/**
 * The folder of the official web viewer: in the tree of the folder `from`, else in ours.
 *
 * The package has no CommonJS entry and does not export its package.json, so it cannot be resolved by name; the folders in which
 * Node would look are gone through instead.
 *
 * @param typed arguments of `otel-rerun` that want it, for the line that runs them with it.
 * @throws RerunError ERR_RERUN_MISSING_PEER with the line that installs it.
 */
export function viewerPackage(from: string = process.cwd(), typed: readonly string[] = ["view"]): string {
  for (const start of [join(from, "package.json"), import.meta.url]) {
    for (const folder of createRequire(start).resolve.paths(NAME) ?? []) {
      const found = join(folder, NAME);
      if (existsSync(join(found, "index.js"))) return found;
    }
  }
  throw new RerunError(
    "ERR_RERUN_MISSING_PEER",
    `the viewer is not installed (46 MB; needed only to look at recordings). For this project:
  npm install --save-dev ${NAME}@^${VERSION}
once, without installing it:
  npx -p otel-rerun -p ${NAME}@^${VERSION} otel-rerun ${typed.map(quoted).join(" ")}
A page without viewer: otel-rerun export FILE --where 'status = error' --to html -o traces.html`,
  );
}

/** As it is typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
