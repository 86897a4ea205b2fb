import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** An instrumentation that the application has installed. */
export interface InstalledPackage {
  readonly name: string;
  /** Resolves as the application does. */
  readonly require: NodeJS.Require;
}

const PREFIX = "@opentelemetry/instrumentation-";

/** What ours do already: two that see the same request would make two spans of it. */
const OURS: ReadonlySet<string> = new Set(["http", "express", "router", "undici", "runtime-node"]);
/** Off in upstream's own set, too: a span for each file that is opened. Taken where they are asked for by name. */
const NOISY: ReadonlySet<string> = new Set(["fs"]);

/**
 * The packages `@opentelemetry/instrumentation-*` that the `package.json` files from the program's folder up name as dependencies.
 * What came along with other packages is not the application's choice, and is left alone.
 *
 * `OTEL_NODE_ENABLED_INSTRUMENTATIONS` and `OTEL_NODE_DISABLED_INSTRUMENTATIONS` are lists of their endings, as upstream reads them.
 */
export function installedPackages(folder: string, environment: Environment = process.env): InstalledPackage[] {
  const enabled = listOf(environment.OTEL_NODE_ENABLED_INSTRUMENTATIONS);
  const disabled = listOf(environment.OTEL_NODE_DISABLED_INSTRUMENTATIONS);
  const found = new Map<string, InstalledPackage>();
  for (let at = realFolder(folder); ; at = dirname(at)) {
    const file = join(at, "package.json");
    for (const name of dependenciesIn(file)) {
      const ending = name.slice(PREFIX.length);
      if (!name.startsWith(PREFIX) || OURS.has(ending) || found.has(name)) continue;
      if (disabled?.has(ending) || (enabled === undefined ? NOISY.has(ending) : !enabled.has(ending))) continue;
      const require = createRequire(file);
      if (resolves(require, name)) found.set(name, { name, require });
    }
    if (at === dirname(at)) return [...found.values()];
  }
}

function dependenciesIn(file: string): string[] {
  try {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(file, "utf8"));
    return Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  } catch {
    return [];
  }
}

function resolves(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false; // named, but left out of this install
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function listOf(text: string | undefined): ReadonlySet<string> | undefined {
  const words = (text ?? "").split(",").map((word) => word.trim());
  const named = words.filter((word) => word !== "");
  return named.length === 0 ? undefined : new Set(named);
}
