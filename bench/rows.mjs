// Rows of every kind to a file, beside the official SDKs, MCAP and pino: what their callers pay, what all threads pay, what is in the file.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRrd } from "otel-rerun/reader";
import { median, program, ratio, table } from "./measure.mjs";
import { budgets } from "./rows/budgets.mjs";
import { memoryFolder } from "./rows/memory-folder.mjs";

/**
 * `unit`: what a row of the table is per; the others are the sizes that programs are given. Python does a part of it: its costs do not
 * depend on how many there are.
 */
const WORKS = (quick) => {
  const part = quick ? 20 : 1;
  const scalars = { kind: "scalars", entities: 600, steps: 1000 / part, python: 10, rows: 1 };
  return {
    scalars: { ...scalars, title: "600 entities × 1,000 scalars, as fast as it goes" },
    paced: {
      ...scalars,
      steps: 1000 / (quick ? 4 : 1),
      python: 4,
      stepMicros: 4000,
      slow: true,
      title: "the same, 150,000 rows a second",
    },
    text: {
      kind: "text",
      rows: 200_000 / part,
      steps: 1,
      python: 10,
      title: "200,000 rows of `TextLog`, 57 characters and a level",
    },
    columns: {
      kind: "columns",
      steps: 100 / part,
      rows: 10_000,
      python: 1,
      title: "100 × `sendColumns` of 10,000 scalars",
    },
    points: {
      kind: "points",
      rows: 1000 / part,
      steps: 1,
      python: 1,
      title: "1,000 × `Points3D` of 1,000 points with colours and radii",
    },
    recordings: {
      kind: "recordings",
      steps: 1000 / part,
      rows: 20,
      python: quick ? 1 : 4,
      title: `1,000 recordings of 20 rows, each a file of its own${memoryFolder() === tmpdir() ? "" : " (tmpfs)"}`,
    },
  };
};

/** How many units of its table a piece of work is. */
function unitsOf(name, { entities = 1, steps, rows }) {
  if (name === "recordings") return steps;
  return name === "scalars" || name === "paced" ? entities * steps : steps * rows;
}

/** Of a process: V8 compiles for as long as the first of them take. */
const ROUNDS = 8;

const here = import.meta.dirname;

/** The section of docs/benchmarks.md. `peers`: folder of the npm peers; `venv`, `rust`: of the official SDKs, if they are there. */
export async function rowsToFile({ quick, peers, venv, rust }) {
  const works = WORKS(quick);
  const arms = {
    ours: { name: "otel-rerun", command: process.execPath, args: [join(here, "rows/ours.mjs")], cwd: join(here, "..") },
    joined: {
      name: "otel-rerun, with a journal",
      command: process.execPath,
      args: [join(here, "rows/ours.mjs")],
      cwd: join(here, ".."),
      env: { OPTIONS: '{"journal":true}' },
      only: ["scalars", "paced"],
    },
    rust: rust && { name: "Rerun Rust SDK 0.41.0", command: rust, args: [] },
    rustTick: rust && {
      name: "the same with a tick of 50 ms, as ours",
      command: rust,
      args: [],
      env: { RERUN_FLUSH_TICK_SECS: "0.05" },
      only: ["paced"],
    },
    mcap: {
      name: "MCAP (@mcap/core, raw + LZ4)",
      command: process.execPath,
      args: [join(peers, "rows-mcap.mjs")],
      cwd: peers,
      only: ["scalars", "paced"],
    },
    pino: {
      name: "pino, buffered, JSON lines",
      command: process.execPath,
      args: [join(peers, "rows-pino.mjs")],
      cwd: peers,
      only: ["text"],
    },
    python: venv && {
      name: "Rerun Python SDK 0.41.0",
      command: join(venv, "bin/python"),
      args: [join(here, "rows/python.py")],
    },
  };
  const measured = {};
  const sections = [];
  for (const [name, work] of Object.entries(works)) {
    const taking = Object.entries(arms).filter(([, arm]) => arm && (arm.only?.includes(name) ?? true));
    const results = new Map(taking.map(([key]) => [key, []]));
    for (let repeat = 0; repeat < (quick || work.slow ? 1 : 3); repeat++) {
      for (const [key, arm] of taking)
        if (key !== "python" || repeat === 0) results.get(key).push(await run(key, arm, name, work, quick));
    }
    measured[name] = Object.fromEntries([...results].map(([key, runs]) => [key, figuresOf(runs)]));
    const unit = name === "recordings" ? "recording" : "row";
    sections.push(`### ${work.title[0].toUpperCase()}${work.title.slice(1)}\n\n${tableOf(measured[name], arms, unit)}`);
  }
  for (const folder of finished) rmSync(folder, { recursive: true });
  const growth = await growthOf(arms.ours, quick);
  return `## Rows to a file

What a call costs its caller: CPU of its own thread, and the wall time of single calls, which the clock makes longer. CPU counts every thread,
from the first call to the closed file; *cold* is the first round of a process, in which our writer thread starts too, *warm* the last of
${ROUNDS} (Python and paced rows: the first; the official SDKs compile nothing, V8 does so for about a second). A tick is how often waiting rows are
written, so what a kill may take: 50 ms with us, 200 ms with the official SDKs.${quick ? " This is a twentieth of the work." : ""} Medians of ${quick ? 1 : 3} interleaved processes. Times are per row, or per recording where there are many.${coldRemark(measured, works)}

${sections.join("\n\n")}

### How it grows

${growth}

${await budgets(measured, { quick, ours: arms.ours, environment: (kind) => environmentOf(works[kind], ROUNDS) })}`;
}

/** Where a first round is so short that starting to run outweighs the work. */
function coldRemark(measured, works) {
  const slower = Object.keys(works).filter((name) => measured[name].ours.cold > measured[name].rust?.cold);
  if (slower.length === 0) return "";
  return ` In a first round the Rust
SDK takes less for: ${slower.join(", ")}. Our thread starts and V8 compiles in it ([decision 10](decisions/0010-first-row.md)).`;
}

function environmentOf({ kind, entities = 600, steps, rows, stepMicros = 0 }, rounds) {
  return {
    WORK: kind,
    ENTITIES: String(entities),
    STEPS: String(steps),
    ROWS: String(rows),
    STEP_MICROS: String(stepMicros),
    ROUNDS: String(rounds),
  };
}

/** A process that takes longer hangs. */
const MAX_MILLIS = 600_000;

/** One process of a writer: per unit, and what its last file holds. Without `isTimed` no round times its calls. */
async function run(key, arm, name, work, quick, isTimed = true) {
  const isPython = key === "python";
  const size = { ...work };
  if (isPython && work.kind === "text") size.rows = Math.ceil(work.rows / work.python);
  else if (isPython) size.steps = Math.ceil(work.steps / work.python);
  const rounds = isPython || work.slow || quick ? 1 : ROUNDS;
  const folder = mkdtempSync(join(name === "recordings" ? memoryFolder() : tmpdir(), "otel-rerun-bench-"));
  try {
    const env = { ...environmentOf(size, rounds), ...arm.env, FOLDER: folder, TIMED: isTimed ? "1" : "0" };
    const { cold, warm, calls } = await program(arm.command, arm.args, { cwd: arm.cwd, env, timeout: MAX_MILLIS });
    const last = String(isTimed ? rounds : rounds - 1);
    const units = unitsOf(name, size);
    const per = (round) => Object.fromEntries(Object.entries(round).map(([what, value]) => [what, value / units]));
    return { cold: per(cold), warm: per(warm), calls, units, chunks: await chunksIn(join(folder, last)) };
  } finally {
    if (name === "recordings") finished.push(folder);
    else rmSync(folder, { recursive: true });
  }
}

/** Their removal would slow down who makes files next (see rows/rounds.mjs). */
const finished = [];

/** Chunks of the first recording; undefined: there is none. */
async function chunksIn(folder) {
  const name = readdirSync(folder).find((file) => file.endsWith(".rrd"));
  if (name === undefined) return undefined;
  let chunks = 0;
  for await (const _ of (await openRrd(join(folder, name))).chunks()) chunks += 1;
  return chunks;
}

function figuresOf(runs) {
  const of = (pick) => median(runs.map(pick));
  return {
    call: of(({ warm }) => warm.callCpu),
    p50: of(({ calls }) => calls.p50),
    p999: of(({ calls }) => calls.p999),
    max: of(({ calls }) => calls.max),
    cold: of(({ cold }) => cold.cpu),
    warm: of(({ warm }) => warm.cpu),
    wall: of(({ warm }) => warm.wall),
    seconds: of(({ warm, units }) => warm.wall * units),
    bytes: of(({ warm }) => warm.bytes),
    chunks: runs[0].chunks === undefined ? undefined : of(({ chunks }) => chunks),
  };
}

function tableOf(figures, arms, unit) {
  const header = [
    "writer",
    "caller's CPU",
    "call p50 / p99.9 / worst",
    "all CPU, cold / warm",
    "beside us (warm)",
    `${unit}s/s to the closed file`,
    "bytes",
    "chunks",
  ];
  const rows = Object.entries(figures).map(([key, it]) => [
    arms[key].name,
    time(it.call),
    [it.p50, it.p999, it.max].map((nanos) => time(nanos / 1e9)).join(" / "),
    `${time(it.cold)} / ${time(it.warm)}`,
    ratio(it.warm, figures.ours.warm),
    Math.round(1 / it.wall).toLocaleString("en"),
    it.bytes.toFixed(it.bytes < 1000 ? 1 : 0),
    it.chunks ?? "–",
  ]);
  return table(header, rows);
}

/** Cost of a scalar row by how many there are, and by how many entities they are of. */
async function growthOf(ours, quick) {
  const line = async (entities, count) => {
    const steps = Math.max(1, Math.round(count / entities));
    const { cold, chunks } = await run(
      "ours",
      ours,
      "scalars",
      { kind: "scalars", entities, steps, rows: 1 },
      true,
      false,
    );
    return [
      entities.toLocaleString("en"),
      (entities * steps).toLocaleString("en"),
      time(cold.callCpu),
      time(cold.cpu),
      Math.round(1 / cold.wall).toLocaleString("en"),
      cold.bytes.toFixed(1),
      chunks,
    ];
  };
  const rows = [];
  for (const count of quick ? [1e4] : [1e4, 1e5, 1e6, 1e7]) rows.push(await line(600, count));
  for (const entities of quick ? [1000] : [1, 100, 1e4]) rows.push(await line(entities, quick ? 1e4 : 6e5));
  const header = ["entities", "rows", "caller's CPU", "all CPU", "rows/s to the closed file", "bytes", "chunks"];
  return `Scalar rows by us, the first round of a process each.\n\n${table(header, rows)}`;
}

/** Three digits, in the unit that fits. */
export function time(seconds) {
  const [unit, value] =
    seconds >= 1e-3 ? ["ms", seconds * 1e3] : seconds >= 1e-6 ? ["µs", seconds * 1e6] : ["ns", seconds * 1e9];
  return `${Number(value.toPrecision(3))} ${unit}`;
}
