import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { end, kindOf, numberOf, sendTraffic, TENANTS, tenantOf } from "./matrix-traffic.ts";
import { requestIn, valuesIn } from "./read.ts";
import { freshFolder } from "./run.ts";

const tarball = inject("tarball");
const COUNT = 1_000;
const all = Array.from({ length: COUNT }, (_, n) => n);

interface Case {
  readonly express: "express" | "express4";
  readonly modules: "cjs" | "mjs";
  /** The NodeSDK is started under `register`, or by the application alone. */
  readonly register: boolean;
  readonly manager: "sdk" | "recording" | "cls";
  /** Alias of a package with a Node binary, or the one that runs the tests. */
  readonly node: "this Node" | "node22" | "node24" | "node26";
}

const CASES: readonly Case[] = [
  { express: "express", modules: "cjs", register: true, manager: "sdk", node: "this Node" },
  { express: "express", modules: "mjs", register: false, manager: "recording", node: "this Node" },
  { express: "express4", modules: "cjs", register: false, manager: "cls", node: "this Node" },
  { express: "express4", modules: "mjs", register: true, manager: "sdk", node: "this Node" },
];
const ON_OTHER_NODES: readonly Case[] = (["node22", "node24", "node26"] as const).flatMap((node) => [
  { express: "express", modules: "cjs", register: true, manager: "recording", node },
  { express: "express", modules: "mjs", register: true, manager: "sdk", node },
]);

/** Runs the application, sends it the traffic, and returns the folder of its recordings. */
function run(folder: string, { express, modules, register, manager, node }: Case): Promise<string> {
  const load = modules === "cjs" ? "--require" : "--import";
  const binary = node === "this Node" ? process.execPath : join(folder, "node_modules", node, "bin/node");
  const args = [...(register ? [load, "otel-rerun/register"] : []), load, `./app/setup.${modules}`];
  return serve(folder, binary, [...args, `app/main.${modules}`], COUNT, { EXPRESS: express, MANAGER: manager });
}

async function serve(
  folder: string,
  binary: string,
  args: readonly string[],
  count: number,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const recordings = freshFolder();
  const child = spawn(binary, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      TENANTS: TENANTS.join(","),
      FOLDER: recordings,
      OTEL_RERUN_FILE: join(recordings, "process.rrd"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("\n")) resolve((JSON.parse(output.split("\n")[0] ?? "") as { port: number }).port);
    });
    void ended.then(() => reject(new Error(errors)));
  });
  try {
    await sendTraffic(port, count);
    await end(port);
    expect(await ended, errors).toBe(0);
    expect(errors).not.toMatch(/(Timeout|Rerun)\w*Warning/);
  } finally {
    child.kill("SIGKILL");
  }
  return recordings;
}

const numbers = (values: readonly unknown[]) => values.map(Number).sort((a, b) => a - b);

describe.each(["sdk1", "sdk2", "sdk3"])("%s, as its users have it", (line) => {
  let folder: string;
  beforeAll(() => {
    const source = fileURLToPath(new URL(`../matrix/${line}`, import.meta.url));
    folder = mkdtempSync(join(tmpdir(), `otel-rerun-${line}-`));
    for (const name of ["package.json", "package-lock.json"]) cpSync(join(source, name), join(folder, name));
    cpSync(join(source, "../app"), join(folder, "app"), { recursive: true });
    const npm = (...args: string[]) =>
      execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "pipe" });
    npm("ci");
    npm("install", "--no-save", "--no-package-lock", tarball);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const cases = line === "sdk3" ? [...CASES, ...ON_OTHER_NODES] : CASES;
  it.each(cases)(
    "$express as $modules, register: $register, context manager: $manager, on $node: 1,000 requests, each in its own recording (I6)",
    async (one) => {
      if (one.node !== "this Node" && !existsSync(join(folder, "node_modules", one.node))) {
        expect(process.platform, `${one.node} is installed on Linux`).not.toBe("linux");
        return;
      }
      const recordings = await run(folder, one);
      for (const tenant of TENANTS) {
        const file = join(recordings, `${tenant}.rrd`);
        const own = all.filter((n) => tenantOf(n) === tenant);
        const of = (...kinds: string[]) => own.filter((n) => kinds.includes(kindOf(n)));
        const rows = (entity: string) => valuesIn(file, entity, "Scalars:scalars").then(numbers);

        const twice = of("order", "unsampled").flatMap((n) => [n, n]);
        expect(await rows("/rows")).toEqual(numbers([...twice, ...of("fail", "slow")]));
        expect(await rows("/listeners/end")).toEqual(of("order", "unsampled", "fail"));
        expect(await rows("/listeners/finish")).toEqual(of("order", "unsampled", "fail"));
        expect(await rows("/listeners/close")).toEqual(own);

        const logs = (await valuesIn(file, "/logs/shop", "TextLog:text")).map(String);
        expect(numbers(logs.filter((text) => text.startsWith("log ")).map((text) => text.slice(4)))).toEqual(
          of("order", "unsampled", "fail"),
        );

        const names = await valuesIn(file, "/spans", "name");
        const traces = (await valuesIn(file, "/spans", "trace_id")).map(String);
        const kinds = await valuesIn(file, "/spans", "kind");
        const sampled = of("order", "fail", "slow");
        const traced = (wanted: (at: number) => boolean) =>
          numbers(traces.filter((_, at) => wanted(at)).map((traceId) => numberOf(traceId)));
        // no span of another tenant's, none that was not sampled
        expect([...new Set(traced(() => true))]).toEqual(sampled);
        expect(traced((at) => String(kinds[at]).toUpperCase() === "SERVER")).toEqual(sampled);
        for (const name of ["work", "inner"]) {
          expect(traced((at) => String(names[at]).startsWith(`${name} `))).toEqual(of("order"));
          for (const [at, text] of names.entries()) {
            if (String(text).startsWith(`${name} `)) expect(`${name} ${numberOf(traces[at] ?? "")}`).toBe(text);
          }
        }
      }
      // what was sent under register went nowhere else
      const whole = join(recordings, "process.rrd");
      if (existsSync(whole)) {
        const traces = (await valuesIn(whole, "/spans", "trace_id")).map((id) => numberOf(String(id)));
        expect(traces.filter((n) => n < COUNT)).toEqual([]);
      }
    },
  );

  it.each(line === "sdk3" ? ["node22", "node24", "node26"] : [])("a clone is built by %s, too", (node) => {
    const binary = join(folder, "node_modules", node, "bin/node");
    if (!existsSync(binary)) {
      expect(process.platform, `${node} is installed on Linux`).not.toBe("linux");
      return;
    }
    // they run the TypeScript of the build themselves, as the module that its name and package.json say it is
    const config = new URL("../../tsdown.config.mts", import.meta.url).href;
    const program = "const { default: builds } = await import(process.argv[1]); console.log(builds.length)";
    const printed = execFileSync(binary, ["--no-warnings", "--input-type=module", "-e", program, config]);
    expect(Number(printed)).toBeGreaterThan(0);
  });

  it.each(["request", "trace"])(
    "only register beside upstream's HTTP and Express instrumentations, a recording per %s: each has its spans and rows, once (I6)",
    async (per) => {
      const count = 100;
      const args = ["--require", "otel-rerun/register", "--require", "./app/upstream.cjs", "app/main.cjs"];
      const env = { EXPRESS: "express", SETUP: "./upstream.cjs", OTEL_RERUN_RECORD_PER: per };
      const folderOfRun = await serve(folder, process.execPath, args, count, env);
      const names = readdirSync(folderOfRun).filter((name) => /^process\.\w+-[\da-f]{8}(\.\d+)?\.rrd$/.test(name));
      const seen: number[] = [];
      for (const name of names) {
        const file = join(folderOfRun, name);
        const { recordingId, values } = await requestIn(file);
        const traces = new Set(values("/spans", "trace_id"));
        const servers = values("/spans", "kind").filter((kind) => kind === "SERVER");
        const numbered = [...values("/listeners/close", "Scalars:scalars"), ...values("/rows", "Scalars:scalars")];
        const [n = -1] = numbered.map(Number);
        // the one that ends the application is the test's own; upstream's older instrumentation does not name it by its route
        if (Number.isNaN(n) || values("/spans", "name").includes("GET /end")) continue;
        expect(new Set(numbered.map(Number)), name).toEqual(new Set([n]));
        seen.push(n);
        const isSampled = kindOf(n) !== "unsampled";
        expect(servers, name).toHaveLength(isSampled ? 1 : 0);
        expect([...traces].map((id) => numberOf(String(id)))).toEqual(isSampled ? [n] : []);
        if (per === "trace") expect(numberOf(recordingId)).toBe(n);
        const work = values("/spans", "name").filter((one) => /^(work|inner) /.test(String(one)));
        expect(work.sort()).toEqual(kindOf(n) === "order" ? [`inner ${n}`, `work ${n}`] : []);
        expect(values("/listeners/close", "Scalars:scalars")).toEqual([n]);
      }
      expect(numbers(seen)).toEqual(all.slice(0, count));
      expect(await valuesIn(join(folderOfRun, "process.rrd"), "/spans", "name")).toEqual([]);
      expect(await valuesIn(join(folderOfRun, "process.rrd"), "/listeners/close", "Scalars:scalars")).toEqual([]);
    },
  );
});
