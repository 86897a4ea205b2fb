import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import { rowsIn } from "./journaled.ts";
import { threaded } from "./threaded.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-journal-thread-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function onJournaledFile() {
  const run = await threaded();
  const path = join(folder, "run.rrd");
  const sinks = [{ kind: "file" as const, ...openFile(path), writeFooter: true, journal: true }];
  run.transport.post({ type: "set-sinks", recording: 1, sinks });
  return { ...run, path };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("a journal that the writer thread writes (I4)", () => {
  it("has the rows that are in no chunk, and goes when the recording ends", async () => {
    const { log, path, close, end } = await onJournaledFile();
    for (const frame of upTo(100)) log(`/${frame % 3}`, frame);
    const journal = (): string[] => readdirSync(folder).filter((name) => name.includes("journal"));
    for (let wait = 0; wait < 100 && journal().length === 0; wait++) await sleep(20);
    await sleep(150);
    expect((await rowsIn(path)).map(([, frame]) => frame)).toEqual(upTo(100)); // while it is being written
    expect(await close()).not.toHaveProperty("error");
    expect((await rowsIn(path)).map(([, frame]) => frame)).toEqual(upTo(100));
    expect(journal()).toEqual([]);
    await end();
  });

  it("of a thread that was killed is not read a second time by its successor", async () => {
    for (let kill = 0; kill < 4; kill++) {
      const { log, transport, path, close, end } = await onJournaledFile();
      let frame = 0;
      for (; frame < 500; frame++) log(`/${frame % 3}`, frame);
      await sleep(60 + 70 * kill);
      void transport.thread?.kill();
      for (; frame < 1000; frame++) log(`/${frame % 3}`, frame);
      await sleep(20);
      expect(await close()).not.toHaveProperty("error");
      expect((await rowsIn(path)).map(([, seen]) => seen).sort((a, b) => a - b)).toEqual(upTo(1000));
      expect(existsSync(`${path}.journal-a`) || existsSync(`${path}.journal-b`)).toBe(false);
      await end();
      rmSync(path);
    }
  }, 30_000);
});

describe("a file that begins new segments, whose writer thread is killed (I4)", () => {
  it.each([
    { journal: true, isAtomic: false },
    { journal: true, isAtomic: true },
    { journal: false, isAtomic: false },
    { journal: false, isAtomic: true },
  ])(
    "has each row once in its segments: %o",
    async (settings) => {
      for (let kill = 0; kill < 4; kill++) {
        const { log, transport, close, end } = await threaded();
        const file = openFile(join(folder, "run.rrd"), settings);
        const spec = { kind: "file" as const, ...file, writeFooter: true, rotateBytes: 20_000, ...settings };
        transport.post({ type: "set-sinks", recording: 1, sinks: [spec] });
        let frame = 0;
        const burst = async (times: number): Promise<void> => {
          for (let time = 0; time < times; time++) {
            for (let row = 0; row < 200; row++) log(`/${frame % 3}`, frame++);
            await sleep(10);
          }
        };
        await burst(20 + 5 * kill);
        void transport.thread?.kill();
        await burst(5);
        await sleep(20);
        expect(await close()).not.toHaveProperty("error");
        const found: number[] = [];
        for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".rrd"))) {
          for (const [, seen] of await rowsIn(join(folder, name))) found.push(seen);
        }
        expect(found.sort((a, b) => a - b)).toEqual(upTo(frame));
        await end();
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
      }
    },
    30_000,
  );
});
