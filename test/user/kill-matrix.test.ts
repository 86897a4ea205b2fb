// Every way to end × every kind of sink × where the writer runs. Each CI run takes a part of it; the whole, with 50 kills a cell:
//   KILL_MATRIX=all npx vitest run --project long kill-matrix
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { describeWithOracle, expectVerified } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";
import { CONTAINER, describeWithContainers } from "./unshare.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };

const IS_WHOLE = process.env.KILL_MATRIX === "all";
const KILLS = IS_WHOLE ? 50 : 2;
const WRITERS = ["thread", "inline"] as const;
const SINKS = ["file", "journal", "tee", "stdout"] as const;
/** Ends that a handler sees: nothing is lost. The writer thread starts after 100 ms, so the first of these is before it is there. */
const CLEAN = ["natural", "exit", "throw", "reject", "exit-listener", "SIGTERM", "SIGINT"];
/** A shell and a process manager that both forward a signal: the second comes while all is saved. */
const TWICE = IS_WHOLE ? ["SIGINT×2", "SIGTERM×2"] : ["SIGINT×2"];
const BESIDE = ["SIGTERM+signal-exit", "SIGINT+signal-exit"];
const FIRST_PROCESS = ["SIGTERM+pid1", "SIGINT+pid1"];
const BURSTS = IS_WHOLE ? [1, 40, 250] : [40, 250];
/** Those that none sees, and who sends them. */
const ABRUPT = {
  "SIGTERM+busy": "SIGTERM",
  "SIGINT+busy": "SIGINT",
  "heap-limit": undefined,
  killed: "SIGKILL",
  "killed-early": "SIGKILL",
} as const;
const TICK_MILLIS = 50;
/** The writer thread is started so long after the first row, and needs so long (docs/durability.md, "The first moments"). */
const FIRST_MILLIS = 100 + 150;
/** A kill is at any moment of so long after the first row, or after all was in the file. */
const EARLY_MILLIS = 600;
const LATER_MILLIS = 500;
/** Whatever a busy machine adds to a tick, ten of them are none. */
const MOST_MILLIS = 10 * TICK_MILLIS;
/** So many bursts, one a millisecond at most, that the writer is up when a child ends itself. */
const BURSTS_UNTIL_UP = 600;
/** As in the child. */
const ENTITIES = 5;

interface Cell {
  readonly mode: string;
  readonly sink: (typeof SINKS)[number];
  readonly writer: (typeof WRITERS)[number];
  readonly bursts: number;
}

interface End {
  readonly status: number | NodeJS.Signals | null;
  readonly stderr: string;
  readonly path: string;
  /** What the child says that it logged: rows so far, and when. */
  readonly list: readonly (readonly [rows: number, at: number])[];
  /** How long the machine did not let one of its threads run, in the time before it was killed. */
  readonly withheldMillis: number;
}

/** Runs the child; `signal` is sent to it at a random moment. */
async function run({ mode, sink, writer, bursts }: Cell, isRecording = true, signal?: NodeJS.Signals): Promise<End> {
  const folder = freshFolder();
  const path = join(folder, "ends.rrd");
  const list = join(folder, "list");
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, PATH_OF_FILE: path, LIST: list, MODE: mode, SINK: sink, BURSTS: String(bursts) };
  const flags = mode === "heap-limit" ? ["--max-old-space-size=60"] : [];
  const program = [process.execPath, ...flags, "apps/ends-list.cjs"];
  const [command = "", ...args] = mode.endsWith("+pid1") ? ["unshare", ...CONTAINER, ...program] : program;
  const child = spawn(command, args, {
    cwd: plain,
    env: { ...env, OTEL_RERUN_WRITER: writer, RERUN: isRecording ? "on" : "off" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  let stderr = "";
  let withheldMillis = 0;
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const says = async (word: string): Promise<void> => {
    while (!stderr.includes(word) && child.exitCode === null && child.signalCode === null) await sleep(1);
  };
  const end = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("close", (status, by) => resolve(by ?? status));
  });
  if (signal !== undefined) {
    while (!existsSync(list)) await sleep(5);
    if (mode.endsWith("+busy")) await says("busy");
    const isEarly = mode === "killed-early";
    while (isEarly && listIn(list).length === 0) await sleep(1);
    // a writer that is not there yet has nothing in the file
    for (let logged = 0, written = 0; isRecording && !isEarly && (written === 0 || written < logged); ) {
      logged = listIn(list).at(-1)?.[0] ?? 0;
      await sleep(TICK_MILLIS);
      if (sink === "stdout") writeFileSync(path, Buffer.concat(output));
      written = firstMissing(await rowsOf(path));
    }
    const before = processorWaits(child.pid);
    await sleep(Math.random() * (isEarly ? EARLY_MILLIS : LATER_MILLIS));
    for (const [thread, millis] of processorWaits(child.pid)) {
      withheldMillis = Math.max(withheldMillis, millis - (before.get(thread) ?? 0));
    }
    child.kill(signal);
  }
  if (mode.endsWith("×2")) {
    await says("full");
    for (const pause of [Math.random() * 5, 0]) {
      child.kill(mode.slice(0, -"×2".length) as NodeJS.Signals);
      await sleep(pause);
    }
  }
  const status = await end;
  if (sink === "stdout") writeFileSync(path, Buffer.concat(output));
  return { status, stderr, path, list: listIn(list), withheldMillis };
}

/** How long each thread of a process has waited for a processor, where the system tells. */
function processorWaits(pid: number | undefined): Map<string, number> {
  const threads = `/proc/${pid}/task`;
  const waits = new Map<string, number>();
  for (const thread of existsSync(threads) ? readdirSync(threads) : []) {
    try {
      waits.set(thread, Number(readFileSync(join(threads, thread, "schedstat"), "utf8").split(" ")[1]) / 1e6);
    } catch {
      // it has ended
    }
  }
  return waits;
}

function listIn(path: string): End["list"] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => line.split(" ").map(Number) as [number, number]);
}

function firstMissing(rows: readonly number[]): number {
  const at = rows.findIndex((row, place) => row !== place);
  return at < 0 ? rows.length : at;
}

async function rowsOf(path: string): Promise<number[]> {
  const rows: number[] = [];
  if (!existsSync(path) || readFileSync(path).length === 0) return rows;
  const reader = await openRrd(path);
  for await (const { entityPath, numRows, components } of reader.chunks()) {
    if (!entityPath.startsWith("/n/")) continue;
    for (let row = 0; row < numRows; row++) rows.push(Number([components[0]?.get(row)].flat()[0]));
  }
  return rows.sort((a, b) => a - b);
}

/** The same cell for all sinks, two at a time. */
async function forSinks(work: (sink: Cell["sink"], at: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < SINKS.length; at += 2) {
    await Promise.all([0, 1].map((next) => work(SINKS[at + next] as Cell["sink"], at + next)));
  }
}

/** Of each entity what comes first: they become chunks one after the other. */
function withoutHoles(rows: readonly number[]): boolean {
  const next = Array.from({ length: ENTITIES }, (_, no) => no);
  for (const row of rows) {
    const entity = row % ENTITIES;
    if (next[entity] !== row) return false;
    next[entity] = row + ENTITIES;
  }
  return true;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

async function recover(path: string): Promise<string> {
  const whole = `${path}.whole.rrd`;
  const { status, stderr } = await node(plain, ["node_modules/otel-rerun/dist/cli.cjs", "recover", path, "-o", whole]);
  expect(status, stderr).toBe(0);
  return whole;
}

const withoutUs = new Map<string, Promise<End>>();
function statusWithoutUs(mode: string): Promise<End> {
  let end = withoutUs.get(mode);
  if (end === undefined) {
    const signal = ABRUPT[mode as keyof typeof ABRUPT];
    end = run({ mode, sink: "file", writer: "thread", bursts: 2 }, false, signal);
    withoutUs.set(mode, end);
  }
  return end;
}

function testEnds(modes: readonly string[]): void {
  for (const mode of modes) {
    for (const writer of WRITERS) {
      it(`${writer}: ${mode}: no row is lost, none is there twice, the process ends as it would have (I4)`, async () => {
        const { status } = await statusWithoutUs(mode);
        const paths: string[] = [];
        await forSinks(async (sink, at) => {
          for (const bursts of IS_WHOLE ? BURSTS : [BURSTS[at % BURSTS.length] as number]) {
            const end = await run({ mode, sink, writer, bursts });
            const told = `${sink}, ${bursts} bursts: ${end.stderr}`;
            expect(end.status, told).toBe(status);
            expect(await rowsOf(end.path), told).toEqual(upTo(end.list.at(-1)?.[0] ?? 0));
            paths.push(end.path);
          }
        });
        // a listener of somebody else that raises the signal once more leaves no time for the footer
        expectVerified(...(BESIDE.includes(mode) ? await Promise.all(paths.map(recover)) : paths));
      });
    }
  }
}

describeWithOracle("an end that a handler sees", () => {
  testEnds([...CLEAN, ...TWICE, ...BESIDE]);
  describeWithContainers("of the first process of a container", () => testEnds(FIRST_PROCESS));
});

/** Milliseconds between the newest row that is missing at the end and the last one: what was lost. 0: nothing. */
function lostMillis(end: End, rows: number): number {
  const first = end.list.find(([count]) => count > rows);
  return first === undefined ? 0 : (end.list.at(-1)?.[1] ?? 0) - first[1];
}

/** The longest time for which the machine did not let the child run, shortly before its end, as its own list tells. */
function stallMillis({ list }: End): number {
  const from = (list.at(-1)?.[1] ?? 0) - LATER_MILLIS;
  let stall = 0;
  for (const [at, [, now]] of list.entries()) {
    if (now >= from) stall = Math.max(stall, now - (list[at - 1]?.[1] ?? now));
  }
  return stall;
}

/** What may be lost: a tick, and what a busy machine adds to it; before the writer thread is up also what waits for that. */
function mayLoseMillis(end: End, { mode, writer }: Pick<Cell, "mode" | "writer">): number {
  const tick = Math.min(MOST_MILLIS, TICK_MILLIS + 2 * stallMillis(end) + end.withheldMillis);
  return mode === "killed-early" && writer === "thread" ? FIRST_MILLIS + tick : tick;
}

describeWithOracle("an end that nobody sees", () => {
  for (const [mode, signal] of Object.entries(ABRUPT)) {
    for (const writer of WRITERS) {
      const times = mode.startsWith("killed") ? KILLS : IS_WHOLE ? 3 : 1;
      const most = mode === "killed-early" && writer === "thread" ? "the first moments and one tick" : "one tick";
      it(`${writer}: ${mode}, ${times}×: ${most} at most, no row in between, none twice; recover makes it whole (I4)`, async () => {
        const { status } = await statusWithoutUs(mode);
        const recovered: string[] = [];
        const lost: (readonly [millis: number, mayLose: number])[] = [];
        await forSinks(async (sink) => {
          for (let time = 0; time < times; time++) {
            const bursts = signal === undefined ? BURSTS_UNTIL_UP : 30;
            const end = await run({ mode, sink, writer, bursts }, true, signal);
            const told = `${sink}: ${end.stderr}`;
            expect(end.status, told).toBe(status);
            const rows = await rowsOf(end.path);
            expect(withoutHoles(rows), `${told} ${rows}`).toBe(true);
            const millis = lostMillis(end, firstMissing(rows));
            const mayLose = mayLoseMillis(end, { mode, writer });
            expect(millis, told).toBeLessThanOrEqual(mayLose);
            lost.push([millis, mayLose]);
            if (rows.length === 0) continue; // nothing was a tick old
            const whole = `${end.path}.whole.rrd`;
            const recovery = await node(plain, [
              "node_modules/otel-rerun/dist/cli.cjs",
              "recover",
              end.path,
              "-o",
              whole,
            ]);
            expect(recovery.status, recovery.stderr).toBe(0);
            expect(await rowsOf(whole), told).toEqual(rows);
            recovered.push(whole);
          }
        });
        if (recovered.length > 0) expectVerified(...recovered);
        lost.sort(([a], [b]) => a - b);
        const each = lost.map(([millis, mayLose]) => `${millis.toFixed(0)} (${mayLose.toFixed(0)})`);
        console.log(`${writer}: ${mode}: lost, and may have lost: ${each.join(" ")} ms of rows`);
      }, 600_000);
    }
  }
});
