import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rowsIn } from "./journaled.ts";

const fixture = fileURLToPath(new URL("../../fixtures/pipeline/killed.ts", import.meta.url));
const require = createRequire(import.meta.url);
const KILLS = 8;

/** A row is safe at the first row that is logged 50 ms after it. */
const TICK_MILLIS = 50;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-killed-"));
  const bundle = await rolldown({ input: fixture, platform: "node", logLevel: "silent" });
  await bundle.write({ dir: folder, entryFileNames: "killed.cjs", chunkFileNames: "[name].cjs", format: "cjs" });
  await bundle.close();
  copyFileSync(require.resolve("lz4-wasm-nodejs/lz4_wasm_nodejs_bg.wasm"), join(folder, "lz4_wasm_nodejs_bg.wasm"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("SIGKILL at random moments takes one tick at most, and no row is there twice (I4)", async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const path = join(folder, `${kill}.rrd`);
    const child = spawn(process.execPath, [join(folder, "killed.cjs")], {
      env: { ...process.env, RECORDING: path, NODE_OPTIONS: "" },
    });
    while (!existsSync(`${path}.list`)) await sleep(5);
    await sleep(50 + Math.random() * 700);
    child.kill("SIGKILL");
    await once(child, "exit");
    const bursts = readFileSync(`${path}.list`, "utf8").trim().split("\n").slice(0, -1);
    const logged = bursts.map((line) => line.split(" ").map(Number) as [frames: number, at: number]);
    const lastAt = logged.at(-1)?.[1] ?? 0;
    const safe = logged.findLast(([, at]) => at < lastAt - TICK_MILLIS)?.[0] ?? 0;
    const frames = (await rowsIn(path)).map(([, frame]) => frame);
    expect(frames).toEqual(frames.map((_, at) => at)); // every row once, in order, none missing in between
    expect(frames.length).toBeGreaterThanOrEqual(safe);
  }
}, 60_000);

it("SIGKILL between a chunk and the end of the journal's generation that has its rows: none is lost, none is there twice (I4)", async () => {
  for (const at of ["turn", "close"]) {
    const path = join(folder, `${at}.rrd`);
    const child = spawn(process.execPath, [join(folder, "killed.cjs")], {
      env: { ...process.env, RECORDING: path, KILL_AT: at, NODE_OPTIONS: "" },
    });
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGKILL");
    const journals = readdirSync(folder).filter((name) => name.startsWith(`${at}.rrd.journal-`));
    expect(journals.length, "the generation is still there").toBeGreaterThan(0);
    const bursts = readFileSync(`${path}.list`, "utf8").trim().split("\n");
    const logged = bursts.map((line) => line.split(" ").map(Number) as [frames: number, at: number]);
    const frames = (await rowsIn(path)).map(([, frame]) => frame);
    expect(frames).toEqual(frames.map((_, frame) => frame));
    const [last = 0, lastAt = 0] = logged.at(-1) ?? [];
    const safe = at === "close" ? last : (logged.findLast(([, then]) => then < lastAt - TICK_MILLIS)?.[0] ?? 0);
    expect(frames.length).toBeGreaterThanOrEqual(safe);
  }
}, 60_000);
