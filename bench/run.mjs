// npm run bench [-- --quick] [-- --rust] [-- --only=rows,data,live,spans,express,start-up]: peers beside us, written to docs/benchmarks.md (not with
// --quick); sections that are not run stay as they are there. The Rust SDK is a peer of rows with --rust, where cargo is there.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expressRequest } from "./express.mjs";
import { ensureInstalled } from "./installed.mjs";
import { fanOut, received } from "./live-arms.mjs";
import { median, program, ratio, table, us } from "./measure.mjs";
import { rowsToFile } from "./rows.mjs";
import { rustPeer } from "./rust-peer.mjs";
import { spansKept } from "./spans.mjs";
import { startUp } from "./start-up.mjs";

const quick = process.argv.includes("--quick");
const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..");
const peers = join(here, "peers");
if (!ensureInstalled(peers)) process.exit(1);
spawnSync(process.execPath, [join(root, "scripts/judges.mjs")], { stdio: "inherit" });
const rust = process.argv.includes("--rust") ? rustPeer() : undefined;
const { venv } = JSON.parse(readFileSync(join(root, ".cache/judges.json"), "utf8"));

/** By their titles on the page. */
const all = {
  rows: ["Rows to a file", () => rowsToFile({ quick, peers, venv, rust })],
  data: ["Large values to a file", data],
  live: ["Live", live],
  spans: ["A span kept", () => spansKept({ quick })],
  express: ["An Express request", () => expressRequest({ quick })],
  "start-up": ["Start-up and size", () => startUp({ quick })],
};
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length)
  .split(",");
const page = join(root, "docs/benchmarks.md");
const [, ...before] = readFileSync(page, "utf8").split(/^(?=## )/m);
const sections = [];
for (const [name, [title, measure]] of Object.entries(all)) {
  const mayStay = only !== undefined && !only.includes(name);
  const section = mayStay ? before.find((text) => text.startsWith(`## ${title}\n`)) : await measure();
  if (section !== undefined) sections.push(section.trimEnd());
}
const text = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}.
Peers ran in the same run, interleaved with us; absolute times are this machine's, the ratios are what to look at. CPU counts
every thread of the process. *cold* is the first round of a process, *warm* the last.

${sections.join("\n\n")}
`;
console.log(`\n${text}`);
if (!quick) writeFileSync(page, text);

/** Points, an image and columns of a million, beside the official SDK. */
async function data() {
  const env = { REPEAT: quick ? "1" : "5" };
  const ours = () => program(process.execPath, [join(here, "data.mjs")], { cwd: root, env });
  const theirs = () => program(join(venv, "bin/python"), [join(here, "data_python.py")], { env });
  const runs = [];
  for (let i = 0; i < (quick ? 1 : 5); i++)
    runs.push({ ours: await ours(), theirs: venv ? await theirs() : undefined });
  const kinds = {
    points: "`Points3D` of 10⁶ points with colours",
    image: "`Image` of 1920 × 1080, RGB",
    columns: "`sendColumns` of 10⁶ Scalars",
  };
  const rows = Object.entries(kinds).map(([kind, name]) => {
    const of = (writer, what) => median(runs.map((run) => run[writer][kind][what]));
    const both = (what) =>
      venv ? [of("theirs", what), ratio(of("ours", what), of("theirs", what))] : [Number.NaN, "–"];
    const ms = (seconds) => (Number.isNaN(seconds) ? "–" : `${(seconds * 1e3).toFixed(1)} ms`);
    const cells = ["cpu", "wall"].flatMap((what) => {
      const [python, beside] = both(what);
      return [ms(of("ours", what)), ms(python), beside];
    });
    return [name, ...cells, `${(of("ours", "bytes") / 1e6).toFixed(1)} MB`];
  });
  const header = ["one row of", "CPU", "Python SDK", "ratio", "to the closed file", "Python SDK", "ratio", "size"];
  return `## Large values to a file\n\nThe same numbers by us and by Rerun's Python SDK 0.41.0, ${env.REPEAT} rows each, medians of ${runs.length} interleaved processes. A ratio
above 1 means that we take longer.\n\n${table(header, rows)}`;
}

/** Rows kept in memory, sent to the official server, and served to ten clients. */
async function live() {
  const rows = quick ? { ours: 20_000, theirs: 2_000 } : { ours: 200_000, theirs: 20_000 };
  const arms = {
    ours: { command: process.execPath, args: [join(here, "live.mjs")], cwd: root, env: { ROWS: String(rows.ours) } },
    ...(venv && {
      theirs: {
        command: join(venv, "bin/python"),
        args: [join(here, "live_python.py")],
        cwd: root,
        env: { ROWS: String(rows.theirs) },
      },
    }),
  };
  const kinds = {
    "kept in memory, drained as a file": (arm) =>
      program(arm.command, arm.args, { cwd: arm.cwd, env: { ...arm.env, MODE: "memory" } }),
    ...(venv && { "`connectGrpc` to the official server": (arm) => received(venv, arm) }),
    "`serveGrpc` to ten clients": (arm) => fanOut(arm, 10),
  };
  const lines = [];
  for (const [name, run] of Object.entries(kinds)) {
    const results = { ours: [], theirs: [] };
    for (let i = 0; i < (quick ? 1 : 5); i++) {
      for (const [who, arm] of Object.entries(arms)) results[who].push(await run(arm));
    }
    const per = (who, what) => median(results[who].map((result) => result[what] / result.rows));
    const rate = (who) => (who in arms ? Math.round(1 / per(who, "wall")).toLocaleString("en") : "–");
    const cpu = (who) => (who in arms ? `${us(per(who, "cpu"))} µs` : "–");
    const beside = (what) => (venv ? ratio(per("ours", what), per("theirs", what)) : "–");
    lines.push([name, rate("ours"), rate("theirs"), beside("wall"), cpu("ours"), cpu("theirs"), beside("cpu")]);
  }
  const header = ["rows", "rows/s", "Python SDK", "time, ratio", "all CPU per row", "Python SDK", "ratio"];
  return `## Live\n\nScalars on ten entities, ${rows.ours.toLocaleString("en")} rows (Python ${rows.theirs.toLocaleString("en")}), medians of ${quick ? 1 : 5} interleaved processes. CPU is that of the process that
logs; until a flush has returned, for ten clients until the last of them has the last byte. A ratio above 1 means that we take longer.\n\n${table(header, lines)}`;
}
