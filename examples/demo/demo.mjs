// npm run demo [-- --exit] [-- --out FILE] [-- --seconds N] [-- --report FILE]
//
// Starts two Express services that know nothing of tracing under `otel-rerun/register`, sends them real traffic, and opens what
// was recorded of both in the official viewer.
import { fork, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import cliProgress from "cli-progress";
import pc from "picocolors";
import { drive } from "./load.mjs";
import { summarize } from "./summary.mjs";

const { values: options } = parseArgs({
  options: {
    exit: { type: "boolean", default: false },
    out: { type: "string", default: "recordings/demo.rrd" },
    seconds: { type: "string", default: "10" },
    report: { type: "string" },
    port: { type: "string" },
  },
});
const seconds = Number(options.seconds);
if (!(seconds > 0 && seconds <= 600))
  throw new RangeError(`--seconds takes a number up to 600, not ${options.seconds}`);
const out = resolve(options.out);
const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "dist", "cli.cjs");
const segments = mkdtempSync(join(tmpdir(), "otel-rerun-demo-"));

// Both services are one recording: they get the same identity, as children of one instrumented process would.
const identity = {
  OTEL_RERUN_PARENT: JSON.stringify({ applicationId: "shop demo" }),
  RERUN_RECORDING_ID: randomUUID(),
};

/** Starts a service under `register` and resolves with its port. */
async function start(name, file, env = {}) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    cwd: root,
    execArgv: ["--import", "otel-rerun/register"],
    env: {
      ...process.env,
      ...identity,
      OTEL_SERVICE_NAME: name,
      OTEL_RERUN_FILE: join(segments, `${name}.rrd`),
      OTEL_RERUN_QUIET: "1",
      PORT: "0",
      ...env,
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const port = await new Promise((ready, failed) => {
    child.once("message", (message) => ready(message.port));
    child.once("exit", (code) => failed(new Error(`${name} ended with ${code} before it listened`)));
  });
  return { port, stop: () => new Promise((done) => child.once("exit", done) && child.kill("SIGTERM")) };
}

function otelRerun(...args) {
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`otel-rerun ${args[0]} failed with status ${status}`);
}

console.log(
  `${pc.bold("otel-rerun demo")}: a shop and an inventory (Express 5, no tracing code), ${seconds} s of traffic`,
);
const inventory = await start("inventory", "inventory.cjs");
const shop = await start("shop", "shop.mjs", { INVENTORY_URL: `http://127.0.0.1:${inventory.port}` });

const bar = new cliProgress.SingleBar({
  format: "{bar} {percentage}% | {requests} requests | {eta_formatted} left",
  stream: process.stderr,
});
bar.start(seconds, 0, { requests: 0 });
const load = await drive({
  port: shop.port,
  seconds,
  onProgress: (requests, elapsed) => bar.update(elapsed, { requests }),
});
bar.update(seconds, { requests: load.requests });
bar.stop();

await shop.stop();
await inventory.stop();
const files = readdirSync(segments).filter((name) => name.endsWith(".rrd"));
otelRerun("merge", ...files.map((name) => join(segments, name)), "-o", out);
rmSync(segments, { recursive: true });

const summary = await summarize(out);
console.log(`\n  answered by the shop     ${pc.bold(load.requests)} requests in ${load.seconds.toFixed(1)} s`);
for (const [what, value] of Object.entries(summary)) console.log(`  ${what.padEnd(24)} ${value.toLocaleString("en")}`);
console.log(`  bytes                    ${statSync(out).size.toLocaleString("en")}`);
console.log(`\n  ${pc.green(out)}\n`);
if (options.report) writeFileSync(options.report, JSON.stringify({ load, summary }, null, 2));

if (!options.exit) {
  const args = ["view", out, ...(options.port ? ["--port", options.port] : [])];
  const viewer = spawn(process.execPath, [cli, ...args], { cwd: root, stdio: "inherit" });
  // Ctrl-C reaches both; whoever stops only this program means both
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => viewer.kill(signal));
}
