import { statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { RerunError } from "../../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** As their packages call them on Linux, the free one first. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable"];

/** What has a place of its own instead of a name on the PATH. */
const PLACES: Partial<Record<NodeJS.Platform, { readonly folders: readonly string[]; readonly files: string[] }>> = {
  darwin: {
    folders: ["HOME"],
    files: [
      "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "Applications/Chromium.app/Contents/MacOS/Chromium",
      "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ],
  },
  win32: {
    folders: ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"],
    files: [
      "Google\\Chrome\\Application\\chrome.exe",
      "Chromium\\Application\\chrome.exe",
      "Microsoft\\Edge\\Application\\msedge.exe",
    ],
  },
};

/**
 * A browser with DevTools, of those on this machine: what `CHROMIUM` or `CHROME_PATH` names, else the first that is found.
 *
 * @throws RerunError ERR_RERUN_MISSING_PEER if there is none, or what is named is not there.
 */
export function findBrowser(env: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  const named = env.CHROMIUM || env.CHROME_PATH;
  if (named) {
    if (isFile(named)) return named;
    throw missing(`there is no browser at ${named}`);
  }
  const found = candidates(env, platform).find(isFile);
  if (found === undefined) throw missing("a picture is taken by a Chromium, Chrome or Edge, and none was found");
  return found;
}

function candidates(env: Environment, platform: NodeJS.Platform): string[] {
  const onPath = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const { folders = [], files = [] } = PLACES[platform] ?? {};
  const roots = folders.map((name) => env[name]).filter((folder) => folder !== undefined);
  if (platform === "darwin") roots.unshift("/");
  return [
    ...NAMES.flatMap((name) => onPath.map((folder) => join(folder, name))),
    ...roots.flatMap((root) => files.map((file) => join(root, file))),
  ];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function missing(what: string): RerunError {
  const advice = "install one (Debian: apt-get install chromium), or set CHROMIUM to the path of its program";
  return new RerunError("ERR_RERUN_MISSING_PEER", `${what}; ${advice}`);
}
