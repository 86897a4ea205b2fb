import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFile } from "../../../src/sinks/open-file.ts";
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
