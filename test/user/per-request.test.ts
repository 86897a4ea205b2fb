import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { type DumpedStore, describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder, node, type Run } from "./run.ts";

const { plain, sdk2 } = inject("consumers");

/** What is in the folder of a run, by route; the process's own recording is `""`. Each file was verified. */
interface Recorded {
  readonly run: Run;
  readonly names: string[];
  readonly files: Map<string, string[]>;
}

async function record(paths: string[], env: Record<string, string> = {}): Promise<Recorded> {
  const folder = freshFolder();
  const args = [
    "--require",
    join(plain, "node_modules/otel-rerun/dist/register.cjs"),
    join(plain, "apps/per-request.cjs"),
  ];
  const run = await node(folder, args, {
    OTEL_SERVICE_NAME: "shop",
    OTEL_RERUN_RECORD_PER: "request",
    PATHS: JSON.stringify(paths),
    ...env,
  });
  const recordings = join(folder, "recordings");
  const names = readdirSync(recordings).filter((name) => name !== ".gitignore");
  const files = new Map<string, string[]>();
  for (const name of names) {
    expect(statSync(join(recordings, name)).mode & 0o777, name).toBe(0o600);
    expectVerified(join(recordings, name));
    const route = /^\d{8}T\d{6}Z-shop-\d+(?:\.(\w+)-[0-9a-f]{8})?(?:\.\d+)?\.rrd$/.exec(name);
    if (route === null) throw new Error(`${name} is not named as recordings are`);
    const [, of = ""] = route;
    files.set(of, [...(files.get(of) ?? []), join(recordings, name)]);
  }
  return { run, names, files };
}

function recordingIn(file: string): DumpedStore {
  const recordings = dump(file).filter(({ kind }) => kind === "recording");
  expect(recordings).toHaveLength(1);
  return recordings[0] as DumpedStore;
}

/** What a tenant has logged, in however many parts: on a slow machine its requests are far from each other. */
function idsOf(files: Recorded["files"], tenant: number): number[] {
  const names = [...files.keys()].filter((name) => name.startsWith(`tenant_${tenant}`));
  return names
    .flatMap((name) => files.get(name) ?? [])
    .flatMap((file) => dump(file).filter(({ applicationId, kind }) => kind === "recording" && applicationId === "shop"))
    .flatMap((store) => values(store, "/app/value", "Scalars:scalars").map(Number))
    .sort((a, b) => a - b);
}

describeWithOracle("a recording per request", () => {
  it("has a file of its own, named after the route, with its spans, logs and rows and no others (I6)", async () => {
    const paths = Array.from({ length: 5 }, (_, i) => `/items/${i}?wait=${(i * 7) % 20}`);
    const { run, files } = await record([...paths, "/fails/1"]);
    expect(run.status, run.stderr).toBe(0);
    expect([...files.keys()].sort()).toEqual(["", "GET_fails_id", "GET_items_id"]);
    const items = (files.get("GET_items_id") ?? []).map(recordingIn);
    expect(items).toHaveLength(5);
    const seen = items.map((store) => {
      const [id] = values(store, "/app/value", "Scalars:scalars");
      expect(values(store, "/logs/shop", "TextLog:text")).toEqual([`item ${id}`]);
      expect(values(store, "/spans", "http.route")).toContain("/items/:id");
      expect(new Set(values(store, "/spans", "trace_id")).size).toBe(1);
      expect(store.chunks.filter(({ entity }) => entity.startsWith("/trace/")).length).toBeGreaterThan(0);
      return Number(id);
    });
    expect(seen.sort((a, b) => a - b)).toEqual(paths.map((_, i) => i));
    const [process = ""] = files.get("") ?? [];
    const [own] = dump(process).filter(({ applicationId }) => applicationId === "shop");
    expect(values(own as DumpedStore, "/app/value", "Scalars:scalars")).toEqual([]);
  });

  it("that no rule wants leaves nothing on the disk", async () => {
    const { run, names, files } = await record(["/items/1", "/items/2", "/fails/3", "/items/4?wait=400"], {
      OTEL_RERUN_KEEP_RULES: "errors,slowerThan=300",
    });
    expect(run.status, run.stderr).toBe(0);
    expect([...files.keys()].sort()).toEqual(["", "GET_fails_id", "GET_items_id"]);
    expect(files.get("GET_items_id")).toHaveLength(1);
    expect(names).toHaveLength(3); // neither journal nor lock nor part
    const [, newest = ""] =
      /recordings of their own: 2 kept, 2 not; the newest:\notel-rerun: open with: .* recordings\/(\S+)/.exec(
        run.stderr,
      ) ?? [];
    expect(names, run.stderr).toContain(newest);
  });

  it.each([
    { mode: "exit", status: 3 },
    { mode: "throw", status: 1 },
  ])("that is not over when the process ends by $mode is kept, whatever the rules (I4)", async ({ mode, status }) => {
    const env = { MODE: mode, OTEL_RERUN_KEEP_RULES: "errors" };
    const { run, files } = await record(["/items/1", "/hangs"], env);
    expect(run.status, run.stderr).toBe(status);
    const [hanging = ""] = files.get("GET") ?? files.get("request") ?? [];
    expect(values(recordingIn(hanging), "/spans", "status")).toContain("UNFINISHED");
    expect(files.has("GET_items_id")).toBe(false);
  });

  it("goes on in a second part when something comes after its end", async () => {
    const { files } = await record(["/items/1?late=1"]);
    const parts = (files.get("GET_items_id") ?? []).map(recordingIn);
    expect(parts.flatMap((store) => values(store, "/logs/shop", "TextLog:text")).sort()).toEqual(["item 1", "late 1"]);
    expect(new Set(parts.map(({ recordingId }) => recordingId)).size).toBe(1);
  });

  it("per trace: the trace id is the recording's", async () => {
    const { files } = await record(["/items/1", "/items/2"], { OTEL_RERUN_RECORD_PER: "trace" });
    const stores = (files.get("GET_items_id") ?? []).map(recordingIn);
    expect(stores.length).toBeGreaterThan(0);
    for (const store of stores)
      expect(new Set(values(store, "/spans", "trace_id"))).toEqual(new Set([store.recordingId]));
  });

  it("per trace, beside an SDK without instrumentations: a job and a request have one each, named after what began the trace", async () => {
    const folder = freshFolder();
    const args = ["--require", join(sdk2, "node_modules/otel-rerun/dist/register.cjs"), join(sdk2, "apps/jobs.cjs")];
    const run = await node(folder, args, { OTEL_SERVICE_NAME: "shop", OTEL_RERUN_RECORD_PER: "trace" });
    expect(run.status, run.stderr).toBe(0);
    const recordings = join(folder, "recordings");
    for (const [of, work, spans] of [
      ["nightly_report", "nightly report", 2],
      ["GET_work_id", "work 1", 4],
    ] as const) {
      const names = readdirSync(recordings).filter((name) => name.includes(`.${of}-`) && name.endsWith(".rrd"));
      expect(names, readdirSync(recordings).join()).toHaveLength(1);
      const store = recordingIn(join(recordings, names[0] ?? ""));
      expect(new Set(values(store, "/spans", "trace_id"))).toEqual(new Set([store.recordingId]));
      const seen = values(store, "/spans", "name");
      expect(seen).toEqual(expect.arrayContaining([work, `inside ${work}`]));
      expect(seen.length, seen.join()).toBeGreaterThanOrEqual(spans);
      expect(values(store, "/app/done", "TextLog:text")).toEqual([work]);
      expect(values(store, "/logs/shop", "TextLog:text")).toEqual([`done ${work}`]);
    }
    // all rows were of traces; what the process was like meanwhile is in its own recording
    const own = readdirSync(recordings).find((name) => /^\d{8}T\d{6}Z-shop-\d+\.rrd$/.test(name)) ?? "";
    const [whole] = dump(join(recordings, own)).filter(({ applicationId }) => applicationId === "shop");
    expect(values(whole as DumpedStore, "/spans", "name")).toEqual([]);
    const metrics = (whole as DumpedStore).chunks.map(({ entity }) => entity);
    expect(metrics.filter((entity) => entity.startsWith("/metrics/")).join()).toContain("eventloop");
  });

  it("per key: one for all requests that have it, with the dashboard of a run", async () => {
    const paths = Array.from({ length: 9 }, (_, i) => `/items/${i}`);
    const { run, files } = await record(paths, { PER: "tenant" });
    expect(run.status, run.stderr).toBe(0);
    for (let tenant = 0; tenant < 3; tenant++) expect(idsOf(files, tenant)).toEqual([tenant, tenant + 3, tenant + 6]);
  });

  it("per key: one that was idle goes on in a file of its own, and nothing is lost (I4)", async () => {
    const paths = Array.from({ length: 3 }, (_, i) => `/items/${i}`);
    const { run, files } = await record(paths, { PER: "tenant", TENANTS: "1", GAP: "400" });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toContain(" 0 rows dropped");
    expect(run.stderr).not.toContain("are lost");
    expect([...files.keys()].sort()).toEqual(["", "tenant_0", "tenant_0_2", "tenant_0_3"]);
    expect(idsOf(files, 0)).toEqual([0, 1, 2]);
  });
});
