import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, inject, it } from "vitest";
import {
  catalogPython,
  collector,
  describeWithCatalog,
  describeWithCollector,
  describeWithProducers,
  dump,
  expectVerified,
  producerGo,
  rerunBinary,
  values,
} from "../oracle.ts";
import { freshFolder } from "./run.ts";
import { type Served, serve } from "./served.ts";

// examples/scale, as docs/scale.md tells to use it
const cli = join(inject("consumers").plain, "node_modules/otel-rerun/dist/cli.cjs");
const example = (name: string) => fileURLToPath(new URL(`../../examples/scale/${name}`, import.meta.url));

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A program that has said something; what it says is collected. */
async function start(program: string, args: readonly string[], env: Record<string, string>, said: RegExp) {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  let text = "";
  await new Promise<void>((resolve, reject) => {
    const look = (piece: Buffer) => {
      text += piece;
      if (said.test(text)) resolve();
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("close", (code) => reject(new Error(`${program} ended with ${code}: ${text}`)));
  });
  return child;
}

async function recorder(args: readonly string[], cwd: string): Promise<Served> {
  const served = await serve(cli, args, cwd);
  running.push(served.process);
  return served;
}

describeWithProducers("a Collector in front", () => {
  describeWithCollector("the real one, with the configuration of the example", () => {
    it("hands on all that a program sends it, also what came while the recorder was not there", async () => {
      const folder = freshFolder();
      const file = join(folder, "run.rrd");
      const token = "between-the-two";
      const [grpc, http, recorderPort] = [await freePort(), await freePort(), await freePort()];
      await start(
        collector,
        ["--config", example("collector.yaml")],
        {
          COLLECTOR_GRPC: `127.0.0.1:${grpc}`,
          COLLECTOR_HTTP: `127.0.0.1:${http}`,
          OTEL_RERUN_GRPC: `127.0.0.1:${recorderPort}`,
          OTEL_RERUN_TOKEN: token,
        },
        /Everything is ready/,
      );
      const [TRACES, RECORDS] = [300, 200];
      const sent = spawn(producerGo, {
        env: {
          HTTP: `http://127.0.0.1:${http}`,
          GRPC: `http://127.0.0.1:${grpc}`,
          TRACES: String(TRACES),
          RECORDS: String(RECORDS),
        },
        stdio: "inherit",
      });
      expect(await new Promise((resolve) => sent.once("close", resolve))).toBe(0);

      const served = await recorder(["-o", file, "--token", token, "--grpc-port", `${recorderPort}`], folder);
      const whole = () => (existsSync(file) ? namesIn(file).length : 0);
      await expect.poll(whole, { timeout: 120_000, interval: 2000 }).toBe(2 * 2 * TRACES);
      expect(await served.end(), served.output()).toBe(0);
      expectVerified(file);
      expect(new Set(namesIn(file)).size).toBe(2 * TRACES); // each of them from HTTP and from gRPC
      expect(served.output()).toContain(`${2 * TRACES} traces, ${4 * TRACES} spans, ${2 * RECORDS} log records`);
    });
  });
});

const namesIn = (file: string): string[] =>
  dump(file, "/spans")
    .filter(({ kind, applicationId }) => kind === "recording" && !applicationId.endsWith(" requests"))
    .flatMap((store) => values(store, "/spans", "name").map(String));

describeWithCatalog("a folder of recordings in Rerun's catalog server", () => {
  it("is queried as one, with DataFusion", async () => {
    const folder = freshFolder();
    const served = await recorder(["-o", folder, "--per", "service"], folder);
    const durations = { shop: [5, 7, 9], stock: [1, 2, 300, 4], users: [6] };
    let ids = 1;
    for (const [service, list] of Object.entries(durations)) {
      const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
      const spans = list.map((millis) => ({
        traceId: (ids++).toString(16).padStart(32, "0"),
        spanId: ids.toString(16).padStart(16, "0"),
        name: `GET /${service}`,
        startTimeUnixNano: "1700000000000000000",
        endTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(millis) * 1_000_000n),
        status: { code: millis === 300 ? 2 : 0 },
      }));
      const { status } = await fetch(`${served.http}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
      });
      expect(status).toBe(200);
    }
    expect(await served.end(), served.output()).toBe(0);

    const port = await freePort();
    const args = ["server", "--host", "127.0.0.1", "--port", `${port}`, "--dataset", `runs=${folder}`];
    await start(rerunBinary(), args, {}, /Ready for connections/);
    const url = `rerun+http://127.0.0.1:${port}`;
    const { status, stdout, stderr } = spawnSync(catalogPython, [example("query.py"), url, "runs"], {
      encoding: "utf8",
      timeout: 120_000,
    });
    expect(status, stderr).toBe(0);
    const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
    expect(rows.find(([first]) => first === "service")).toEqual([
      "service",
      "name",
      "spans",
      "errors",
      "p95_ms",
      "max_ms",
    ]);
    const found = rows.filter(([service = ""]) => service in durations);
    expect(
      found.map(([service, , , spans, errors, , max]) => [service, Number(spans), Number(errors), Number(max)]),
    ).toEqual([
      ["stock", 4, 1, 300],
      ["shop", 3, 0, 9],
      ["users", 1, 0, 6],
    ]);
    expect(stdout).toMatch(/slowest: GET \/stock in rerun\+http:\/\/127\.0\.0\.1:\d+\/dataset\/\w+\?segment_id=/);
  });
});
