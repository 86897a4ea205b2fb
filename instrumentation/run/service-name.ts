import { readFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { parseResourceAttributes } from "../../src/otel/sdk/resource.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the recorded program is called: as OpenTelemetry's variables say, else by the nearest `package.json` that has a name, else
 * by its script. A script that was installed is a tool (vitest, next, pm2), and the program is what it was started for.
 * @param script `process.argv[1]`; undefined for `node -e` and the prompt
 */
export function serviceName(environment: Environment, script: string | undefined, cwd: string): string {
  return (
    nameOfEnvironment(environment) ||
    packageName(script === undefined || isInstalled(script) ? cwd : dirname(script)) ||
    packageName(dirname(script ?? cwd)) ||
    scriptName(script)
  );
}

/** Undefined or empty: OpenTelemetry's variables do not say it. */
export function nameOfEnvironment(environment: Environment): string | undefined {
  return (
    environment.OTEL_SERVICE_NAME?.trim() ||
    parseResourceAttributes(environment.OTEL_RESOURCE_ATTRIBUTES)["service.name"]
  );
}

function isInstalled(script: string): boolean {
  return script.includes(`${sep}node_modules${sep}`);
}

/** Those without a name only say what kind of modules a folder has. */
function packageName(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const name = nameIn(join(at, "package.json"));
    if (name !== undefined) return name;
    if (at === dirname(at)) return undefined;
  }
}

function nameIn(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

function scriptName(script: string | undefined): string {
  const name = script === undefined ? "" : basename(script).replace(/\.[cm]?[jt]s$/i, "");
  return name === "" ? "node" : name;
}
