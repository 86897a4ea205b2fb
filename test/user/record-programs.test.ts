import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { describeWithChromium } from "../oracle.ts";
import { launchBrowser, until, watchedPage } from "./browser.ts";
import { freshFolder, node, type Run } from "./run.ts";

const tarball = inject("tarball");
const folder = freshFolder();
const cli = join(folder, "node_modules/otel-rerun/dist/cli.cjs");

/** A server that asks itself three times; `end` is what it does then. */
const program = (end: string) => `
import http from "node:http";
const server = http.createServer((request, response) => response.end("hello"));
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const { port } = server.address() as { port: number };
for (let i = 0; i < 3; i++) await (await fetch(\`http://127.0.0.1:\${port}/items/\${i}\`)).text();
${end}
`;
const javaScript = (end: string) => program(end).replace(/ as \{.*\}/, "");

/** Vitest ends its workers by force, half a second after the last test of a file (docs/durability.md). */
const testFile = (name: string, expected: number) => `
import http from "node:http";
import * as rr from "otel-rerun";
import { afterAll, expect, it } from "vitest";
afterAll(() => rr.getGlobalDataRecording()?.flush());
it("${name}", async () => {
${program(`server.close(); expect(1).toBe(${expected});`).replace(/import .*\n/, "")}
});
`;

beforeAll(() => {
  const files = {
    "package.json": JSON.stringify({
      name: "programs",
      private: true,
      type: "module",
      scripts: { start: "node app.js" },
      dependencies: { "otel-rerun": `file:${tarball}` },
      devDependencies: { tsx: "^4", vitest: "^4" },
    }),
    "app.js": javaScript(`process.on("SIGTERM", () => process.exit(7));
if (process.env.MODE === "wait") console.log("waiting");
else process.exit(5);`),
    "app.ts": program("process.exit(6);"),
    "one.test.ts": testFile("one", 1),
    "two.test.ts": testFile("two", 2),
    // it does not flush
    "silent.spec.ts": testFile("silent", 1).replace(/afterAll\(.*\n/, ""),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
});

/** Runs it to its end; the summary has what was recorded, and there is one file. */
async function recorded(name: string, ...command: string[]): Promise<Run & { requests: number }> {
  const output = join(folder, name, "run.rrd");
  const run = await node(folder, [cli, "record", "-o", output, "--", ...command], {}, 150_000);
  expect(readdirSync(join(folder, name)), run.stderr).toEqual(["run.rrd"]);
  return { ...run, requests: Number(/otel-rerun: (\d+) requests/.exec(run.stderr)?.[1]) };
}

describe("record", () => {
  it("npm start: one file, and the exit code of the script", async () => {
    expect(await recorded("npm", "npm", "start")).toMatchObject({ status: 5, requests: 3 });
  });

  it("npm start: a signal reaches the program, also where npm leaves it behind", async () => {
    const output = join(folder, "signal", "run.rrd");
    const child = spawn(process.execPath, [cli, "record", "-o", output, "--", "npm", "start"], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, MODE: "wait" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      told += text;
    });
    await new Promise<void>((resolve) =>
      child.stdout.setEncoding("utf8").on("data", (text: string) => text.includes("waiting") && resolve()),
    );
    child.kill("SIGTERM");
    // the program's own, or that of the shell between npm and it
    expect([7, 143]).toContain(await new Promise((resolve) => child.once("close", resolve)));
    expect(told).toMatch(/otel-rerun: 3 requests, 0 failed, 3 calls outside of requests/);
    expect(readdirSync(join(folder, "signal"))).toEqual(["run.rrd"]);
  });

  it("tsx: TypeScript as it is", async () => {
    expect(await recorded("tsx", "npx", "tsx", "app.ts")).toMatchObject({ status: 6, requests: 3 });
  });

  it("vitest: what its workers did, in one file, and a test that fails is a failure", async () => {
    const run = await recorded("vitest", "npx", "vitest", "run", "one", "two");
    expect(run).toMatchObject({ status: 1, requests: 6 });
    expect(run.stdout).toMatch(/1 failed.*1 passed/);
  });

  it.each(["threads", "vmThreads", "vmForks"])(
    "vitest --pool=%s: a run of which nothing is there is not offered for a look, and what to do is said",
    async (pool) => {
      const output = join(folder, pool, "run.rrd");
      const { stderr } = await node(folder, [
        cli,
        "record",
        "-o",
        output,
        "--",
        ...["npx", "vitest", "run", `--pool=${pool}`, "silent"],
      ]);
      const isThere = existsSync(output) && statSync(output).size > 0;
      // what threads do may be there by now; then it is said how to open it, and nothing else
      expect(stderr.includes("open with")).toBe(isThere);
      expect(/nothing was recorded: .*ended by force[\s\S]*--pool=forks/.test(stderr)).toBe(!isThere);
    },
  );
});

describeWithChromium("record --live", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
    const viewer = fileURLToPath(new URL("../../node_modules/@rerun-io/web-viewer", import.meta.url));
    execFileSync("mkdir", ["-p", join(folder, "node_modules/@rerun-io")]);
    symlinkSync(viewer, join(folder, "node_modules/@rerun-io/web-viewer"));
  });
  afterAll(() => browser?.close());

  it("shows the program in the viewer while it runs, and ends with it", async () => {
    const output = join(folder, "live", "run.rrd");
    const child = spawn(process.execPath, [cli, "record", "--live", "-o", output, "--", "npm", "start"], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, MODE: "wait" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stderr.setEncoding("utf8").on("data", (more: string) => {
        text += more;
        const [, found] = /live at (http:\/\/127\.0\.0\.1:\d+\/)/.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.once("exit", () => reject(new Error(text)));
    });
    const { page, complaints, foreign } = await watchedPage(browser);
    await page.goto(url);
    await until(page, "globalThis.otelRerun?.recordings.some((one) => one.applicationId === 'programs')", 90_000);
    // the list beside it is made of the files, as they are by now, and goes on
    await until(page, "globalThis.otelRerun.traces.length > 0");
    const traceId = await page.evaluate("globalThis.otelRerun.traces[0].traceId");
    await page.click(`#traces [data-recording="${traceId}"]`);
    await until(page, `globalThis.otelRerun.active === "${traceId}"`);
    expect(child.exitCode).toBeNull();
    child.kill("SIGTERM");
    expect([7, 143]).toContain(await new Promise((resolve) => child.once("close", resolve)));
    // the page may have asked for the list just when the server went
    const own = complaints.filter((text) => !/net::ERR_(CONNECTION|EMPTY)/.test(text));
    expect({ complaints: own, foreign }).toEqual({ complaints: [], foreign: [] });
    expect(readdirSync(join(folder, "live"))).toEqual(["run.rrd"]);
    await page.close();
  });

  it("does not start the program without the viewer", async () => {
    const elsewhere = freshFolder();
    const { status, stdout, stderr } = await node(elsewhere, [
      join(inject("consumers").plain, "node_modules/otel-rerun/dist/cli.cjs"),
      "record",
      "--live",
      "--",
      "echo",
      "ran",
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("@rerun-io/web-viewer@^0.33.0 otel-rerun record --live -- echo ran");
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
