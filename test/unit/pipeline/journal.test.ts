import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CreateExpander } from "../../../src/pipeline/expander.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { openRrd, recover } from "../../../src/reader.ts";
import { describeWithOracle, dump, expectVerified } from "../../oracle.ts";
import { faultyFiles } from "../sinks/faulty-files.ts";
import { text } from "./harness.ts";
import { copyOf, type FoundRow, journaled, rowsIn, rowsOf, steppedFiles } from "./journaled.ts";

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "otel-rerun-killed-"));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("a process that is killed (I4)", () => {
  it("has lost nothing of the ticks before, although no chunk was written", async () => {
    const { log, settle, path, folder, remove, stats } = journaled();
    for (const frame of upTo(20)) log(frame % 2 === 0 ? "/even" : "/odd", frame);
    settle();
    log("/even", 20); // after the last tick
    expect(stats().chunksWritten).toBe(0);
    const left = copyOf(folder, scratch);
    expect(existsSync(`${path}.journal-b`)).toBe(true);
    expect(await rowsIn(left)).toHaveLength(21);
    remove();
  });

  it("left a file and a journal that have each row once, whenever it was killed", async () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ log: fc.integer({ min: 0, max: 5 }), rows: fc.integer({ min: 1, max: 60 }) }),
        },
        { weight: 3, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 1500 }) }) },
        { weight: 1, arbitrary: fc.constant("flush" as const) },
      ),
      { minLength: 5, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 150 }),
        fc.constantFrom(2 << 10, 8 << 10, 16 << 10),
        async (commands, killedAt, journalBytes) => {
          let filesSteps = 0;
          let isRunning = false;
          let logged = 0;
          let safe = 0;
          let safeAtKill = -1;
          let loggedAtKill = 0;
          let left = "";
          const run = journaled({
            files: {
              journalBytes,
              files: steppedFiles(() => {
                if (!isRunning || ++filesSteps !== killedAt) return;
                left = copyOf(run.folder, join(scratch, String(Math.random())));
                safeAtKill = safe;
                loggedAtKill = logged;
              }),
            },
          });
          isRunning = true;
          const all: FoundRow[] = [];
          for (const command of commands) {
            if (command === "flush") {
              run.flush();
            } else if ("wait" in command) {
              run.clock.advance(command.wait);
            } else {
              for (let row = 0; row < command.rows; row++) {
                const entity = `/${command.log}`;
                all.push([entity, logged]);
                logged += 1;
                run.log(entity, logged - 1);
              }
            }
            run.settle();
            safe = logged;
          }
          run.close();
          expect(await rowsIn(run.path)).toEqual(all);
          expect(readdirSync(run.folder)).toEqual(["run.rrd"]);
          run.remove();
          if (safeAtKill < 0) return;
          const found = await rowsIn(left);
          const frames = found.map(([, frame]) => frame);
          expect(new Set(frames).size).toBe(frames.length);
          expect(found.filter(([, frame]) => frame < safeAtKill)).toEqual(all.slice(0, safeAtKill));
          for (const row of found) expect(row[1]).toBeLessThan(loggedAtKill);
          for (const entity of new Set(found.map(([path]) => path))) {
            const own = found.filter(([path]) => path === entity).map(([, frame]) => frame);
            expect(own).toEqual(own.toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);

  it("keeps every kind of row: static, several components, wall time, no instances", async () => {
    const run = journaled();
    const { encoder, clock } = run;
    run.logStatic("/static", 7);
    encoder.logRow(
      1,
      "/text",
      {
        timelines: [
          { name: "a", type: "sequence" },
          { name: "z", type: "duration" },
        ],
        values: [1n, 2n],
      },
      [{ spec: text, values: ["one", "two"] }],
      clock.now(),
      2,
    );
    run.log("/empty", 3, [{ spec: text, values: [] }]);
    run.settle();
    const left = copyOf(run.folder, scratch);
    const chunks = [];
    for await (const { entityPath, isStatic, timelines, components } of (await openRrd(left)).chunks()) {
      const times = timelines.map((timeline) => [timeline.name, timeline.get(0)]);
      chunks.push({ entityPath, isStatic, times, values: components.map((component) => component.get(0)) });
    }
    const wall = BigInt(clock.wall()) * 1_000_000n;
    expect(chunks).toEqual([
      { entityPath: "/static", isStatic: true, times: [], values: [[7]] },
      {
        entityPath: "/text",
        isStatic: false,
        times: [
          ["a", 1n],
          ["log_time", wall],
          ["z", 2n],
        ],
        values: [["one", "two"]],
      },
      { entityPath: "/empty", isStatic: false, times: [["frame", 3n]], values: [[]] },
    ]);
    run.close();
    run.remove();
  });

  it("was writing a block: the torn one is told, those before are there", async () => {
    const run = journaled();
    run.log("/a", 1);
    run.settle();
    const whole = readFileSync(`${run.path}.journal-b`).length;
    run.log("/a", 2);
    run.settle();
    const left = copyOf(run.folder, scratch);
    const journal = `${left}.journal-b`;
    const { length } = readFileSync(journal);
    for (let size = length; size >= whole; size--) {
      truncateSync(journal, size);
      const reader = await openRrd(left);
      expect(await rowsOf(reader)).toEqual(
        size === length
          ? [
              ["/a", 1],
              ["/a", 2],
            ]
          : [["/a", 1]],
      );
      const torn = size === length || size === whole ? [] : [{ kind: "journal", length: size - whole }];
      expect(reader.problems).toMatchObject(torn);
    }
    run.close();
    run.remove();
  });

  it("left a journal that was damaged: no byte of it makes the reader fail (I8)", async () => {
    const run = journaled();
    for (const frame of upTo(5)) run.log("/a", frame);
    run.settle();
    const left = copyOf(run.folder, scratch);
    const journal = `${left}.journal-b`;
    const bytes = readFileSync(journal);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0xff;
      writeFileSync(journal, damaged);
      expect((await rowsIn(left)).length).toBeLessThanOrEqual(5);
    }
    run.close();
    run.remove();
  });
});

describe("the journal", () => {
  it("is there only when it was asked for, or telemetry comes", () => {
    for (const journal of [false, undefined]) {
      const run = journaled({ spec: { journal } as object });
      run.log("/a", 1);
      run.settle();
      expect(readdirSync(run.folder).some((name) => name.includes("journal"))).toBe(false);
      run.close();
      run.remove();
    }
  });

  it("begins with the first span, log or metric; what was logged before is in chunks then", async () => {
    const expander: CreateExpander = (host) => ({
      open: () => {},
      define: () => {},
      tick: () => {},
      summarize: () => {},
      close: () => {},
      forget: () => {},
      record: (store, _, reader) => {
        host.log(store, "/logs", [{ timeline: { name: "frame", type: "sequence" }, value: reader.i64() }], {
          asComponentBatches: () => [{ spec: text, values: "a line" }],
        });
      },
    });
    const run = journaled({ spec: { journal: undefined } as object, transport: { createExpander: expander } });
    run.log("/a", 1);
    run.settle();
    expect(readdirSync(run.folder).some((name) => name.includes("journal"))).toBe(false);
    const record = run.transport.begin(RecordKind.log, 1);
    record.i64(2n);
    run.transport.end(record);
    run.log("/a", 3);
    run.settle();
    expect(run.stats().chunksWritten).toBe(1);
    const found = await rowsIn(copyOf(run.folder, scratch));
    expect(found).toEqual([
      ["/a", 1],
      ["/logs", 2],
      ["/a", 3],
    ]);
    run.close();
    run.remove();
  });

  it("is not written when a flush has put all rows into chunks", () => {
    const { log, flush, folder, close, remove } = journaled();
    for (const frame of upTo(10)) {
      log("/a", frame);
      flush();
    }
    expect(readdirSync(folder).some((name) => name.includes("journal"))).toBe(false);
    close();
    remove();
  });

  it("stays below its limit by flushing the rows that hold a generation back (I7)", () => {
    const limit = 64 << 10;
    const { log, settle, clock, close, remove } = journaled({ files: { journalBytes: limit } });
    let largest = 0;
    for (const frame of upTo(6000)) {
      log(`/${frame % 500}`, frame);
      if (frame % 50 !== 0) continue;
      clock.advance(10);
      largest = Math.max(largest, settle().sinks[0]?.journalBytes ?? 0);
    }
    expect(largest).toBeGreaterThan(limit / 4);
    expect(largest).toBeLessThan(limit * 1.25);
    close();
    remove();
  });

  it("makes few chunks of rows that trickle", () => {
    const { log, settle, clock, stats, close, remove } = journaled();
    for (const frame of upTo(512)) {
      clock.advance(51);
      log("/a", frame);
      settle();
    }
    expect(stats().chunksWritten).toBeLessThanOrEqual(512 / 39 + 1); // two seconds each
    close();
    remove();
  });

  it("moves to the next segment with the file; every segment opens on its own", async () => {
    const run = journaled({ spec: { maxBytes: 64 << 10 } });
    for (const frame of upTo(3000)) {
      run.log(`/${frame % 7}`, frame);
      run.clock.advance(7);
      if (frame % 10 === 0) run.settle();
    }
    run.settle();
    const left = copyOf(run.folder, scratch);
    const segments = readdirSync(scratch).filter((name) => name.endsWith(".rrd"));
    expect(segments.length).toBeGreaterThan(1);
    const found: number[] = [];
    for (const name of segments) {
      for (const [, frame] of await rowsIn(join(left, "..", name))) found.push(frame);
    }
    found.sort((a, b) => a - b);
    expect(found).toEqual(upTo(3000).slice(3000 - found.length));
    run.close();
    expect(readdirSync(run.folder).filter((name) => !name.endsWith(".rrd"))).toEqual([]);
    run.remove();
  });

  it("has each row once in its segments, also where a tick brings many of them, whenever it was killed", async () => {
    const left: string[] = [];
    let isRunning = false;
    const files = steppedFiles(() => isRunning && left.push(copyOf(run.folder, join(scratch, String(left.length)))));
    const run = journaled({ spec: { rotateBytes: 20_000 }, files: { files } });
    isRunning = true;
    for (const frame of upTo(300)) {
      if (frame % 60 === 50) {
        const noise = randomBytes(80_000).toString("base64"); // a chunk at once, of several segments
        run.log("/large", frame, [{ spec: text, values: noise }]);
      } else run.log(`/${frame % 7}`, frame);
      run.clock.advance(1);
      if (frame % 25 === 0) run.settle();
    }
    run.close();
    left.push(run.path);
    for (const path of left) {
      const found: number[] = [];
      for (const name of readdirSync(dirname(path)).filter((entry) => entry.endsWith(".rrd"))) {
        const rows = await rowsIn(join(dirname(path), name)).catch(() => []); // a segment of no bytes
        for (const [, frame] of rows) found.push(frame);
      }
      expect(new Set(found).size, path).toBe(found.length);
      if (path === run.path) expect(found.sort((a, b) => a - b)).toEqual(upTo(300));
    }
    expect(left.length).toBeGreaterThan(20);
    run.remove();
  });

  it("gives up when the disk is full; rows then go into chunks at each tick", async () => {
    const faults: { journalBroken?: boolean } = {};
    const files = faultyFiles({});
    const run = journaled({
      files: {
        files: {
          ...files,
          create: (path, like) => {
            if (faults.journalBroken) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC" });
            return files.create(path, like);
          },
        },
      },
    });
    faults.journalBroken = true;
    run.log("/a", 1);
    run.settle();
    expect(run.warnings).toEqual([expect.stringContaining("ENOSPC")]);
    run.log("/a", 2);
    run.clock.advance(60);
    run.log("/a", 3);
    run.settle();
    expect(await rowsIn(copyOf(run.folder, scratch))).toEqual([
      ["/a", 1],
      ["/a", 2],
      ["/a", 3],
    ]);
    run.close();
    run.remove();
  });

  it("of a killed process goes when the path is written anew", async () => {
    const run = journaled();
    run.log("/old", 1);
    run.settle();
    const left = copyOf(run.folder, scratch);
    rmSync(join(scratch, ".run.rrd.lock"), { force: true });
    const { openFile } = await import("../../../src/sinks/file/open-file.ts");
    openFile(left);
    expect(existsSync(`${left}.journal-b`)).toBe(false);
    run.close();
    run.remove();
  });
});

describeWithOracle("a file that was recovered", () => {
  it("verifies, and has all rows in order (I10)", async () => {
    const run = journaled();
    for (const frame of upTo(400)) {
      run.clock.advance(5);
      run.log(`/${frame % 3}`, frame);
    }
    run.settle();
    const left = copyOf(run.folder, scratch);
    const { messages } = await recover(left);
    const { RrdFileWriter } = await import("../../../src/rrd/rrd-file-writer.ts");
    const parts: Uint8Array[] = [];
    const writer = new RrdFileWriter((bytes) => parts.push(bytes.slice()), { writeFooter: true });
    for (const message of messages) writer.write(message);
    writer.finish();
    const whole = join(scratch, "whole.rrd");
    writeFileSync(whole, Buffer.concat(parts));
    expectVerified(whole);
    const [store] = dump(whole);
    const rows = (store?.chunks ?? []).flatMap(({ rowIds, timelines }) =>
      rowIds.map((id, at) => ({ id, frame: Number(timelines.frame?.[at]) })),
    );
    rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(rows.map(({ frame }) => frame)).toEqual(upTo(400));
    run.close();
    run.remove();
  }, 120_000);
});
