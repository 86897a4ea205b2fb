import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, expect, inject, it, vi } from "vitest";
import { describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder } from "./run.ts";
import { snippets } from "./snippets.ts";

const NPM = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
/** Of which the pages say what becomes of its requests. */
const APP = `
const express = require("express");
const app = express();
app.get("/users/:id", (req, res) => res.json({ id: req.params.id }));
app.get("/pay", (req, res) => res.status(req.query.fails ? 500 : 200).end());
app.listen(process.env.PORT, "127.0.0.1");
`;

/** An application that stands still until a test has asked it: its requests are the test's own. */
interface Running {
  readonly folder: string;
  readonly stderr: () => string;
  get(path: string, headers?: Record<string, string>): Promise<number>;
  post(path: string, body: unknown): Promise<number>;
  /** SIGTERM to all it consists of. Resolves with its exit code, null if it was the signal that ended it. */
  stop(): Promise<number | null>;
}

let installed: string;
const started: ChildProcess[] = [];

beforeAll(() => {
  installed = freshFolder();
  writeFileSync(join(installed, "package.json"), '{ "private": true }');
  const packages = ["express@5", inject("tarball")];
  execFileSync("npm", ["install", ...NPM, ...packages], { cwd: installed, stdio: ["ignore", "ignore", "inherit"] });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A folder with `node_modules` and the given files. */
function folderWith(files: Record<string, string>): string {
  const folder = freshFolder();
  cpSync(installed, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function start(folder: string, command: string[], env: Record<string, string> = {}): Promise<Running> {
  const port = String(await freePort());
  const { PATH = "", HOME = "" } = process.env;
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: folder,
    env: { PATH, HOME, OTEL_SERVICE_NAME: "shop", PORT: port, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<number>((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      });
      request.on("error", reject).end(body);
    });
  await vi.waitFor(() => ask("GET", "/up", {}), { timeout: 60_000, interval: 50 });
  return {
    folder,
    stderr: () => stderr,
    get: (path, headers = {}) => ask("GET", path, headers),
    post: (path, body) => ask("POST", path, { "content-type": "application/json" }, JSON.stringify(body)),
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = http.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A slow machine must not decide what is kept. */
function withoutChance(text: string): string {
  const changed = text.replace("sample=0.01", "sample=0").replace(/(slowerThan(?:=|: ))500/, "$1600000");
  expect(changed).not.toBe(text);
  return changed;
}

/** The command of a page, with the shell's variables and line ends; `exec` makes node the process that gets the signal. */
const shell = (command: string): string[] => ["sh", "-c", `exec env ${command.trim()}`];
const recordingsIn = ({ folder }: Running): string[] =>
  readdirSync(join(folder, "recordings")).filter((name) => name.endsWith(".rrd"));

describeWithOracle("the commands and programs of production.md and docker.md", () => {
  const [blackBox = "", perRequest = ""] = snippets("situations/production.md", "sh");
  const [blackBoxByCode = "", perKey = ""] = snippets("situations/production.md", "js");

  it("a black box without code: a 5xx is dumped, and nothing else is on the disk", async () => {
    const app = await start(folderWith({ "app.js": APP }), shell(blackBox));
    expect(await app.get("/users/7")).toBe(200);
    expect(await app.get("/pay?fails=1")).toBe(500);
    await vi.waitFor(() => expect(app.stderr()).toContain("otel-rerun: http5xx: "), { timeout: 30_000 });
    const [file = "", ...others] = recordingsIn(app);
    expect(others).toEqual([]);
    expect(file).toMatch(/^\d{8}T\d{6}Z-shop-\d+\.http5xx-\w+\.rrd$/);
    const names = dump(join(app.folder, "recordings", file)).flatMap((store) => values(store, "/spans", "name"));
    expect(names).toEqual(expect.arrayContaining(["GET /users/:id", "GET /pay"]));
    await app.stop();
  });

  it("a black box by code: dumped when the application says so, named after the reason", async () => {
    const app = await start(folderWith({ "app.js": blackBoxByCode }), [process.execPath, "app.js"]);
    expect(await app.post("/orders", { prices: [1, 2], total: 3 })).toBe(200);
    expect(() => recordingsIn(app)).toThrow(/ENOENT/);
    expect(await app.post("/orders", { prices: [1, 2], total: 4 })).toBe(200);
    expect(recordingsIn(app).map((name) => name.replace(/^.*?\.|-\w+\.rrd$/g, ""))).toEqual(["inconsistent_order"]);
    await app.stop();
  });

  it("a recording per request with keep rules: the one that failed stays", async () => {
    const app = await start(folderWith({ "app.js": APP }), shell(withoutChance(perRequest)));
    for (const path of ["/users/1", "/pay?fails=1", "/users/2"]) await app.get(path);
    await app.stop();
    const parts = recordingsIn(app).map((name) => /^[^.]*\.?(.*?)(-\w{8})?\.?rrd$/.exec(name)?.[1]);
    // one of the process is there if something belongs to no request
    expect(parts.filter((part) => part !== "")).toEqual(["GET_pay"]);
  });

  it("a recording per tenant by a line of code: those with a failure, or that a function wants", async () => {
    const folder = folderWith({ "app.js": `${withoutChance(perKey)}${APP}` });
    const app = await start(folder, [process.execPath, "--import", "otel-rerun/register", "app.js"]);
    await app.get("/users/1", { "x-tenant": "quiet" });
    await app.get("/pay?fails=1", { "x-tenant": "failing" });
    await app.get("/pay", { "x-tenant": "paying" });
    await app.stop();
    const tenants = recordingsIn(app).map((name) => /^[^.]*\.?(.*?)(-\w{8})?\.?rrd$/.exec(name)?.[1]);
    expect(tenants.sort()).toEqual(["", "failing", "paying"]);
  });

  it("the Dockerfile's steps without Docker: npm ci, its environment and CMD; SIGTERM leaves a complete recording", async () => {
    const [file = ""] = snippets("situations/docker.md", "dockerfile");
    const step = (name: string): string => new RegExp(`^${name} (.*)$`, "m").exec(file)?.[1] ?? "";
    const folder = freshFolder();
    for (const name of ["package.json", "package-lock.json"]) cpSync(join(installed, name), join(folder, name));
    writeFileSync(join(folder, "app.js"), APP);
    execFileSync("sh", ["-c", `${step("RUN")} ${NPM.join(" ")}`], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const volume = join(folder, "volume");
    mkdirSync(volume);
    const env: Record<string, string> = {};
    for (const [, name = "", quoted, plain] of step("ENV").matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)) {
      env[name] = (quoted ?? plain ?? "").replace(step("VOLUME"), volume);
    }
    expect(Object.keys(env)).toEqual(["NODE_OPTIONS", "OTEL_RERUN_FILE"]);
    const app = await start(folder, JSON.parse(step("CMD")) as string[], env);
    await app.get("/users/7");
    await app.stop();
    expect(readdirSync(volume).filter((name) => !name.startsWith("."))).toEqual(["run.rrd"]);
    const [store] = dump(join(volume, "run.rrd"));
    expect(store && values(store, "/spans", "name")).toContain("GET /users/:id");
    expectVerified(join(volume, "run.rrd"));
  });
});
