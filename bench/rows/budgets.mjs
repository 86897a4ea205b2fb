// What we set out to reach, beside what was measured; and for what was missed, where the time goes.
import { program, table } from "../measure.mjs";
import { profiled } from "../profile.mjs";

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
  for (const work of missed) profiles.push(`- ${work}: ${await profileOf(ours, environment(work))}`);
  const why =
    profiles.length === 0 || quick
      ? ""
      : `\n\nWhere the time goes in the lines that miss theirs, by V8's profiler, warm and cold rounds together, the writer on the caller's thread
(\`OTEL_RERUN_WRITER=inline\`); self time, largest first:\n\n${profiles.join("\n")}`;
  return `### Budgets\n\nSet from what prototypes and peers reached on one machine when it was quiet. Bytes: a chunk costs 1.1 KB beside its rows, and 600 entities
have as many chunks as there were ticks, or, with a journal, as often as 12 MiB of rows waited.\n\n${table(header, rows)}${why}`;
}

/** Of a process that writes inline. */
function profileOf({ command, args, cwd }, env) {
  return profiled((profiling, folder) => {
    const inline = { ...env, FOLDER: folder, OTEL_RERUN_WRITER: "inline", TIMED: "0" };
    return program(command, [...profiling, ...args], { cwd, env: inline, timeout: 600_000 });
  });
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
