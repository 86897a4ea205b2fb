import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { workingFolder } from "../../instrumentation/run/working-folder.ts";
import { RerunError } from "../errors.ts";

const NAME = "@rerun-io/web-viewer";

/** The oldest version of the official viewer that the dashboards were looked at in. */
const VERSION = "0.33.0";

/**
 * The folder of the official web viewer: in the tree of the folder `from`, else in ours, or, where we are a part of a bundle, in that of
 * the program.
 *
 * The package has no CommonJS entry and does not export its package.json, so it cannot be resolved by name; the folders in which
 * Node would look are gone through instead.
 *
 * @param typed arguments of `otel-rerun` that want it, for the line that runs them with it.
 * @throws RerunError ERR_RERUN_MISSING_PEER with the line that installs it.
 */
export function viewerPackage(from: string = workingFolder(), typed: readonly string[] = ["view"]): string {
  const own = ownFile();
  const tried = [join(from, "package.json"), own ?? process.argv[1]].filter((start) => start !== undefined);
  for (const start of tried) {
    for (const folder of createRequire(start).resolve.paths(NAME) ?? []) {
      const found = join(folder, NAME);
      if (existsSync(join(found, "index.js"))) return found;
    }
  }
  if (own === undefined) {
    throw new RerunError(
      "ERR_RERUN_MISSING_PEER",
      `the viewer, the package ${NAME}, is not found from ${tried.join(" or ")}: otel-rerun is a part of a bundle, which cannot say where it was installed. Mark otel-rerun external in your bundler (esbuild --external:otel-rerun), or install ${NAME} beside the program`,
    );
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

/** Undefined where a bundler has put us into an ES module: what stands for this file in our CommonJS build is not there. */
function ownFile(): string | undefined {
  try {
    return import.meta.url;
  } catch {
    return undefined;
  }
}

/** As it is typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
