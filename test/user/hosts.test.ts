// Where the package has to work without settings: in a bundle, under test runners, as the first process of a container, with permissions
// or a disk that refuse. The tools are installed into a folder of their own.
import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { describeWithOracle, dump, rerunBinary, values } from "../oracle.ts";
import { freePort, freshFolder, node, type Run } from "./run.ts";
import { CONTAINER, describeWithContainers } from "./unshare.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };
const tarball = inject("tarball");

/** Logs 300 numbers, and as many when the writer thread is there, and ends. */
const BODY = `
const rec = rr.init("hosted");
rec.save(process.env.PATH_OF_FILE);
let n = 0;
const log = () => { for (let i = 0; i < 300; i++) rec.log("n", new rr.Scalars(n++)); };
log();
setTimeout(() => { log(); process.exit(3); }, 400);
`;
const COMMONJS = `const rr = require("otel-rerun");${BODY}`;
const REGISTERED = `
import "otel-rerun/register";
import { createServer } from "node:http";
const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  await (await fetch("http://127.0.0.1:" + server.address().port + "/hello")).text();
  process.exit(3);
});`;
/** Both ends of gRPC. */
const LIVE = `
import * as rr from "otel-rerun";
(async () => {
  const served = await new rr.RecordingStream("served").serveGrpc({ port: 0 });
  console.log("serves", served.url);
  const rec = new rr.RecordingStream("hosted", { recordingId: "bundled" });
  rec.connectGrpc(process.env.URL_OF_SERVER);
  for (let i = 0; i < 300; i++) rec.log("n", new rr.Scalars(i));
  await rec.shutdown();
  process.exit(3);
})();`;
const MODULE = `import * as rr from "otel-rerun";${BODY}`;

async function rowsOf(path: string): Promise<number[]> {
  const rows: number[] = [];
  for await (const { entityPath, numRows, components } of (await openRrd(path)).chunks()) {
    if (entityPath !== "/n") continue;
    for (let row = 0; row < numRows; row++) rows.push(Number([components[0]?.get(row)].flat()[0]));
  }
  return rows;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

let tools: string;
beforeAll(() => {
  tools = freshFolder();
  const dependencies = { "otel-rerun": `file:${tarball}`, esbuild: "^0.25", webpack: "^5", jest: "^30", vitest: "^4" };
  writeFileSync(join(tools, "package.json"), JSON.stringify({ private: true, dependencies }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: tools, stdio: "ignore" });
  writeFileSync(join(tools, "app.cjs"), COMMONJS);
  writeFileSync(join(tools, "app.mjs"), MODULE);
  writeFileSync(join(tools, "registered.mjs"), REGISTERED);
  writeFileSync(join(tools, "live.mjs"), LIVE);
  writeFileSync(
    join(tools, "pack.cjs"),
    `require("webpack")({
  mode: process.argv[4], target: "node", entry: "./" + process.argv[3], output: { path: process.argv[2], filename: "app.cjs" },
}, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
});`,
  );
  const test = `
test("records", async () => {
  const rec = new rr.RecordingStream("hosted");
  rec.save(process.env.PATH_OF_FILE);
  for (let i = 0; i < 300; i++) rec.log("n", new rr.Scalars(i));
  await new Promise((resolve) => setTimeout(resolve, 400));
  for (let i = 300; i < 600; i++) rec.log("n", new rr.Scalars(i));
  await rec.shutdown();
});`;
  writeFileSync(join(tools, "jest.cjs"), `const rr = require("otel-rerun");${test}`);
  writeFileSync(join(tools, "vitest.mjs"), `import { test } from "vitest"; import * as rr from "otel-rerun";${test}`);
}, 300_000);

describe("bundled", () => {
  const esbuild = (...args: string[]) => ["node_modules/esbuild/bin/esbuild", "--bundle", "--platform=node", ...args];
  // esbuild cannot put a require of Node's own modules into an ES module by itself, whoever makes it
  const banner = "--banner:js=import { createRequire as r } from 'node:module'; const require = r(import.meta.url);";
  const bundlers: Record<string, readonly [made: string, (app: string, out: string) => string[]]> = {
    "esbuild, CommonJS": ["app.cjs", (app, out) => esbuild(app, `--outfile=${out}/app.cjs`)],
    "esbuild, minified": [
      "app.cjs",
      (app, out) => esbuild(app, "--minify", "--format=cjs", `--outfile=${out}/app.cjs`),
    ],
    "esbuild, ES module": ["app.mjs", (app, out) => esbuild(app, "--format=esm", banner, `--outfile=${out}/app.mjs`)],
    webpack: ["app.cjs", (app, out) => ["pack.cjs", out, app, "none"]],
    "webpack, production": ["app.cjs", (app, out) => ["pack.cjs", out, app, "production"]],
  };

  /** Bundles a program and runs it from a folder with nothing else in it. */
  async function runBundled(bundler: string, app: string, env: Record<string, string>): Promise<Run> {
    const [made, command] = bundlers[bundler] as (typeof bundlers)[string];
    const out = freshFolder();
    const [tool = "", ...args] = command(app, out);
    // esbuild's program is a binary on some systems
    const built = spawnSync(
      tool.endsWith("esbuild") ? join(tools, tool) : process.execPath,
      tool.endsWith("esbuild") ? args : [tool, ...args],
      { cwd: tools, encoding: "utf8" },
    );
    expect(built.status, built.stderr).toBe(0);
    const run = await node(out, [made], env);
    expect(run.status, run.stderr).toBe(3);
    return run;
  }

  for (const bundler of Object.keys(bundlers)) {
    it(`by ${bundler}: records`, async () => {
      const path = join(freshFolder(), "run.rrd");
      const app = bundler === "esbuild, CommonJS" ? "app.cjs" : "app.mjs";
      expect((await runBundled(bundler, app, { PATH_OF_FILE: path })).stderr).toBe("");
      expect(await rowsOf(path)).toEqual(upTo(600));
    });

    it(`by ${bundler}: register that is imported records requests`, async () => {
      const path = join(freshFolder(), "run.rrd");
      const { stderr } = await runBundled(bundler, "registered.mjs", { OTEL_RERUN_FILE: path });
      expect(stderr).toMatch(/^(otel-rerun: .*\n)+$/);
      expect(stderr).toContain("otel-rerun: 1 request, 0 failed, ");
      let spans = 0;
      for await (const { entityPath, numRows } of (await openRrd(path)).chunks()) {
        if (entityPath === "/spans") spans += numRows;
      }
      expect(spans).toBeGreaterThanOrEqual(2); // the client's and the server's, and once more in the recording of the trace
    });
  }

  describeWithOracle("with what is loaded when it is asked for", () => {
    for (const bundler of Object.keys(bundlers)) {
      it(`by ${bundler}: sends to the official server, and serves`, async () => {
        const file = join(freshFolder(), "out.rrd");
        const port = await freePort();
        const server = spawn(rerunBinary(), ["--save", file, "--bind", "127.0.0.1", "--port", `${port}`]);
        const said = new Promise<void>((resolve) => {
          for (const output of [server.stdout, server.stderr]) {
            output.on("data", (text) => /Listening for gRPC/.test(String(text)) && resolve());
          }
        });
        await said;
        const url = `rerun+http://127.0.0.1:${port}/proxy`;
        const run = await runBundled(bundler, "live.mjs", { URL_OF_SERVER: url });
        expect(run.stderr).toBe("");
        expect(run.stdout).toMatch(/^serves rerun\+http:\S+\n$/);
        server.kill("SIGINT");
        await once(server, "close");
        const store = dump(file, "/n").find(({ recordingId }) => recordingId === "bundled");
        expect(store === undefined ? [] : values(store, "/n", "Scalars:scalars")).toEqual(upTo(300));
      });
    }
  });
});

describe("under a test runner", () => {
  const runners: Record<string, readonly string[]> = {
    jest: ["node_modules/jest/bin/jest.js", "--rootDir=.", "--testMatch=**/jest.cjs"],
    "vitest, threads": [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--pool=threads",
      "--dir=.",
      "--config=vitest.config.mjs",
    ],
    "vitest, forks": ["node_modules/vitest/vitest.mjs", "run", "--pool=forks", "--dir=.", "--config=vitest.config.mjs"],
  };
  for (const [name, args] of Object.entries(runners)) {
    it(`${name}: a test that shuts its recording down has all of it, and nothing is complained of`, async () => {
      writeFileSync(join(tools, "vitest.config.mjs"), `export default { test: { include: ["vitest.mjs"] } };`);
      const path = join(freshFolder(), "run.rrd");
      const run = await node(tools, args, { PATH_OF_FILE: path });
      expect(run.status, run.stdout + run.stderr).toBe(0);
      expect(run.stdout + run.stderr).not.toMatch(/warning|did not exit|open handle/i);
      expect(await rowsOf(path)).toEqual(upTo(600));
    });
  }
});

describeWithContainers("in a container", () => {
  it("as its first process, on a disk that may only be read but for one folder", async () => {
    const out = freshFolder();
    const path = join(out, "run.rrd");
    const mounts = `mount --bind "$0" "$0" && mount -o remount,ro,bind / && ! touch /read-only-or-not 2>/dev/null && exec "$1" app.cjs`;
    copyFileSync(join(tools, "app.cjs"), join(plain, "app.cjs"));
    const run = promisify(execFile)("unshare", [...CONTAINER, "sh", "-c", mounts, out, process.execPath], {
      cwd: plain,
      env: { PATH: process.env.PATH, PATH_OF_FILE: path },
    });
    await expect(run).rejects.toMatchObject({ code: 3, stderr: "" });
    expect(await rowsOf(path)).toEqual(upTo(600));
  });

  it("under register, where no folder may be written, it says so and the app runs on", async () => {
    const mounts = `mount -o remount,ro,bind / && for d in /tmp /dev/shm "$TMPDIR"; do mount -o remount,ro "$d" 2>/dev/null; done; exec "$0" --require otel-rerun/register -e "console.log('ran')"`;
    const run = await promisify(execFile)("unshare", [...CONTAINER, "sh", "-c", mounts, process.execPath], {
      cwd: plain,
      env: { PATH: process.env.PATH, TMPDIR: plain },
    });
    expect(run.stdout).toBe("ran\n");
    expect(run.stderr).toContain("otel-rerun: nothing is recorded: ");
  });
});

describe("with the permission model", () => {
  const flag = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";

  it("register says that nothing is recorded where nothing may be written, and the app runs on", async () => {
    const run = await node(plain, [
      flag,
      "--allow-fs-read=*",
      "--require",
      "otel-rerun/register",
      "-e",
      "console.log('ran')",
    ]);
    expect([run.status, run.stdout], run.stderr).toEqual([0, "ran\n"]);
    expect(run.stderr).toContain("otel-rerun: nothing is recorded: ");
    expect(run.stderr).not.toContain("lost");
  });

  it("a folder that may not be written is an error of save, not of the app's other lines", async () => {
    const allowed = join(freshFolder(), "allowed");
    mkdirSync(allowed);
    const program = `
const rr = require("otel-rerun");
const rec = rr.init("permitted");
try { rec.save(${JSON.stringify(join(allowed, "..", "refused.rrd"))}); } catch (error) { console.log(error.code); }
rec.log("n", new rr.Scalars(0));
rec.save(${JSON.stringify(join(allowed, "run.rrd"))});
rec.log("n", new rr.Scalars(1));`;
    const run = await node(plain, [flag, "--allow-fs-read=*", `--allow-fs-write=${allowed}/*`, "-e", program]);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toBe("ERR_RERUN_FILE\n");
    expect(readdirSync(allowed)).toContain("run.rrd");
    expect(await rowsOf(join(allowed, "run.rrd"))).toEqual([0, 1]);
  });
});
