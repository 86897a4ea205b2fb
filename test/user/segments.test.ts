// Files that are followed by others, appear only when they are complete, or are forced to the disk: by the packed package, with the writer
// in its thread. The official tools judge every one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { describeWithOracle, expectVerified } from "../oracle.ts";
import { freshFolder, node, recordingsIn } from "./run.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };

/** Logs texts that do not get shorter, for so many milliseconds or for ever; says what is there meanwhile, and how many it logged. */
const PROGRAM = `
const [path, options, millis] = process.argv.slice(1);
const { randomBytes } = require("node:crypto");
const { readdirSync } = require("node:fs");
const { dirname } = require("node:path");
const rr = require("otel-rerun");
const rec = new rr.RecordingStream("segments", { sendProperties: false });
rec.save(path, JSON.parse(options));
let n = 0;
setInterval(() => {
  for (let i = 0; i < 10; i++) rec.log("n", new rr.TextLog(n++ + " " + randomBytes(200).toString("base64")));
}, 5);
if (millis) setTimeout(async () => {
  await rec.flush();
  console.log(JSON.stringify({ meanwhile: readdirSync(dirname(path)), rows: n }));
  process.exit();
}, Number(millis));`;

interface Told {
  readonly meanwhile: readonly string[];
  readonly rows: number;
}

async function record(path: string, options: object): Promise<Told> {
  const run = await node(plain, ["-e", PROGRAM, path, JSON.stringify(options), "1500"], {
    OTEL_RERUN_WRITER: "thread",
  });
  expect([run.status, run.stderr]).toEqual([0, ""]);
  return JSON.parse(run.stdout) as Told;
}

async function rowsIn(paths: readonly string[]): Promise<number[]> {
  const rows: number[] = [];
  for (const path of paths) {
    const reading = await openRrd(path);
    for await (const { entityPath, numRows, components } of reading.chunks()) {
      if (entityPath !== "/n") continue;
      for (let row = 0; row < numRows; row++)
        rows.push(Number.parseInt(String([components[0]?.get(row)].flat()[0]), 10));
    }
    expect(reading.problems, path).toEqual([]);
  }
  return rows.sort((a, b) => a - b);
}

const fromTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The official tools take all of them. */
function expectAccepted(paths: readonly string[]): void {
  expectVerified(...paths);
}

describeWithOracle("segments", () => {
  it.each([
    ["by bytes", { rotateBytes: 100_000 }],
    ["by time", { rotateMillis: 200 }],
    ["by bytes, forced to the disk at each flush", { rotateBytes: 100_000, fsync: "flush" }],
    [
      "by time, forced to the disk each second, with a journal",
      { rotateMillis: 200, fsync: "interval", journal: true },
    ],
  ])("%s: every row is in one of them, once", async (_, options) => {
    const folder = freshFolder();
    const { rows } = await record(join(folder, "run.rrd"), options);
    const paths = recordingsIn(folder);
    expect(paths.length).toBeGreaterThanOrEqual(3);
    expect(await rowsIn(paths)).toEqual(fromTo(0, rows));
    expectAccepted(paths);
    expect(readdirSync(folder)).toHaveLength(paths.length);
  });

  it("the newest that were to stay have the newest rows, and the others are gone", async () => {
    const folder = freshFolder();
    const { rows } = await record(join(folder, "run.rrd"), { rotateBytes: 60_000, retain: 3 });
    const paths = recordingsIn(folder);
    expect(paths).toHaveLength(3);
    expect(existsSync(join(folder, "run.rrd"))).toBe(false);
    const found = await rowsIn(paths);
    expect(found[0]).toBeGreaterThan(0);
    expect(found).toEqual(fromTo(found[0] as number, rows));
    expectAccepted(paths);
  });

  it("atomic: a name is there when its file is complete", async () => {
    const folder = freshFolder();
    const path = join(folder, "run.rrd");
    const { rows, meanwhile } = await record(path, { atomic: true });
    expect(meanwhile.filter((name) => !name.startsWith("."))).toEqual(["run.rrd.part"]);
    expect(readdirSync(folder)).toEqual(["run.rrd"]);
    expect(await rowsIn([path])).toEqual(fromTo(0, rows));
    expectAccepted([path]);
  });

  it("killed while they follow each other fast: all are whole, and no row is missing between others", async () => {
    for (let time = 0; time < 5; time++) {
      const folder = freshFolder();
      const options = JSON.stringify({ rotateBytes: 5000, journal: true });
      const child = spawn(process.execPath, ["-e", PROGRAM, join(folder, "run.rrd"), options], {
        cwd: plain,
        env: { PATH: process.env.PATH, OTEL_RERUN_WRITER: "thread" },
        stdio: ["ignore", "ignore", "inherit"],
      });
      while (recordingsIn(folder).length < 5) await sleep(5);
      await sleep(Math.random() * 100);
      child.kill("SIGKILL");
      await once(child, "close");
      const number = (path: string): number => Number(/\.(\d+)\.rrd$/.exec(path)?.[1] ?? 1);
      const paths = recordingsIn(folder).sort((a, b) => number(a) - number(b));
      const found = await rowsIn(paths);
      expect(found).toEqual(fromTo(0, found.length));
      expect(found.length).toBeGreaterThan(0);
      // the last had no time for its footer, and may have its rows in the journal only, or none yet
      const last = paths.pop() as string;
      const whole = join(folder, "whole.rrd");
      const cli = "node_modules/otel-rerun/dist/cli.cjs";
      const recovery = await node(plain, [cli, "recover", last, "-o", whole]);
      if ((await rowsIn([last])).length > 0) expect(recovery.status, recovery.stderr).toBe(0);
      expectAccepted(recovery.status === 0 ? [...paths, whole] : paths);
    }
  });
});
