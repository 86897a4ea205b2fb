// Where a program spends its time, in V8's own profiles.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Functions that are named. */
const NAMED = 8;

/** Self times of what `run` does in one process that is given these arguments of Node and a folder of its own, largest first. */
export async function profiled(run) {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-profile-"));
  try {
    const profiles = join(folder, "profile");
    await run(["--cpu-prof", `--cpu-prof-dir=${profiles}`], join(folder, "files"));
    const [file] = readdirSync(profiles);
    return selfTimes(JSON.parse(readFileSync(join(profiles, file), "utf8")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a reader can do something with: LZ4 is the only WebAssembly, what loads and compiles modules is Node's. */
function nameOf({ functionName, url, lineNumber }) {
  if (functionName.startsWith("wasm-")) return "LZ4 (WebAssembly)";
  if (url.startsWith("node:internal/modules") || functionName === "wrapSafe") return "loading modules";
  if (url.startsWith("node:")) return "Node itself";
  if (url.includes("/bench/")) return "the benchmark itself";
  return functionName || `${url.split("/").at(-1)}:${lineNumber + 1}`;
}

function selfTimes({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map();
  let all = 0;
  samples.forEach((id, at) => {
    const name = names.get(id);
    if (name === "(idle)" || name === "(root)") return;
    all += timeDeltas[at];
    spent.set(name, (spent.get(name) ?? 0) + timeDeltas[at]);
  });
  const sorted = [...spent].sort(([, a], [, b]) => b - a).slice(0, NAMED);
  return sorted.map(([name, micros]) => `\`${name}\` ${Math.round((100 * micros) / all)} %`).join(", ");
}
