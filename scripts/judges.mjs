// Looks for the judges of the tests and writes .cache/judges.json: the official rerun SDK (installed into .cache/oracle where
// python3 is there), a Chromium and, with `long`, producers of other languages. Never fails: what is missing is named, and the tests
// that need it say so.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { producers } from "./producers.mjs";

const SDK = "rerun-sdk==0.41.0";
const CATALOG = "rerun-sdk[catalog]==0.41.0";
const cache = fileURLToPath(new URL("../.cache", import.meta.url));
mkdirSync(cache, { recursive: true });

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
  return { ok: status === 0, output: error?.message ?? `${stdout}${stderr}` };
}

function oracle() {
  const venv = process.env.OTEL_RERUN_ORACLE ?? join(cache, "oracle");
  const works = () => run(join(venv, "bin", "rerun"), ["--version"]).output.includes("0.41.0");
  if (works()) return { venv };
  if (!run("python3", ["--version"]).ok) return { noVenv: "there is no python3" };
  console.error(`installing ${SDK} for the tests …`);
  const made = run("python3", ["-m", "venv", venv]);
  if (!made.ok) return { noVenv: `python3 -m venv failed: ${made.output.trim().split("\n").at(-1)}` };
  const installed = run(join(venv, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", SDK]);
  return works() ? { venv } : { noVenv: `pip install ${SDK} failed: ${installed.output.trim().split("\n").at(-1)}` };
}

/** What queries the official catalog server; in the environment of the SDK. */
function catalog({ venv }) {
  if (venv === undefined) return {};
  const works = () => run(join(venv, "bin", "python"), ["-c", "import datafusion, pandas"]).ok;
  if (works()) return { catalog: join(venv, "bin", "python") };
  const installed = run(join(venv, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", CATALOG]);
  if (works()) return { catalog: join(venv, "bin", "python") };
  return { noCatalog: `pip install ${CATALOG} failed: ${installed.output.trim().split("\n").at(-1)}` };
}

function browser() {
  const names = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const chromium = names.find((path) => path && existsSync(path));
  return chromium
    ? { chromium }
    : { noChromium: "no chromium found; install Debian's package or set CHROMIUM to its path" };
}

const found = oracle();
const judges = { ...found, ...browser() };
if (process.argv.includes("long")) Object.assign(judges, catalog(found), producers());
writeFileSync(join(cache, "judges.json"), `${JSON.stringify(judges, null, 2)}\n`);
for (const [name, reason] of Object.entries(judges)) {
  if (/^no[A-Z]/.test(name)) console.error(`will be skipped: ${reason}`);
}
