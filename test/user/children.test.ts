import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { describeWithOracle, expectVerified } from "../oracle.ts";
import { freshFolder, node, recordingsIn } from "./run.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };

interface Segment {
  readonly recordingIds: readonly string[];
  readonly rows: Readonly<Record<string, number[]>>;
}

async function read(path: string): Promise<Segment> {
  const reader = await openRrd(path);
  const rows: Record<string, number[]> = {};
  for await (const { entityPath, numRows, components } of reader.chunks()) {
    if (!entityPath.startsWith("/from/")) continue;
    rows[entityPath] ??= [];
    for (let row = 0; row < numRows; row++) rows[entityPath].push(Number([components[0]?.get(row)].flat()[0]));
  }
  const own = reader
    .recordings()
    .filter(({ kind, applicationId }) => kind === "recording" && applicationId === "clustered");
  return { recordingIds: own.map(({ recordingId }) => recordingId), rows };
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describeWithOracle("children of a recorded process", () => {
  for (const writer of ["thread", "inline"]) {
    it(`${writer}: a cluster and a forked child write segments of their own, of one recording, and never the parent's file`, async () => {
      const folder = freshFolder();
      const file = join(folder, "run.rrd");
      const env = {
        OTEL_SERVICE_NAME: "clustered",
        OTEL_RERUN_FILE: file,
        WORKERS: "3",
        COUNT: "2000",
        OTEL_RERUN_WRITER: writer,
      };
      const run = await node(plain, ["--require", "otel-rerun/register", "apps/cluster.cjs"], env);
      expect(run.status, run.stderr).toBe(0);
      const names = readdirSync(folder).filter((name) => !name.startsWith("."));
      expect(names.filter((name) => name.endsWith(".rrd"))).toHaveLength(5);
      expect(names.filter((name) => name.includes(".journal"))).toEqual([]);
      const paths = names.map((name) => join(folder, name));
      const segments = await Promise.all(paths.map(read));
      expect(new Set(segments.flatMap(({ recordingIds }) => recordingIds)).size).toBe(1);
      const writers = segments.map(({ rows }) => Object.keys(rows));
      const all = ["grandchild", "primary", "worker-1", "worker-2", "worker-3"].map((who) => [`/from/${who}`]);
      expect(writers.sort()).toEqual(all);
      for (const { rows } of segments) for (const numbers of Object.values(rows)) expect(numbers).toEqual(upTo(2000));
      expect(Object.keys((await read(file)).rows)).toEqual(["/from/primary"]);
      const [, merge = ""] =
        /4 more files of children or threads .*: npx otel-rerun (merge .*)\n/.exec(run.stderr) ?? [];
      const merged = await node(folder, [join(plain, "node_modules/otel-rerun/dist/cli.cjs"), ...merge.split(" ")]);
      expect(merged.stdout, run.stderr).toContain("merged.rrd: 5 files joined");
      for (const path of paths) expectVerified(path);
    });
  }

  for (const writer of ["thread", "inline"]) {
    const spawning = `
const rr = require("otel-rerun");
const who = process.env.WHO ?? "parent";
const rec = rr.init("clustered");
for (let i = 0; i < 100; i++) rec.log("from/" + who, new rr.Scalars(i));
const env = { ...process.env, WHO: "child" };
if (who === "parent") require("node:child_process").spawn(process.execPath, process.argv.slice(1), { env, stdio: "inherit" });`;

    it(`${writer}: a program that spawn starts has a segment of its own where register is in NODE_OPTIONS`, async () => {
      const folder = freshFolder();
      const script = join(folder, "spawning.cjs");
      writeFileSync(script, spawning.replace('"otel-rerun"', JSON.stringify(join(plain, "node_modules/otel-rerun"))));
      const env = {
        OTEL_SERVICE_NAME: "clustered",
        OTEL_RERUN_FILE: join(folder, "run.rrd"),
        OTEL_RERUN_WRITER: writer,
      };
      const all = await node(plain, [script], { ...env, NODE_OPTIONS: "--require otel-rerun/register" });
      expect(all.status, all.stderr).toBe(0);
      const segments = await Promise.all(recordingsIn(folder).map(read));
      expect(segments.map(({ rows }) => rows)).toEqual(
        expect.arrayContaining([{ "/from/parent": upTo(100) }, { "/from/child": upTo(100) }]),
      );
      expect(new Set(segments.flatMap(({ recordingIds }) => recordingIds)).size).toBe(1);
    });

    it(`${writer}: without, it says that its rows have no place, and what to do (I3)`, async () => {
      const folder = freshFolder();
      const script = join(folder, "spawning.cjs");
      writeFileSync(script, spawning.replace('"otel-rerun"', JSON.stringify(join(plain, "node_modules/otel-rerun"))));
      const file = join(folder, "run.rrd");
      const env = { OTEL_SERVICE_NAME: "clustered", OTEL_RERUN_FILE: file, OTEL_RERUN_WRITER: writer };
      const one = await node(plain, ["--require", "otel-rerun/register", script], env);
      expect(one.status, one.stderr).toBe(0);
      expect(one.stderr).toMatch(
        /10[01] rows of the recording \S+ are lost: \{"no-sink":10[01]\}; .*otel-rerun\/register.*NODE_OPTIONS/,
      );
      expect(recordingsIn(folder)).toEqual([file]);
      expect((await read(file)).rows).toEqual({ "/from/parent": upTo(100) });
    });
  }

  for (const end of ["process.exit(0)", "Promise.all(workers.map((worker) => worker.terminate()))"]) {
    it(`threads that are not attached write segments of their own, whoever records first: ${end}`, async () => {
      for (const first of ["main", "threads"]) {
        const folder = freshFolder();
        const script = join(folder, "threads.cjs");
        const program = `
const { Worker, isMainThread, parentPort, threadId } = require("node:worker_threads");
const rr = require(${JSON.stringify(join(plain, "node_modules/otel-rerun"))});
const record = (who) => { for (let i = 0; i < 2000; i++) rr.log("from/" + who, new rr.Scalars(i)); };
if (isMainThread) {
  if (process.env.FIRST === "main") record("main");
  const workers = [new Worker(__filename), new Worker(__filename)];
  let done = 0;
  for (const worker of workers) worker.on("message", () => {
    if (++done < 2) return;
    if (process.env.FIRST !== "main") record("main");
    ${end};
  });
} else {
  record("thread-" + threadId % 2);
  parentPort.postMessage("done");
  setInterval(() => {}, 1000);
}`;
        writeFileSync(script, program);
        const env = { OTEL_SERVICE_NAME: "clustered", OTEL_RERUN_FILE: join(folder, "run.rrd"), FIRST: first };
        const run = await node(plain, ["--require", "otel-rerun/register", script], env);
        expect(run.status, run.stderr).toBe(0);
        const segments = await Promise.all(recordingsIn(folder).map(read));
        const rows = ["main", "thread-0", "thread-1"].map((who) => ({ [`/from/${who}`]: upTo(2000) }));
        expect(segments.map((segment) => segment.rows)).toEqual(expect.arrayContaining(rows));
        expect(segments).toHaveLength(3);
        expect(new Set(segments.flatMap(({ recordingIds }) => recordingIds)).size).toBe(1);
        expect(readdirSync(folder).filter((name) => /lock$|journal/.test(name))).toEqual([]);
      }
    });
  }

  it("a process that is told the path another one writes to gets an error, and the other's file is whole", async () => {
    const path = join(freshFolder(), "taken.rrd");
    const program = `
const rr = require("otel-rerun");
const rec = rr.init("first");
rec.save(process.env.PATH_OF_FILE);
for (let i = 0; i < 100; i++) rec.log("from/one", new rr.Scalars(i));
const { spawnSync } = require("node:child_process");
const child = spawnSync(process.execPath, ["-e", "require('otel-rerun').init('second').save(process.env.PATH_OF_FILE)"]);
console.log(child.status, String(child.stderr).includes("ERR_RERUN_PATH_IN_USE"));`;
    const run = await node(plain, ["-e", program], { PATH_OF_FILE: path });
    expect(run.stdout, run.stderr).toBe("1 true\n");
    expect((await read(path)).rows).toEqual({ "/from/one": upTo(100) });
    expectVerified(path);
  });
});
