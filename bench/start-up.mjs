// What loading the instrumentation in front of a program costs, and what has to be installed for it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, installedSize } from "./installed.mjs";
import { median, program, ratio, table } from "./measure.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..");

/** Nothing of them may leave the machine, or look at it by the network. */
const QUIET = {
  OTEL_NODE_RESOURCE_DETECTORS: "env,host,os,process",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  DD_TRACE_AGENT_URL: "http://127.0.0.1:9",
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
  DD_TRACE_STARTUP_LOGS: "false",
};

const PEERS = {
  opentelemetry: {
    name: "`@opentelemetry/auto-instrumentations-node`",
    load: (resolve) => ["--require", resolve("@opentelemetry/auto-instrumentations-node/register")],
  },
  sentry: { name: "`@sentry/node`", load: () => ["--import", join(here, "start-up/sentry.cjs")] },
  datadog: { name: "`dd-trace`", load: (resolve) => ["--require", resolve("dd-trace/init")] },
};

/** Start of an empty program, and of an Express app until its first answer: CPU of all threads, beside bare Node and the peers. */
export async function startUp({ quick }) {
  const scratch = mkdtempSync(join(os.tmpdir(), "otel-rerun-bench-"));
  try {
    const arms = [
      { name: "bare Node", args: [] },
      {
        name: "`otel-rerun/register`, `--require`",
        args: ["--require", "otel-rerun/register"],
        size: ownSize(scratch),
      },
      { name: "`otel-rerun/register`, `--import`", args: ["--import", "otel-rerun/register"] },
    ];
    // a smoke run installs nothing of others, which are 300 MB
    for (const [folder, { name, load }] of quick ? [] : Object.entries(PEERS)) {
      const path = join(here, "installs", folder);
      if (!ensureInstalled(path)) continue;
      const { resolve } = createRequire(join(path, "package.json"));
      arms.push({ name, args: load(resolve), env: { INSTALL: join(path, "package.json") }, size: installedSize(path) });
    }
    const env = { ...QUIET, OTEL_RERUN_QUIET: "1", OTEL_RERUN_FILE: join(scratch, "run.rrd") };
    const rounds = quick ? 1 : 15;
    const runs = arms.map(() => ({ empty: [], app: [] }));
    for (let round = 0; round < rounds; round++) {
      for (const [at, arm] of arms.entries()) {
        const run = (script) =>
          program(process.execPath, [...arm.args, join(here, "start-up", script)], {
            cwd: root,
            env: { ...env, ...arm.env },
          });
        runs[at].empty.push(await run("report.cjs"));
        runs[at].app.push(await run("first-answer.cjs"));
      }
    }
    const cpuOf = (at, what) => median(runs[at][what].map(({ cpu }) => cpu));
    const rows = arms.map(({ name, size }, at) => [
      name,
      ...["empty", "app"].flatMap((what) => {
        const [cpu, bare] = [cpuOf(at, what), cpuOf(0, what)];
        return [at === 0 ? ms(cpu) : `+${ms(cpu - bare)}`, ratio(cpu, bare)];
      }),
      size === undefined ? "–" : `${(size.bytes / 1e6).toFixed(1)} MB / ${size.packages}`,
    ]);
    const header = [
      "loaded",
      "an empty program",
      "ratio",
      "Express until its first answer",
      "ratio",
      "installed / packages",
    ];
    return `## Start-up and size\n\nCPU of the whole process over bare Node, medians of ${rounds} interleaved starts of each. Sizes are those of an installation into an empty
folder, the peer \`@opentelemetry/api\` included. The budgets are +25 ms, and 10 MB in 25 packages; what a start consists of is in [decision 6](decisions/0006-start-up.md).\n\n${table(header, rows)}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Of this package as it would be published. Undefined where its peer cannot be installed. */
function ownSize(scratch) {
  const npm = (args, cwd) => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const packed = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], root);
    const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("[")));
    writeFileSync(join(scratch, "package.json"), '{ "private": true }');
    npm(["install", "--no-audit", "--no-fund", "--loglevel=error", join(scratch, filename)], scratch);
    return installedSize(scratch);
  } catch (error) {
    console.error(`our own size is left out: ${error.message.split("\n")[0]}`);
    return undefined;
  }
}

const ms = (seconds) => `${(seconds * 1e3).toFixed(0)} ms`;
