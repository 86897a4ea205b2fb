// What a request of an Express app costs with us in front of it, and with upstream's instrumentation.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { closedLoop } from "./express/load.mjs";
import { median, ratio, table, us } from "./measure.mjs";
import { profiled } from "./profile.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..");
const BUDGET_MICROS = { node20: 40, node24: 25 };

/** Process CPU per request of the same Express app: bare, with us, with upstream's instrumentation and OTLP export. */
export async function expressRequest({ quick }) {
  const folder = mkdtempSync(join(os.tmpdir(), "otel-rerun-bench-"));
  const sink = await started("sink.mjs", {});
  const servers = [];
  const modes = {
    bare: undefined,
    ours: {},
    blackBox: { OTEL_RERUN_MODE: "blackbox" },
    errorsOnly: { OTEL_RERUN_RECORD_PER: "request", OTEL_RERUN_KEEP_RULES: "errors" },
    upstream: undefined,
  };
  for (const [variant, mode] of Object.entries(modes)) {
    const execArgv = ["--expose-gc", ...(mode === undefined ? [] : ["--require", "otel-rerun/register"])];
    const env = {
      ...process.env,
      VARIANT: variant,
      SINK: sink.message,
      OTEL_RERUN_FILE: join(folder, `${variant}.rrd`),
      ...mode,
      OTEL_RERUN_QUIET: "1",
    };
    const { child, message } = await started("server.cjs", { cwd: root, execArgv, env });
    servers.push({ variant, child, port: message.port, cpu: [], ownCpu: [], spans: 0 });
  }
  const requests = quick ? 2_000 : 15_000;
  const rounds = quick ? 1 : 6;
  for (const { port } of servers) await closedLoop({ port, requests: quick ? 2_000 : 20_000 });
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) {
      await ask(server.child, "start");
      await closedLoop({ port: server.port, requests });
      const { cpu, ownCpu, spans } = await ask(server.child, "stop");
      server.cpu.push(cpu / requests);
      server.ownCpu.push((ownCpu ?? Number.NaN) / requests); // NaN is null in a message
      server.spans += spans;
    }
  }
  for (const { child } of servers) await ended(child);
  sink.child.disconnect();
  rmSync(folder, { recursive: true });
  const [bare] = servers.map(({ cpu }) => median(cpu));
  const names = {
    bare: "Express 5 bare",
    ours: "with otel-rerun/register",
    blackBox: "the same as a black box (`OTEL_RERUN_MODE=blackbox`)",
    errorsOnly: "a recording per request, errors kept (there are none)",
    upstream: "with OTel http + express instrumentation, batch processor, OTLP protobuf to loopback",
  };
  const spansOf = (name) => servers.find(({ variant }) => variant === name).spans / (requests * rounds);
  const perSpan = (variant, over) => {
    if (variant === "bare") return "–";
    return `${us(over / spansOf(variant === "upstream" ? "upstream" : "ours"))} µs`; // all of ours make the same spans
  };
  const ownBare = median(servers[0].ownCpu);
  const over = (variant, seconds) => (variant === "bare" || Number.isNaN(seconds) ? "–" : `+${us(seconds)} µs`);
  const rows = servers.map(({ variant, cpu, ownCpu }) => [
    names[variant],
    `${us(median(cpu))} µs`,
    over(variant, median(cpu) - bare),
    over(variant, median(ownCpu) - ownBare),
    perSpan(variant, median(cpu) - bare),
    ratio(median(cpu), bare),
  ]);
  return `## An Express request\n\n\`express.json()\`, one middleware, one route with a parameter; 16 keep-alive connections, ${requests.toLocaleString("en")} requests a round, medians of ${rounds}
interleaved rounds after warm-up. Secrets are redacted, as they are by default. Spans per request: ${spansOf("ours").toFixed(2)} recorded by us,
${spansOf("upstream").toFixed(2)} delivered by upstream.\n\n${table(["server", "process CPU per request", "over bare", "of that on the application's own thread", "that per span", "ratio"], rows)}

The budget is +${BUDGET_MICROS.node20} µs on Node 20 and +${BUDGET_MICROS.node24} on 24, on a machine on which upstream takes +181. Where the time of \`otel-rerun/register\` goes, the server
included, the writer on the application's thread (\`OTEL_RERUN_WRITER=inline\`); self time, largest first:\n\n- ${await profileOf(requests)}`;
}

async function profileOf(requests) {
  return profiled(async (profiling, folder) => {
    const env = {
      ...process.env,
      OTEL_RERUN_FILE: `${folder}.rrd`,
      OTEL_RERUN_QUIET: "1",
      OTEL_RERUN_WRITER: "inline",
    };
    const execArgv = [...profiling, "--require", "otel-rerun/register"];
    const { child, message } = await started("server.cjs", { cwd: root, execArgv, env });
    await closedLoop({ port: message.port, requests: 2 * requests });
    await ended(child);
  });
}

function ask(child, message) {
  return new Promise((answered) => {
    child.once("message", answered);
    child.send(message);
  });
}

/** A program of bench/express, and the first that it says. */
export function started(file, options) {
  return new Promise((ready, failed) => {
    const child = fork(join(here, "express", file), [], options);
    child.once("message", (message) => ready({ child, message }));
    child.once("exit", (code) => failed(new Error(`${file} ended with ${code}`)));
  });
}

async function ended(child) {
  child.removeAllListeners("exit");
  child.send("exit");
  await new Promise((done) => child.once("exit", done));
}
