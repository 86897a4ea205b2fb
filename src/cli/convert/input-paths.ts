import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { RerunError } from "../../errors.ts";

/** Files that are read, and how many bytes they have. */
export interface InputPaths {
  readonly paths: readonly string[];
  readonly bytes: number;
}

/**
 * The files that arguments name: files themselves, everything below folders but what is hidden or a recording, and patterns that the
 * shell left as they are (Windows, quotes).
 */
export async function inputPaths(args: readonly string[]): Promise<InputPaths> {
  const paths: string[] = [];
  for (const argument of args) {
    if (existsSync(argument)) paths.push(...(statSync(argument).isDirectory() ? below(argument) : [argument]));
    else if (isDynamicPattern(argument)) paths.push(...(await matching(argument)));
    else
      throw new RerunError(
        "ERR_RERUN_FILE",
        `${argument} does not exist; give files, folders, patterns in quotes, or - for a pipe`,
      );
  }
  const unique = [...new Set(paths)];
  if (unique.length === 0)
    throw new RerunError(
      "ERR_RERUN_FILE",
      `there are no files to convert in ${args.join(", ")} (hidden ones and recordings are left out); name others`,
    );
  return { paths: unique, bytes: unique.reduce((sum, path) => sum + statSync(path).size, 0) };
}

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.endsWith(".rrd") && !name.split(/[\\/]/).some((part) => part.startsWith(".")))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

async function matching(pattern: string): Promise<string[]> {
  const found = (await glob(pattern)).sort();
  if (found.length === 0)
    throw new RerunError("ERR_RERUN_FILE", `no file matches ${pattern}; look for a wrong folder or ending in it`);
  return found;
}
