// Programs of other languages that send to `serve` in the tests: the Python SDK in a virtual environment, one of Go, and the Collector,
// built. All in .cache, made anew when the versions they are pinned to change.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache");

function run(command, args, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 900_000 });
  return { ok: status === 0, output: (error?.message ?? `${stdout}${stderr}`).trim() };
}

/** Runs the steps unless what is in the folder was made of the same files; the reason why not, or undefined. */
function make(name, sources, steps) {
  const digest = createHash("sha256");
  for (const file of readdirSync(sources).sort()) digest.update(readFileSync(join(sources, file)));
  const folder = join(cache, name);
  const stamp = join(folder, ".made-of");
  const version = digest.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === version) return undefined;
  console.error(`making ${name} for the tests …`);
  mkdirSync(folder, { recursive: true });
  for (const [command, args] of steps(folder)) {
    const { ok, output } = run(command, args, sources);
    if (!ok) return `${command} ${args[0]} failed: ${output.split("\n").at(-1)}`;
  }
  writeFileSync(stamp, version);
  return undefined;
}

function python() {
  const sources = join(root, "test/producers/python");
  const missing = make("python-producer", sources, (folder) => [
    ["python3", ["-m", "venv", folder]],
    [join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]],
  ]);
  return missing ? { noPythonProducer: missing } : { pythonProducer: join(cache, "python-producer/bin/python") };
}

const go = () => ["go", "/usr/local/go/bin/go"].find((path) => run(path, ["version"]).ok) ?? "go";

/** @param name of the key it is found under in judges.json */
function goProgram(key, name, sources) {
  const target = (folder) => join(folder, process.platform === "win32" ? "main.exe" : "main");
  const missing = make(name, sources, (folder) => [
    [go(), ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", target(folder), "."]],
  ]);
  return missing ? { [`no${key[0].toUpperCase()}${key.slice(1)}`]: missing } : { [key]: target(join(cache, name)) };
}

export function producers() {
  return {
    ...python(),
    ...goProgram("goProducer", "go-producer", join(root, "test/producers/go")),
    ...goProgram("collector", "collector", join(root, "test/collector")),
  };
}
