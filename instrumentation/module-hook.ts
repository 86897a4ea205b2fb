import { readFileSync } from "node:fs";
import nodeModule, { createRequire, register } from "node:module";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { diag } from "@opentelemetry/api";
import type { InstalledPackage } from "./installed-packages.ts";

/**
 * Lets instrumentations of others see what ES modules import. Ours need no hook; a loader thread costs 70 to 100 ms of start-up, so it
 * is there only for programs that are ES modules and have such a package, and it is the package's own.
 *
 *   Node that has `registerHooks` as import-in-the-middle needs it  ──▶  its hooks on this thread
 *   older                                                           ──▶  OpenTelemetry's loader
 */
export function installModuleHook(script: string | undefined, { name, require }: InstalledPackage): void {
  if (script === undefined || !isEsModule(script)) return;
  try {
    const fromPackage = createRequire(require.resolve(name));
    const fromBase = createRequire(fromPackage.resolve("@opentelemetry/instrumentation"));
    if (installSyncHooks(fromBase)) return;
    register(pathToFileURL(fromPackage.resolve("@opentelemetry/instrumentation/hook.mjs")));
  } catch (error) {
    diag.error("otel-rerun: instrumentations will not see what ES modules import", error);
  }
}

interface SyncHooks {
  register(): void;
  /** Some versions of Node have `registerHooks` without all that is needed. */
  supportsSyncHooks(): boolean;
}

/** Returns false where Node or the package is too old for it. */
function installSyncHooks(require: NodeJS.Require): boolean {
  if (!("registerHooks" in nodeModule)) return false;
  try {
    const hooks = require("import-in-the-middle/register-hooks.mjs") as SyncHooks;
    if (!hooks.supportsSyncHooks()) return false;
    hooks.register();
    return true;
  } catch {
    return false;
  }
}

/** As Node decides it: by extension, by the nearest `package.json`, else by its syntax. */
export function isEsModule(script: string): boolean {
  const extension = extname(script);
  if (/^\.m[jt]s$/.test(extension)) return true;
  if (/^\.c[jt]s$/.test(extension)) return false;
  const type = nearestType(dirname(script));
  if (type !== undefined) return type === "module";
  try {
    return /^\s*(?:import\s*[\w{*"']|export\s+[\w{*])/m.test(readFileSync(script, "utf8"));
  } catch {
    return false;
  }
}

function nearestType(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return (JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { type?: string }).type;
    } catch {
      // none here
    }
    if (at === dirname(at)) return undefined;
  }
}
