// What we set out to reach, beside what was measured; and for what was missed, where the time goes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program, table } from "../measure.mjs";

const micros = (value) => value * 1e-6;

/** A line of the table: which work, what of it, and at most how much. `part`: of the rows with a journal. */
const BUDGETS = [
  ["`log(Scalars)`, caller's CPU", "scalars", "call", micros(0.25)],
  ["the same, p99.9", "scalars", "p999", 10_000, "ns"],
  ["the same, worst call", "scalars", "max", 25e6, "ns"],
  ["a scalar row, all CPU, cold", "scalars", "cold", micros(1.2)],
  ["the same, warm", "scalars", "warm", micros(0.9)],
  ["the same, joined by a journal", "scalars", "warm", micros(0.6), "s", "joined"],
  ["600 × 1,000 scalars, first call to closed file", "scalars", "seconds", 0.6],
  ["bytes of a scalar row in a burst", "scalars", "bytes", 30, "B"],
  ["the same, joined", "scalars", "bytes", 27, "B", "joined"],
  ["a text row, all CPU, warm", "text", "warm", micros(1.2)],
  ["`sendColumns`, a row, all CPU", "columns", "warm", micros(0.077)],
  ["the same, caller's CPU", "columns", "call", micros(0.02)],
  ["`Points3D` of 1,000 points, all CPU", "points", "warm", micros(45)],
  ["the same, caller's CPU", "points", "call", micros(9)],
  ["a recording of 20 rows, all CPU", "recordings", "warm", micros(90)],
  ["the same, bytes", "recordings", "bytes", 6000, "B"],
];

/** Functions that are named in a profile. */
const NAMED = 8;

export async function budgets(measured, { quick, ours, environment }) {
  const missed = new Set();
  const rows = BUDGETS.map(([name, work, what, limit, unit = "s", arm = "ours"]) => {
    const value = measured[work][arm][what]; // of the work that was given: with --quick it is less
    const rust = measured[work].rust?.[what];
    if (value > limit && (what === "warm" || what === "cold" || what === "call")) missed.add(work);
    const show = (number) => (unit === "B" ? `${number.toFixed(1)} B` : text(unit === "ns" ? number / 1e9 : number));
    const beside = rust === undefined || unit === "B" ? "–" : `${show(rust)}`;
    return [
      name,
      show(limit),
      show(value),
      `${(value / limit).toFixed(2)}×`,
      value <= limit ? "met" : "missed",
      beside,
    ];
  });
  const header = ["what", "budget", "measured", "of the budget", "", "Rust SDK, same run"];
  const profiles = [];
  for (const work of missed) profiles.push(await profileOf(work, ours, environment(work)));
  const why =
    profiles.length === 0 || quick
      ? ""
      : `\n\nWhere the time goes in the lines that miss theirs, by V8's profiler, warm and cold rounds together, the writer on the caller's thread
(\`OTEL_RERUN_WRITER=inline\`); self time, largest first:\n\n${profiles.join("\n")}`;
  return `### Budgets\n\nSet from what prototypes and peers reached on one machine when it was quiet.\n\n${table(header, rows)}${why}`;
}

/** Where one piece of work spends its time: a sampling profile of a process that writes inline. */
async function profileOf(work, { command, args, cwd }, env) {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-profile-"));
  try {
    const profiling = ["--cpu-prof", `--cpu-prof-dir=${join(folder, "profile")}`, ...args];
    const output = join(folder, "files");
    const inline = { ...env, FOLDER: output, OTEL_RERUN_WRITER: "inline", TIMED: "0" };
    await program(command, profiling, { cwd, env: inline, timeout: 600_000 });
    const [file] = readdirSync(join(folder, "profile"));
    return `- ${work}: ${selfTimes(JSON.parse(readFileSync(join(folder, "profile", file), "utf8")))}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a reader can do something with: LZ4 is the only WebAssembly, what loads and compiles modules is Node's. */
function nameOf({ functionName, url, lineNumber }) {
  if (functionName.startsWith("wasm-")) return "LZ4 (WebAssembly)";
  if (url.startsWith("node:internal/modules") || functionName === "wrapSafe") return "loading modules";
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

function text(seconds) {
  const [unit, value] =
    seconds >= 1
      ? ["s", seconds]
      : seconds >= 1e-3
        ? ["ms", seconds * 1e3]
        : seconds >= 1e-6
          ? ["µs", seconds * 1e6]
          : ["ns", seconds * 1e9];
  return `${Number(value.toPrecision(3))} ${unit}`;
}
