// Processes that share a folder and cannot see each other: in namespaces of their own, as in containers.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { describeWithOracle, expectVerified } from "../oracle.ts";
import { freshFolder } from "./run.ts";
import { CONTAINER, describeWithContainers } from "./unshare.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };

/** Logs its host's name and numbers until it is told to end, or one number and then nothing. */
const PROGRAM = `
const [path, name, mode, later] = process.argv.slice(1);
const now = Date.now;
Date.now = () => now() + Number(later ?? 0);
const rr = require("otel-rerun");
const rec = new rr.RecordingStream("contained", { sendProperties: false });
rec.save(path);
let n = 0;
const log = () => rec.log("from/" + name, new rr.Scalars(n++));
log();
rec.flush().then(() => process.stdout.write("recording\\n"));
const timer = mode === "idle" ? setInterval(() => {}, 1000) : setInterval(log, 5);
process.stdin.on("end", () => { clearInterval(timer); console.log(n); }).resume();`;

interface Container {
  readonly process: ChildProcess;
  readonly stderr: () => string;
  /** Resolves with the number of rows that it logged. */
  end(): Promise<number>;
  /** As the kernel does to a container that takes too much memory. */
  kill(): Promise<void>;
}

interface Setup {
  readonly path: string;
  readonly name: string;
  readonly host?: string;
  readonly mode?: "busy" | "idle";
  /** Its clock is so many milliseconds ahead: what is there is older. */
  readonly later?: number;
}

/** Resolves when its first row is in its file. */
async function start({ path, name, host = hostname(), mode = "busy", later = 0 }: Setup): Promise<Container> {
  const shell = 'hostname "$0" && exec "$@"';
  const program = [process.execPath, "-e", PROGRAM, path, name, mode, `${later}`];
  const args = [...CONTAINER, "--uts", "sh", "-c", shell, host, ...program];
  const child = spawn("unshare", args, { cwd: plain, env: { PATH: process.env.PATH }, stdio: "pipe" });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const closed = once(child, "close");
  while (!stdout.includes("recording")) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${stderr}`);
    await sleep(10);
  }
  return {
    process: child,
    stderr: () => stderr,
    async end() {
      child.stdin.end();
      expect(await closed, stderr).toEqual([0, null]);
      return Number(stdout.split("\n")[1]);
    },
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** The numbers that were logged, by path. */
async function rowsOf(path: string): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  const reading = await openRrd(path);
  for await (const { entityPath, numRows, components } of reading.chunks()) {
    if (entityPath.startsWith("/__")) continue;
    found[entityPath] ??= [];
    for (let row = 0; row < numRows; row++) found[entityPath].push(Number([components[0]?.get(row)].flat()[0]));
  }
  expect(reading.problems).toEqual([]);
  return found;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describeWithContainers("two containers that are told the same path", () => {
  describeWithOracle("both record", () => {
    it.each([
      ["of one host name", hostname()],
      ["of two", "another-host"],
    ])("%s: the first is not disturbed, the second records beside it and says so", async (_, host) => {
      const folder = freshFolder();
      const path = join(folder, "run.rrd");
      const one = await start({ path, name: "one" });
      const two = await start({ path, name: "two", host });
      await sleep(300);
      const rows = [await two.end(), await one.end()] as const;
      const beside = join(folder, "run.beside-1.rrd");
      expect(await rowsOf(path)).toEqual({ "/from/one": upTo(rows[1]) });
      expect(await rowsOf(beside)).toEqual({ "/from/two": upTo(rows[0]) });
      expect(readdirSync(folder).sort()).toEqual(["run.beside-1.rrd", "run.rrd"]);
      expect(one.stderr()).toBe("");
      expect(two.stderr()).toContain(`so this one goes to ${beside}; give each container a path of its own`);
      expectVerified(path, beside);
    });
  });

  it("one that rests goes on telling that it is there", async () => {
    const path = join(freshFolder(), "run.rrd");
    const resting = await start({ path, name: "one", mode: "idle" });
    const lock = join(path, "..", ".run.rrd.lock");
    const before = lstatSync(lock).ctimeMs;
    await expect.poll(() => lstatSync(lock).ctimeMs, { timeout: 30_000, interval: 200 }).toBeGreaterThan(before + 5000);
    await resting.end();
  });
});

describeWithContainers("a container that is killed and started again", () => {
  describe.each([
    ["with the same host name", () => hostname()],
    ["with another one", (time: number) => `host-${time}`],
  ])("%s", (_, host) => {
    it("records each time, and to the path that was asked for when two minutes have passed", async () => {
      const folder = freshFolder();
      const path = join(folder, "run.rrd");
      for (let time = 1; time <= 3; time++) await (await start({ path, name: `${time}`, host: host(time) })).kill();
      const last = await start({ path, name: "last", host: host(4), later: 121_000 });
      const rows = await last.end();
      expect(last.stderr()).toBe("");
      expect(await rowsOf(path)).toEqual({ "/from/last": upTo(rows) });
      for (const no of [1, 2]) {
        expect(Object.keys(await rowsOf(join(folder, `run.beside-${no}.rrd`)))).toEqual([`/from/${no + 1}`]);
      }
      expect(readdirSync(folder).filter((name) => name.endsWith(".rrd"))).toHaveLength(3);
    });
  });
});
