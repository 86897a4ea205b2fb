import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { type DumpedStore, describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const demo = join(root, "examples/demo/demo.mjs");

interface Span {
  readonly id: string;
  readonly parent: string;
  readonly kind: string;
  readonly service: string;
  readonly name: string;
  readonly route: string;
  readonly trace: string;
}

describeWithOracle("the demo: two Express services under real traffic in one recording", () => {
  let out = "";
  let load: { requests: number; byRoute: Record<string, number> };
  let summary: Record<string, number>;
  let stores: DumpedStore[];
  let process_: DumpedStore;
  let spans: Span[];

  beforeAll(() => {
    const folder = freshFolder();
    out = join(folder, "run.rrd");
    const report = join(folder, "report.json");
    const { status, stderr } = spawnSync(
      process.execPath,
      [demo, "--exit", "--seconds", "6", "--out", out, "--report", report],
      { cwd: root, encoding: "utf8" },
    );
    expect(status, stderr).toBe(0);
    ({ load, summary } = JSON.parse(readFileSync(report, "utf8")));
    stores = dump(out);
    process_ = stores.find(
      ({ kind, applicationId }) => kind === "recording" && applicationId === "shop demo",
    ) as DumpedStore;
    const column = (name: string) => values(process_, "/spans", name) as string[];
    const [ids, parents, kinds, services, names, routes, traces] = [
      "span_id",
      "parent_span_id",
      "kind",
      "service",
      "name",
      "http.route",
      "trace_id",
    ].map(column);
    spans = (ids ?? []).map((id, i) => ({
      id,
      parent: parents?.[i] ?? "",
      kind: kinds?.[i] ?? "",
      service: services?.[i] ?? "",
      name: names?.[i] ?? "",
      route: routes?.[i] ?? "",
      trace: traces?.[i] ?? "",
    }));
  });

  it("is verified by the official CLI without a warning (I10)", () => {
    const output = expectVerified(out);
    expect(output).not.toMatch(/\bWARN\b|\bERROR\b/); // levels of its log
  });

  it("has every request of the load generator as a root span, exactly once, with its route", () => {
    const roots = spans.filter(({ parent, service }) => parent === "" && service === "shop");
    expect(roots).toHaveLength(load.requests);
    expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length);
    const byRoute: Record<string, number> = {};
    for (const { name } of roots) byRoute[name] = (byRoute[name] ?? 0) + 1;
    expect(byRoute).toEqual(load.byRoute);
    for (const { name, route } of roots)
      expect(name.endsWith(` ${route}`), `${name} has the route ${route}`).toBe(true);
  });

  it("joins the services: the inventory's requests are children of the shop's client spans, no parent is missing", () => {
    const byId = new Map(spans.map((span) => [span.id, span]));
    const served = spans.filter(({ service, kind }) => service === "inventory" && kind === "SERVER");
    const calls = spans.filter(({ service, kind }) => service === "shop" && kind === "CLIENT");
    expect(calls.length).toBeGreaterThan(0);
    expect(served).toHaveLength(calls.length);
    for (const { parent, trace } of served) {
      expect(byId.get(parent)).toMatchObject({ kind: "CLIENT", service: "shop", trace });
    }
    for (const { parent } of spans) if (parent !== "") expect(byId.has(parent)).toBe(true);
  });

  it("shows lanes, metrics and logs of both services in one dashboard", () => {
    const entities = new Set(process_.chunks.map(({ entity }) => entity));
    for (const service of ["shop", "inventory"]) {
      const lanes = [...entities].filter((entity) => entity.startsWith("/requests/") && entity.includes(service));
      const metrics = [...entities].filter((entity) => entity.startsWith("/metrics/") && entity.includes(service));
      expect(lanes.length, `lanes of ${service} in ${[...entities].join(" ")}`).toBeGreaterThan(0);
      expect(metrics.length).toBeGreaterThan(2);
      expect(entities).toContain(`/logs/${service}`);
    }
    expect(
      stores.filter(({ kind, applicationId }) => kind === "blueprint" && applicationId === "shop demo"),
    ).toHaveLength(1);
  });

  it("holds notable traces whose waterfall shows spans of both services", () => {
    const traces = stores.filter(
      ({ kind, applicationId }) => kind === "recording" && applicationId === "shop demo requests",
    );
    expect(traces.length).toBeGreaterThan(3);
    const both = traces.filter((trace) => {
      const services = new Set(
        trace.chunks
          .filter(({ entity }) => entity.startsWith("/trace/"))
          .flatMap(({ components }) => (components["Span:service"] ?? []).flat()),
      );
      return services.has("shop") && services.has("inventory");
    });
    expect(both.length).toBeGreaterThan(0);
  });

  it("redacts query values by default (I12)", () => {
    expect(JSON.stringify(stores)).not.toContain("demo-secret");
  });

  it("says what it recorded and dropped nothing (I3)", () => {
    expect(summary.requests).toBe(spans.filter(({ kind }) => kind === "SERVER").length);
    expect(summary.spans).toBe(spans.length);
    expect(summary.dropped).toBe(0);
    expect(summary.logs).toBeGreaterThan(10);
  });

  it("serves the viewer until it is stopped when --exit is not given", async () => {
    const file = join(freshFolder(), "demo.rrd");
    const child = spawn(process.execPath, [demo, "--seconds", "1", "--out", file], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    let url = "";
    try {
      url = await new Promise<string>((resolve, reject) => {
        let text = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(text);
          if (found) resolve(found[0]);
        });
        child.once("exit", (code) => reject(new Error(`the demo ended with ${code}: ${text}`)));
        setTimeout(() => reject(new Error(`no address after 60 s: ${text}`)), 60_000).unref();
      });
      expect((await fetch(url)).status).toBe(200);
    } finally {
      child.removeAllListeners("exit");
      child.kill("SIGINT");
    }
    await ended; // of the viewer's server too, which holds the same output
    await expect(fetch(url)).rejects.toThrow();
  });
});
