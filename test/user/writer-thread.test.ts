import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { parseStreamFooter, STREAM_FOOTER_BYTES } from "../../src/rrd/stream-footer.ts";
import { describeWithOracle, expectVerified, gate } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };

/** The numbers that were logged, by path. */
async function numbers(path: string): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  const reader = await openRrd(readFileSync(path));
  for await (const { entityPath, numRows, components } of reader.chunks()) {
    if (entityPath.startsWith("/__")) continue;
    found[entityPath] ??= [];
    for (let row = 0; row < numRows; row++) found[entityPath].push(Number([components[0]?.get(row)].flat()[0]));
  }
  return found;
}

function hasFooter(path: string): boolean {
  const bytes = readFileSync(path);
  return parseStreamFooter(bytes, bytes.length - STREAM_FOOTER_BYTES) !== undefined;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const EXPECTED: Record<string, number | string> = {
  exit: 3,
  throw: 1,
  reject: 1,
  SIGTERM: "SIGTERM",
  SIGINT: "SIGINT",
};
const MODES = ["natural", "exit", "throw", "reject", "shutdown", "exit listener", "SIGTERM", "SIGINT"];

describeWithOracle("every way to end, before the writer thread is up and after", () => {
  for (const writer of ["thread", "inline"]) {
    for (const mode of MODES) {
      it(`${writer}: ${mode}: no row is lost, the process ends as it would have (I4)`, async () => {
        for (const delay of [-1, 60, 110, 400]) {
          const path = join(freshFolder(), "ends.rrd");
          const env = { PATH_OF_FILE: path, MODE: mode, COUNT: "300", DELAY: String(delay), OTEL_RERUN_WRITER: writer };
          const { status, signal, stderr } = await node(plain, ["apps/ends.cjs"], env);
          expect(signal ?? status, stderr).toBe(EXPECTED[mode] ?? 0);
          expect((await numbers(path))["/n"]).toEqual(upTo(mode === "exit listener" ? 601 : 600));
          expectVerified(path);
        }
      });
    }
  }
});

describe("threads", () => {
  it("eight of them write 10,000 rows each into one recording, beside 1,000 interleaved tasks in ten others: each in its order, none astray (I5, I6)", async () => {
    const folder = freshFolder();
    const path = join(folder, "threads.rrd");
    const env = { PATH_OF_FILE: path, FOLDER_OF_TASKS: folder, THREADS: "8", COUNT: "10000", TASKS: "1000" };
    const run = await node(plain, ["apps/threads.cjs"], env);
    expect(run.status, run.stderr).toBe(0);
    for (const no of upTo(10)) {
      const tasks = await numbers(join(folder, `${no}.rrd`));
      expect(Object.keys(tasks).sort()).toEqual(
        upTo(100)
          .map((n) => `/task/${10 * n + no}`)
          .sort(),
      );
      for (const rows of Object.values(tasks)) expect(rows).toEqual(upTo(10));
    }
    const found = await numbers(path);
    expect(Object.keys(found).sort()).toEqual(upTo(8).map((no) => `/thread/${no}`));
    for (const rows of Object.values(found)) expect(rows).toEqual(upTo(10_000));
  });

  for (const [mode, status] of [
    ["exit", 3],
    ["terminate", 0],
  ] as const) {
    it(`one that never rests has its rows in the file when there is a sudden end: ${mode} (I4)`, async () => {
      // before the writer is there, while it starts, after
      for (const delay of [0, 30, 100, 300]) {
        const path = join(freshFolder(), "ends.rrd");
        const env = { PATH_OF_FILE: path, MODE: mode, COUNT: "20000", DELAY: String(delay) };
        const run = await node(plain, ["apps/thread-ends.cjs"], env);
        expect(run.status, run.stderr).toBe(status);
        const found = await numbers(path);
        expect(found["/n"]).toEqual(upTo(20_000));
        expect(found["/after"]).toEqual(mode === "terminate" ? [0] : undefined);
      }
    });
  }

  it("forty of them one after the other leave nothing out", async () => {
    const path = join(freshFolder(), "churn.rrd");
    const run = await node(plain, ["apps/thread-ends.cjs"], { PATH_OF_FILE: path, MODE: "churn", COUNT: "200" });
    expect(run.status, run.stderr).toBe(0);
    expect((await numbers(path))["/n"]).toEqual(Array.from({ length: 40 }, () => upTo(200)).flat());
  });

  for (const [mode, status, files] of [
    ["exit", 3, [1, 2]],
    ["held", 3, [1, 2]],
    ["terminate", 0, [1, 2]],
    ["caught", 3, [1, 2]],
    ["nested", 3, [1]],
  ] as const) {
    for (const load of ["require", "import"]) {
      it(`of a first thread that records nothing, ${load}: ${mode}: no row is lost, no file stays locked (I4)`, async () => {
        for (const delay of mode === "held" || mode === "caught" ? [0] : [0, 60, 400]) {
          const folder = freshFolder();
          const env = { FOLDER: folder, MODE: mode, COUNT: "3000", DELAY: String(delay), LOAD: load };
          const run = await node(plain, ["apps/thread-alone.cjs"], env);
          expect([run.status, run.stderr]).toEqual([status, ""]);
          expect(readdirSync(folder).sort()).toEqual(files.map((no) => `${no}.rrd`));
          for (const no of files) {
            const path = join(folder, `${no}.rrd`);
            expect((await numbers(path))["/n"]).toEqual(upTo(3000));
            expect(hasFooter(path)).toBe(true);
          }
        }
      });
    }
  }

  it("that were terminated have let go of their files, and so has one that ended its recording itself", async () => {
    const folder = freshFolder();
    const env = { FOLDER: folder, MODE: "again", COUNT: "100", DELAY: "500", LOAD: "require" };
    const run = await node(plain, ["apps/thread-alone.cjs"], env);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(run.stdout).toBe(".1.rrd.lock 1.rrd\n".repeat(2));
    expect((await numbers(join(folder, "1.rrd")))["/n"]).toEqual(upTo(100));
  });

  it("where the permission model refuses them, rows are written all the same, with one warning", async () => {
    const path = join(freshFolder(), "refused.rrd");
    const flag = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
    const args = [flag, "--allow-fs-read=*", "--allow-fs-write=*", "apps/ends.cjs"];
    const run = await node(plain, args, { PATH_OF_FILE: path, MODE: "natural", COUNT: "300", DELAY: "300" });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr.match(/RerunWarning/g)).toHaveLength(1);
    expect((await numbers(path))["/n"]).toEqual(upTo(600));
  });

  it("where Node.js has been given more globals, it starts all the same", async () => {
    const path = join(freshFolder(), "globals.rrd");
    const env = { PATH_OF_FILE: path, MODE: "natural", COUNT: "300", DELAY: "300" };
    const run = await node(plain, ["--expose-gc", "apps/ends.cjs"], env);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect((await numbers(path))["/n"]).toEqual(upTo(600));
  });
});

it("a loop of 1,000 images of 10 MB stays within its memory, and every image is written or counted (I3, I7)", async () => {
  const path = join(freshFolder(), "images.rrd");
  const program = `
import * as rr from "otel-rerun";
const rec = new rr.RecordingStream("images", { sendProperties: false });
rec.save(${JSON.stringify(path)}, { maxBytes: 200e6 });
const bytes = new Uint8Array(2048 * 1707 * 3);
let peak = 0;
const seed = new Uint32Array(bytes.buffer);
for (let i = 0, x = 1; i < seed.length / 2; i++) seed[i] = x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + i; // half of it is noise
for (let i = 0; i < 1000; i++) {
  rec.log("image", new rr.Image(bytes, { width: 2048, height: 1707, colorModel: "RGB" }));
  peak = Math.max(peak, process.memoryUsage().rss);
}
await rec.flush({ timeoutMillis: 120000 });
const { rowsAccepted, rowsWritten, rowsDropped } = rec.stats();
console.log(JSON.stringify({ peak, rowsAccepted, rowsWritten, dropped: rowsDropped.overflow ?? 0 }));`;
  const run = await node(plain, ["--input-type=module", "-e", program], {}, 150_000);
  const { peak, rowsAccepted, rowsWritten, dropped } = JSON.parse(run.stdout);
  expect(rowsAccepted).toBe(1000);
  expect(rowsWritten + dropped).toBe(1000);
  expect(rowsWritten).toBeGreaterThan(0);
  // 64 MiB of shared memory, the rest is two heaps; without a limit it would be 3 GB
  expect(peak).toBeLessThan(600e6);
});

it("20,000 chunks: the footer is written within the deadline of an exit (I4)", async () => {
  const path = join(freshFolder(), "chunks.rrd");
  const program = `
const rr = require("otel-rerun");
const rec = new rr.RecordingStream("chunks", { batcher: rr.BatcherConfig.alwaysTestOnly });
rec.save(process.argv[1]);
for (let i = 0; i < 20000; i++) rec.log("n/" + (i % 50), new rr.Scalars(i));
setTimeout(() => process.exit(3), 1000);`;
  const run = await node(plain, ["-e", program, path]);
  expect([run.status, run.stderr]).toEqual([3, ""]);
  expect(hasFooter(path)).toBe(true);
  expect(Object.values(await numbers(path)).flat()).toHaveLength(20_000);
});

describe("what is lost at the end is told, though no warning of the process would still be seen (I3)", () => {
  for (const writer of ["thread", "inline"]) {
    for (const delay of [0, 300]) {
      it(`${writer}, after ${delay} ms: rows that nobody said a place for`, async () => {
        const program = `
const rr = require("otel-rerun");
const rec = new rr.RecordingStream("nowhere", { sendProperties: false });
for (let i = 0; i < 10; i++) rec.log("n", new rr.Scalars(i));
setTimeout(() => process.exit(3), ${delay});`;
        const { status, stderr } = await node(plain, ["-e", program], { OTEL_RERUN_WRITER: writer });
        expect(status).toBe(3);
        expect(stderr).toMatch(/^otel-rerun: 10 rows of the recording \S+ are lost: \{"no-sink":10\}/);
      });
    }
  }
});

const made = spawnSync("mkfifo", [join(freshFolder(), "try")], { encoding: "utf8" });
const noPipes = made.status === 0 ? undefined : (made.error?.message ?? made.stderr);

gate("mkfifo", noPipes)("a pipe", () => {
  const program = `
const rr = require("otel-rerun");
const rec = new rr.RecordingStream("pipe", { sendProperties: false });
rec.save(process.argv[1]);
let rows = 0;
setInterval(() => {
  for (let i = 0; i < 500; i++) rec.log("n", new rr.TextLog(String(rows++).padStart(100, "0")));
}, 5);
setTimeout(() => {
  const { rowsDropped } = rec.stats();
  process.on("exit", () => console.log(JSON.stringify({ rows, dropped: rowsDropped.sink ?? 0 })));
  process.exit(3);
}, 500);`;

  for (const writer of ["thread", "inline"]) {
    it(`${writer}: a reader that stops holds neither the process nor its end, and what it did not take is told (I1, I3)`, async () => {
      const path = join(freshFolder(), "pipe");
      spawnSync("mkfifo", [path]);
      const end = openSync(path, constants.O_RDWR);
      const run = await node(plain, ["-e", program, path], { OTEL_RERUN_WRITER: writer });
      closeSync(end);
      expect(run.status, run.stderr).toBe(3);
      expect(run.stderr).toMatch(/otel-rerun: \d+ rows of the recording \S+ are lost: \{"sink":\d+\}/);
    });

    it(`${writer}: one that reads gets every row`, async () => {
      const path = join(freshFolder(), "pipe");
      spawnSync("mkfifo", [path]);
      const copy = `${path}.rrd`;
      const end = openSync(path, constants.O_RDWR); // there is a reader before the program looks for one
      const reader = spawn("sh", ["-c", 'cat "$0" > "$1"', path, copy]);
      const done = once(reader, "close");
      const run = await node(plain, ["-e", program, path], { OTEL_RERUN_WRITER: writer });
      closeSync(end);
      expect(run.status, run.stderr).toBe(3);
      await done;
      const reading = await openRrd(copy);
      let rows = 0;
      for await (const { entityPath, numRows } of reading.chunks()) if (entityPath === "/n") rows += numRows;
      expect(rows).toBe((JSON.parse(run.stdout) as { rows: number }).rows);
      expect(reading.problems).toEqual([]);
    });
  }

  it("one that nobody reads from is refused in the call, with advice", async () => {
    const path = join(freshFolder(), "pipe");
    spawnSync("mkfifo", [path]);
    const run = await node(plain, ["-e", program, path]);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/ERR_RERUN_FILE/);
    expect(run.stderr).toMatch(/start the reader first/);
  });
});
