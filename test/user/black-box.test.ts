import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, inject, it, vi } from "vitest";
import { type DumpedStore, describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

interface Running {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly said: (message: string) => Promise<void>;
  readonly ended: Promise<number | null>;
}

/** The app with a black box and no code for it. */
function start(mode: string, env: Record<string, string> = {}, loads = true): Running {
  const folder = freshFolder();
  const { PATH = "", HOME = "" } = process.env;
  const load = loads ? ["--require", join(plain, "node_modules/otel-rerun/dist/register.cjs")] : [];
  const child = spawn(process.execPath, [...load, join(plain, "apps/black-box.cjs")], {
    cwd: folder,
    env: { PATH, HOME, OTEL_RERUN_MODE: "blackbox", OTEL_SERVICE_NAME: "shop", MODE: mode, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  started.push(child);
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (part: string) => {
      text[name] += part;
    });
  }
  const messages: unknown[] = [];
  child.on("message", (message) => messages.push(message));
  return {
    child,
    folder,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    said: (message) => vi.waitFor(() => expect(messages, text.stderr).toContain(message), { timeout: 90_000 }),
    ended: new Promise((resolve) => child.on("exit", resolve)),
  };
}

function dumpsIn(folder: string, reason: string): string[] {
  const recordings = join(folder, "recordings");
  if (!existsSync(recordings)) return [];
  const names = readdirSync(recordings).filter((name) => name.includes(`.${reason}-`) && name.endsWith(".rrd"));
  return names.map((name) => join(recordings, name));
}

/** Verified, and read by the official SDK: the recording of the process. */
function processIn(file: string): DumpedStore {
  expectVerified(file);
  const stores = dump(file);
  expect(stores.some(({ kind }) => kind === "blueprint")).toBe(true);
  const found = stores.find(({ kind, applicationId }) => kind === "recording" && applicationId === "shop");
  if (found === undefined) throw new Error("the recording of the process is not in the dump");
  expect(values(found, "/app/once", "TextLog:text")).toEqual(["at the beginning"]);
  expect(values(found, "/app/value", "Scalars:scalars")).toEqual(Array.from({ length: 20 }, (_, i) => i));
  return found;
}

async function dumped({ folder, stderr }: Running, reason: string): Promise<string> {
  await vi.waitFor(() => expect(stderr()).toContain(`otel-rerun: ${reason}: `), { timeout: 30_000, interval: 50 });
  const [file = ""] = dumpsIn(folder, reason);
  return file;
}

describeWithOracle("black box", () => {
  it("nothing happens: nothing is on the disk", async () => {
    const app = start("end");
    await app.said("ready");
    app.child.disconnect();
    expect(await app.ended, app.stderr()).toBe(0);
    expect(existsSync(join(app.folder, "recordings"))).toBe(false);
  });

  it("an uncaught exception: dumped with it before the process ends", async () => {
    const app = start("throw");
    expect(await app.ended).toBe(1);
    const store = processIn(await dumped(app, "uncaughtException"));
    const lines = values(store, "/logs/shop", "TextLog:text").map(String);
    const [error = "", ...others] = lines.filter((line) => line.includes("thrown on purpose"));
    expect(others).toEqual([]);
    expect(error).toMatch(/^Error: thrown on purpose .*\n {4}at /);
    expect(lines.join()).not.toContain("hunter2"); // I12
    expect(app.stderr()).toContain("Error: thrown on purpose");
  });

  it("an answer with 5xx: dumped with that request in it, and what the summary's link to it opens", async () => {
    const app = start("http5xx");
    const file = await dumped(app, "http5xx");
    const store = processIn(file);
    expect(values(store, "/spans", "http.route")).toContain("/fails");
    const summary = String(values(store, "/summary", "TextDocument:text").at(-1));
    const link = /\[GET .?\/fails .*?\]\(about:recording\?(\S+)\)/.exec(summary)?.[1];
    const asked = new URLSearchParams(link);
    const linked = dump(file).find(({ recordingId }) => recordingId === asked.get("recording_id"));
    expect(linked?.applicationId, summary).toBe(asked.get("app_id"));
    expect(new Set(values(linked as DumpedStore, "/spans", "http.route"))).toEqual(new Set(["/fails"]));
    expect(linked?.chunks.some(({ entity }) => entity.startsWith("/trace/"))).toBe(true);
    app.child.send("end");
    expect(await app.ended).toBe(0);
    expect(dumpsIn(app.folder, "http5xx")).toHaveLength(1);
  });

  it("a stall: dumped, and dumped again by `otel-rerun dump`, while the main thread is blocked", async () => {
    const app = start("stall", { STALL: "20000", OTEL_RERUN_STALL_MILLIS: "500" });
    const stalled = await dumped(app, "eventLoopStall");
    const cli = join(plain, "node_modules/otel-rerun/dist/cli.cjs");
    const asked = await node(app.folder, [cli, "dump", String(app.child.pid), "--json"]);
    expect(app.stdout()).not.toContain("unblocked");
    expect(asked.status, asked.stderr).toBe(0);
    const { files } = JSON.parse(asked.stdout);
    expect(dumpsIn(app.folder, "asked")).toEqual(files);
    for (const file of [stalled, ...files]) processIn(file);
  });

  it("holds no more than its bytes, however much is recorded (I7)", async () => {
    const app = start("flood", { OTEL_RERUN_BLACKBOX_BYTES: "1MiB", OTEL_RERUN_DUMP_ON: "SIGUSR1", ROUNDS: "3000" });
    await app.said("ready");
    app.child.kill("SIGUSR1");
    const file = await dumped(app, "SIGUSR1");
    expectVerified(file);
    // the index at the end is not held in memory
    expect(statSync(file).size).toBeLessThan(2 << 20);
    const found = dump(file).find(({ kind, applicationId }) => kind === "recording" && applicationId === "shop");
    const seen = values(found as DumpedStore, "/app/value", "Scalars:scalars").map(Number);
    expect(seen).toContain(2999);
    expect(seen).not.toContain(1000);
    expect(values(found as DumpedStore, "/app/early", "Scalars:scalars")).toEqual([1]);
  });

  it("the signal, which can be another one", async () => {
    const app = start("wait", { OTEL_RERUN_DUMP_ON: "SIGUSR1,SIGHUP" });
    await app.said("ready");
    app.child.kill("SIGHUP");
    processIn(await dumped(app, "SIGHUP"));
    app.child.send("end");
    expect(await app.ended, app.stderr()).toBe(0);
  });

  it("under nodemon, which restarts with SIGUSR2: the program is restarted, and not dumped", async () => {
    const folder = freshFolder();
    const script = join(folder, "app.cjs");
    const said = join(folder, "said.txt");
    const program = `const rr = require(${JSON.stringify(join(plain, "node_modules/otel-rerun"))});
      rr.log("app/value", new rr.Scalars(1));
      require("node:fs").appendFileSync(${JSON.stringify(said)}, process.pid + "\\n");
      setTimeout(() => {}, 60_000);`;
    writeFileSync(script, program);
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    const npm = ["install", "--no-audit", "--no-fund", "--loglevel=error", "nodemon@3.1"];
    execFileSync("npm", npm, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    const register = join(plain, "node_modules/otel-rerun/dist/register.cjs");
    const { PATH = "", HOME = "" } = process.env;
    const nodemon = spawn(
      process.execPath,
      [join(folder, "node_modules/nodemon/bin/nodemon.js"), "-r", register, script],
      { cwd: folder, env: { PATH, HOME, OTEL_RERUN_MODE: "blackbox" }, stdio: "ignore" },
    );
    started.push(nodemon);
    const pids = () => (existsSync(said) ? readFileSync(said, "utf8").trim().split("\n").map(Number) : []);
    const isRunning = (pid = 0) => existsSync(`/proc/${pid}`);
    await vi.waitFor(() => expect(pids()).toHaveLength(1), { timeout: 30_000, interval: 50 });
    const [first] = pids();
    await vi.waitFor(
      () => {
        writeFileSync(script, `${program}\n`); // it may not be watching yet
        expect(isRunning(first)).toBe(false);
        expect(pids().length).toBeGreaterThan(1);
      },
      { timeout: 30_000, interval: 1000 },
    );
    const ended = new Promise((resolve) => nodemon.on("exit", resolve));
    nodemon.kill("SIGTERM");
    await ended;
    expect(existsSync(join(folder, "recordings"))).toBe(false);
  });

  it("no black box: `otel-rerun dump` says what to do", async () => {
    const cli = join(plain, "node_modules/otel-rerun/dist/cli.cjs");
    const asked = await node(freshFolder(), [cli, "dump", String(process.pid)]);
    expect(asked.status).toBe(1);
    expect(asked.stderr).toContain("OTEL_RERUN_MODE=blackbox");
    expect((await node(freshFolder(), [cli, "dump", "x"])).status).toBe(2);
  });
});
