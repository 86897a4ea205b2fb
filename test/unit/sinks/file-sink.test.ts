import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRrd } from "../../../src/reader.ts";
import type { LogMessage } from "../../../src/rrd/log-message.ts";
import { writtenMessages } from "../../../src/rrd/reader/written-messages.ts";
import { FileSink } from "../../../src/sinks/file/file-sink.ts";
import { openFile, releaseFile } from "../../../src/sinks/file/open-file.ts";
import { unlockPath } from "../../../src/sinks/file/path-lock.ts";
import { SegmentNames } from "../../../src/sinks/file/segment-names.ts";
import type { FileSinkSpec } from "../../../src/sinks/sink.ts";
import { scalar } from "../pipeline/harness.ts";
import { chunksOf, recording, statsOf } from "../pipeline/recorded.ts";
import { type Faults, faultyFiles } from "./faulty-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-sinks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A recording on a file, every row a chunk of about `bytes`. */
function onFile(
  faults: Faults = {},
  maxBytes?: number,
  settings: Partial<FileSinkSpec> = {},
  path = join(folder, "run.rrd"),
) {
  let now = 0;
  const warnings: string[] = [];
  const made = recording(
    { files: { files: faultyFiles(faults), now: () => now }, onWarning: (message) => warnings.push(message) },
    { batcher: { flushNumRows: 0, flushTickMillis: 50 } },
  );
  const file = openFile(path, { isAtomic: settings.isAtomic });
  const spec = {
    kind: "file" as const,
    ...file,
    writeFooter: true,
    ...(maxBytes !== undefined && { maxBytes }),
    ...settings,
  };
  made.transport.requestSync({ type: "set-sinks", recording: 1, sinks: [spec] });
  return {
    ...made,
    warnings,
    wait: (millis: number) => {
      now += millis;
    },
    close: () => made.transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 }),
    status: () => made.stats().sinks[0],
  };
}

const framesOf = async (name: string): Promise<number[]> =>
  (await chunksOf(readFileSync(join(folder, name))))
    .filter(({ path }) => path === "/a")
    .flatMap(({ frames }) => frames);

/** Without the locks of those that are being written. */
const filesIn = (path: string): string[] => readdirSync(path).filter((name) => !name.endsWith(".lock"));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

it("a writer that goes on after one whose disk was full touches neither the file nor what its descriptor is now (I4)", async () => {
  const whole = onFile();
  for (const frame of upTo(3)) whole.log("/a", frame);
  whole.close();
  const path = join(folder, "run.rrd");
  const messages: LogMessage[] = [];
  for await (const message of (await openRrd(readFileSync(path))).messages()) messages.push(message);
  const faults: Faults = {};
  const first = new FileSink({ kind: "file", ...openFile(path), writeFooter: true }, { files: faultyFiles(faults) });
  for (const message of messages) first.write(message);
  first.flushSync();
  const before = readFileSync(path);
  faults.space = 0;
  first.write(messages.at(-1) as LogMessage);
  first.flushSync();
  expect(first.status.state).toBe("failing");
  const second = new FileSink(first.resumable, { files: faultyFiles({}) });
  await expect(second.flush()).rejects.toMatchObject({ code: "ERR_RERUN_SINK" });
  for (const message of messages) second.write(message);
  second.finalize();
  second.close();
  expect(readFileSync(path)).toEqual(before);
  expect(await framesOf("run.2.rrd")).toEqual(upTo(3));
});

it("a writer that goes on after another begins its segments with what that one knew, and removes the segments of both", async () => {
  const whole = onFile();
  whole.logStatic("/fixed", 1);
  for (const frame of upTo(40)) whole.log("/a", frame);
  whole.close();
  const path = join(folder, "run.rrd");
  const messages: LogMessage[] = [];
  for await (const message of (await openRrd(readFileSync(path))).messages()) messages.push(message);
  const loadReader = async () => writtenMessages;
  const limits = { maxBytes: 60_000, rotateBytes: 15_000 };
  const first = new FileSink({ kind: "file", ...openFile(path), writeFooter: true, ...limits });
  for (const message of messages) first.write(message);
  first.flushSync();
  const before = filesIn(folder);
  expect(before.length).toBeGreaterThan(2);
  const second = new FileSink(JSON.parse(JSON.stringify(first.resumable)), { loadReader });
  await Promise.resolve(); // the reader is there
  const isStatic = (message: LogMessage): boolean => message.kind !== "arrow" || message.isStatic;
  let rows = 40;
  for (let round = 0; round < 3; round++) {
    for (const message of messages) if (!isStatic(message)) second.write(message);
    rows += 40;
  }
  second.finalize();
  second.close();
  const left = filesIn(folder);
  expect(left.filter((name) => before.includes(name))).toEqual([]);
  expect(left.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(limits.maxBytes);
  let found = 0;
  for (const name of left) {
    const chunks = await chunksOf(readFileSync(join(folder, name)));
    expect(chunks.some((chunk) => chunk.path === "/fixed")).toBe(true);
    for (const chunk of chunks) if (chunk.path === "/a") found += chunk.numRows;
  }
  expect(found + (second.status.removedRows ?? 0)).toBe(rows + 1); // the static row was in the first segment
});

describe("somebody else who (I3)", () => {
  const meddle = {
    removes: (path: string) => unlinkSync(path),
    cuts: (path: string) => truncateSync(path, 0),
    "copies and cuts": (path: string) => {
      copyFileSync(path, `${path}.1`);
      truncateSync(path, 0);
    },
    moves: (path: string) => renameSync(path, `${path}.1`),
    replaces: (path: string) => {
      renameSync(path, `${path}.1`);
      writeFileSync(path, "");
    },
  };
  const cases = Object.entries(meddle).flatMap(([name, how]) =>
    [false, true].map((journal) => ({ name, how, journal })),
  );

  it.each(cases)(
    "$name the file that is written (journal: $journal): it is told once, and the rows go on in the next",
    async ({ name, how, journal }) => {
      const run = onFile({}, undefined, { journal });
      const log = (from: number, to: number): void => {
        for (let frame = from; frame < to; frame++) run.log("/a", frame);
        run.flush();
      };
      log(0, 50);
      run.wait(300);
      how(join(folder, "run.rrd"));
      log(50, 60); // it is noticed now
      run.wait(300);
      log(60, 100);
      const { rowsWritten } = run.stats();
      const removed = run.status()?.removedRows ?? 0;
      run.close();
      expect(rowsWritten).toBe(100);
      const isMoved = name === "moves" || name === "replaces";
      expect(removed > 0).toBe(!isMoved);
      const found = [...(await framesOf("run.2.rrd")), ...(isMoved ? await framesOf("run.rrd.1") : [])];
      expect(found.sort((a, b) => a - b)).toEqual(upTo(100).slice(removed));
      if (name === "copies and cuts") expect(await framesOf("run.rrd.1")).toEqual(upTo(50));
      expect(run.warnings).toHaveLength(1);
      expect(run.warnings[0]).toMatch(/run\.rrd was .* while it was written.*rotateBytes/);
      expect(filesIn(folder).filter((entry) => entry.includes("journal"))).toEqual([]);
    },
  );

  it("moves its folder does no harm: the rows go on in the same file", async () => {
    const place = join(folder, "place");
    mkdirSync(place);
    const run = onFile({}, undefined, {}, join(place, "run.rrd"));
    run.log("/a", 0);
    run.flush();
    run.wait(300);
    renameSync(place, join(folder, "moved"));
    run.log("/a", 1);
    run.flush();
    run.close();
    expect(run.warnings).toEqual([]);
    expect(await framesOf("moved/run.rrd")).toEqual([0, 1]);
  });

  it("removes it is noticed at the end, too", () => {
    const run = onFile();
    for (const frame of upTo(50)) run.log("/a", frame);
    run.flush();
    run.wait(300);
    unlinkSync(join(folder, "run.rrd"));
    run.close();
    expect(run.warnings).toHaveLength(1);
    expect(run.warnings[0]).toContain("and 50 rows with it");
  });
});

describe("faults (I2)", () => {
  it("finishes short writes", async () => {
    const { log, close } = onFile({ shortWrites: 7 });
    for (const frame of upTo(50)) log("/a", frame);
    close();
    expect(await framesOf("run.rrd")).toEqual(upTo(50));
  });

  it("tries again when a write would block", async () => {
    const faults: Faults = {};
    const { log, flush, close, status } = onFile(faults);
    faults.again = 3;
    log("/a", 0);
    flush();
    expect(status()).toMatchObject({ state: "open", lostRows: 0 });
    close();
    expect(await framesOf("run.rrd")).toEqual([0]);
  });

  it("cuts a full disk's file to whole messages at every byte, and counts what is not there", async () => {
    const whole = onFile();
    for (const frame of upTo(5)) whole.log("/a", frame);
    whole.flush();
    const size = statSync(join(folder, "run.rrd")).size;
    whole.close();
    for (let space = size - 1; space > 0; space -= 97) {
      const faults: Faults = { space };
      const { log, flush, stats, close, status } = onFile(faults);
      for (const frame of upTo(5)) log("/a", frame);
      flush();
      expect(status()?.state).toBe("failing");
      const rows = await framesOf("run.rrd").catch(() => []);
      expect(rows).toEqual(upTo(rows.length));
      const { rowsAccepted, rowsWritten, rowsDropped } = stats();
      expect({ rowsAccepted, rowsWritten }).toEqual({ rowsAccepted: 5, rowsWritten: rows.length });
      expect(rowsDropped.sink).toBe(5 - rows.length);
      close();
    }
  });

  it("cuts also a message that is written from where it is, because it is too large to be collected", async () => {
    // numbers that LZ4 makes nothing of: 320 kB in each second row
    const large = Float64Array.from({ length: 40_000 }, (_, at) => Math.sin(at));
    const logAll = ({ log, flush }: ReturnType<typeof onFile>, rows: number): void => {
      for (const frame of upTo(rows)) log("/a", frame, [{ spec: scalar, values: frame % 2 === 0 ? frame : large }]);
      flush();
    };
    const ends: number[] = [];
    for (const rows of upTo(5)) {
      const whole = onFile();
      logAll(whole, rows);
      ends.push(statSync(join(folder, "run.rrd")).size);
      whole.close();
    }
    const spaces = ends.slice(1).flatMap((end, at) => [(ends[at] as number) + 9, end - 9, end]);
    expect(spaces.at(-1)).toBeGreaterThan(2 * large.byteLength);
    for (const space of spaces) {
      const faults: Faults = { space };
      const run = onFile(faults);
      logAll(run, 5);
      const rows = await framesOf("run.rrd");
      expect(rows).toEqual(upTo(ends.filter((end) => end <= space).length - 1));
      expect((await openRrd(join(folder, "run.rrd"))).truncatedAt).toBeUndefined();
      expect(run.stats()).toMatchObject({ rowsWritten: rows.length, rowsDropped: { sink: 5 - rows.length } });
      run.close();
    }
  });

  it("reports one error and goes on in a new segment when there is space again", async () => {
    const faults: Faults = {};
    const { log, flush, close, wait, status, stats } = onFile(faults);
    log("/a", 0);
    flush();
    faults.broken = true;
    log("/a", 1);
    flush();
    wait(10);
    log("/a", 2); // not tried again so soon
    flush();
    expect(status()).toMatchObject({ state: "failing", lostRows: 2, error: { code: "ERR_RERUN_SINK" } });
    faults.broken = false;
    wait(1000);
    log("/a", 3);
    flush();
    expect(status()?.state).toBe("open");
    close();
    expect(await framesOf("run.rrd")).toEqual([0]);
    expect(await framesOf("run.2.rrd")).toEqual([3]);
    // the summary of what was lost is a row too
    expect(stats()).toMatchObject({ rowsAccepted: 5, rowsWritten: 3, rowsDropped: { sink: 2 } });
  });

  it("leaves no segment behind while the disk stays full", () => {
    const faults: Faults = {};
    const { log, flush, wait } = onFile(faults);
    faults.broken = true;
    for (const frame of upTo(5)) {
      wait(1000);
      log("/a", frame);
      flush();
    }
    expect(filesIn(folder)).toEqual(["run.rrd"]);
  });

  it("leaves none either where there is room for its beginning, but not for rows", async () => {
    const faults: Faults = {};
    const { log, flush, wait, close, stats } = onFile(faults);
    log("/a", 0);
    flush();
    for (const frame of upTo(5)) {
      faults.space = 400; // a second of what others free
      wait(1000);
      log("/a", frame);
      flush();
      expect(stats().sinks[0]?.state).toBe("failing");
      expect(filesIn(folder).length).toBeLessThanOrEqual(2);
    }
    expect(statSync(join(folder, "run.2.rrd")).size).toBeGreaterThan(50); // it did fit
    faults.space = undefined;
    wait(1000);
    log("/a", 7);
    flush();
    expect(await framesOf("run.2.rrd")).toEqual([7]);
    faults.broken = true;
    log("/a", 8);
    flush();
    faults.broken = false;
    faults.space = 400;
    wait(1000);
    log("/a", 9);
    close();
    expect(filesIn(folder).sort()).toEqual(["run.2.rrd", "run.rrd"]);
    expect(await framesOf("run.2.rrd")).toEqual([7]);
  });

  it("counts every row of a small file, at whatever byte the disk is full", async () => {
    const whole = onFile();
    for (const frame of upTo(2)) whole.log("/a", frame);
    whole.flush();
    const path = join(folder, "run.rrd");
    const size = statSync(path).size;
    const messages: LogMessage[] = [];
    for await (const message of (await openRrd(readFileSync(path))).messages()) messages.push(message);
    whole.close();
    for (let space = 0; space <= size; space++) {
      const { fd } = openFile(path);
      const sink = new FileSink(
        { kind: "file", path, fd, writeFooter: false },
        { files: faultyFiles({ space, shortWrites: 1 + (space % 300) }) },
      );
      for (const message of messages) sink.write(message);
      sink.close();
      releaseFile(path);
      unlockPath(path);
      const { lostRows } = sink.status;
      expect(statSync(path).size).toBeLessThanOrEqual(space);
      const reader = await openRrd(readFileSync(path));
      expect(reader.truncatedAt).toBeUndefined();
      let rows = 0;
      for await (const { numRows } of reader.chunks()) rows += numRows;
      expect(rows + lostRows).toBe(2);
    }
  });

  it("reports a file that cannot be closed: it may not be on the disk", () => {
    const faults: Faults = { brokenClose: true };
    const { log, close, stats, warnings } = onFile(faults);
    log("/a", 0);
    const { error } = close();
    expect(error).toMatchObject({ code: "ERR_RERUN_SINK", message: expect.stringMatching(/run\.rrd .*EIO/) });
    expect(warnings).toEqual([error?.message]);
    expect(stats()).toMatchObject({ rowsWritten: 1 });
    expect(filesIn(folder)).toEqual(["run.rrd"]);
  });
});

describe("fsync", () => {
  it("is not done unless asked for", () => {
    const faults: Faults = { synced: [] };
    const { log, flush, close } = onFile(faults);
    log("/a", 0);
    flush();
    close();
    expect(faults.synced).toEqual([]);
  });

  it("flush: at every flush that has something new, and at the end", () => {
    const faults: Faults = { synced: [] };
    const { log, flush, close } = onFile(faults, undefined, { fsync: "flush" });
    for (const frame of upTo(3)) {
      log("/a", frame);
      flush();
      flush();
    }
    expect(faults.synced).toHaveLength(3);
    close();
    expect(faults.synced).toHaveLength(4);
  });

  it.each(["flush", "interval"] as const)("%s: each segment at its end", (fsync) => {
    const faults: Faults = { synced: [] };
    const { log, flush, close } = onFile(faults, undefined, { fsync, rotateBytes: 3000 });
    for (const frame of upTo(20)) {
      log("/a", frame);
      if (fsync === "interval") flush();
    }
    close();
    const segments = filesIn(folder).length;
    expect(segments).toBeGreaterThan(2);
    expect(faults.synced?.length).toBeGreaterThanOrEqual(segments);
  });

  it("interval: once a second at most", () => {
    const faults: Faults = { synced: [] };
    const { log, flush, wait, close } = onFile(faults, undefined, { fsync: "interval" });
    for (const frame of upTo(40)) {
      wait(100);
      log("/a", frame);
      flush();
    }
    expect(faults.synced).toHaveLength(4);
    close();
  });

  it("that fails ends the segment: nobody knows what of it is on the disk", async () => {
    const faults: Faults = {};
    const { log, flush, wait, close, status } = onFile(faults, undefined, { fsync: "flush" });
    log("/a", 0);
    faults.brokenSync = true;
    flush();
    expect(status()).toMatchObject({ state: "failing", error: { code: "ERR_RERUN_SINK" } });
    faults.brokenSync = false;
    wait(1000);
    log("/a", 1);
    flush();
    close();
    expect(await framesOf("run.2.rrd")).toEqual([1]);
  });
});

describe("atomic", () => {
  it("leaves what is at the path until the recording is complete", async () => {
    writeFileSync(join(folder, "run.rrd"), "before");
    const { log, flush, close } = onFile({}, undefined, { isAtomic: true });
    log("/a", 1);
    flush();
    expect(readFileSync(join(folder, "run.rrd"), "utf8")).toBe("before");
    expect(await framesOf("run.rrd.part")).toEqual([1]);
    close();
    expect(filesIn(folder)).toEqual(["run.rrd"]);
    expect(await framesOf("run.rrd")).toEqual([1]);
  });

  it("renames each segment when it is full", async () => {
    const { log, close } = onFile({}, 64 << 10, { isAtomic: true });
    for (const frame of upTo(40)) log("/a", frame);
    expect(filesIn(folder).filter((name) => name.endsWith(".part"))).toHaveLength(1);
    close();
    const names = filesIn(folder);
    expect(names.length).toBeGreaterThan(1);
    expect(names.every((name) => name.endsWith(".rrd"))).toBe(true);
    expect((await Promise.all(names.map(framesOf))).flat().sort((a, b) => a - b)).toEqual(upTo(40));
  });
});

it("leaves the other sinks of a recording alone when one fails (C32)", async () => {
  const faults: Faults = {};
  const { transport, log, flush, stats, chunks } = recording({ files: { files: faultyFiles(faults) } });
  const file = { kind: "file" as const, ...openFile(join(folder, "run.rrd")), writeFooter: true };
  transport.requestSync({ type: "set-sinks", recording: 1, sinks: [file, { kind: "memory", id: 1 }] });
  faults.broken = true;
  for (const frame of upTo(10)) log("/a", frame);
  expect(flush().error).toMatchObject({ code: "ERR_RERUN_SINK" });
  expect(stats().sinks.map(({ state, lostRows }) => [state, lostRows])).toEqual([
    ["failing", 10],
    ["open", 0],
  ]);
  expect((await chunks()).flatMap(({ frames }) => frames)).toEqual(upTo(10));
  expect(stats()).toMatchObject({ rowsWritten: 10, rowsDropped: {} });
});

it("moves a recording from one file to the next: each has what was logged while it was set", async () => {
  const { log, transport, close } = onFile();
  log("/a", 1);
  const next = { kind: "file" as const, ...openFile(join(folder, "next.rrd")), writeFooter: true };
  transport.requestSync({ type: "set-sinks", recording: 1, sinks: [next] });
  log("/a", 2);
  close();
  expect(await framesOf("run.rrd")).toEqual([1]);
  expect(await framesOf("next.rrd")).toEqual([2]);
});

describe("rotation", () => {
  it("keeps a run below maxBytes, removes the oldest segments and counts their rows", async () => {
    const maxBytes = 64 << 10;
    const { log, logStatic, close, status } = onFile({}, maxBytes);
    logStatic("/static", 7);
    for (const frame of upTo(500)) log("/a", frame);
    const { removedRows = 0 } = status() ?? {};
    close();
    const names = readdirSync(folder);
    const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(maxBytes * 1.25);
    expect(existsSync(join(folder, "run.rrd"))).toBe(false);
    const kept = (await Promise.all(names.map(framesOf))).flat().sort((a, b) => a - b);
    expect(kept).toEqual(upTo(500).slice(500 - kept.length));
    expect(removedRows).toBe(501 - kept.length);
  });

  it("keeps the newest rows also when what each segment begins with is larger than maxBytes, and says so once (I3)", async () => {
    const { log, logStatic, close, status, warnings } = onFile({}, 4 << 10);
    for (const no of upTo(20)) logStatic(`/static/${no}`, no);
    for (const frame of upTo(200)) log("/a", frame);
    const { removedRows = 0 } = status() ?? {};
    close();
    const kept = (await Promise.all(filesIn(folder).map(framesOf))).flat().sort((a, b) => a - b);
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThan(200);
    expect(kept).toEqual(upTo(200).slice(-kept.length));
    expect(removedRows).toBe(220 - kept.length);
    expect(warnings).toEqual([expect.stringMatching(/run\.rrd takes .* beyond its limit .*; give it a larger limit/)]);
  });

  it("begins each segment with the latest static rows", async () => {
    const { log, logStatic, close } = onFile({}, 64 << 10);
    logStatic("/static", 1);
    for (const frame of upTo(100)) log("/a", frame);
    close();
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const chunks = await chunksOf(readFileSync(join(folder, name)));
      expect(chunks[0]).toMatchObject({ path: "/static", timelines: [] });
    }
  });

  it("begins a segment at so many bytes and keeps all of them, which open on their own (I2)", async () => {
    const rotateBytes = 20 << 10;
    const { log, close, status } = onFile({}, undefined, { rotateBytes });
    for (const frame of upTo(100)) log("/a", frame);
    close();
    const names = filesIn(folder);
    expect(names.length).toBeGreaterThan(3);
    expect((await Promise.all(names.map(framesOf))).flat().sort((a, b) => a - b)).toEqual(upTo(100));
    for (const name of names) {
      expect(statSync(join(folder, name)).size).toBeLessThan(2 * rotateBytes);
      expect((await openRrd(readFileSync(join(folder, name)))).problems).toEqual([]);
    }
    expect(status()).toBeUndefined();
  });

  it("keeps as many segments as asked for, or as many bytes", () => {
    const { log, close } = onFile({}, 80 << 10, { rotateBytes: 10 << 10 });
    for (const frame of upTo(200)) log("/a", frame);
    close();
    const sizes = filesIn(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.length).toBeGreaterThan(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual((80 << 10) + (20 << 10));
  });

  it("goes on beyond 100,000 segments, the earlier of which are gone", () => {
    const names = new SegmentNames(join(folder, "run.rrd"), false);
    names.no = 250_000;
    const { path } = names.next(() => 0);
    expect(path).toBe(join(folder, "run.250001.rrd"));
    const taken = (): number => {
      throw Object.assign(new Error("taken"), { code: "EEXIST" });
    };
    expect(() => names.next(taken)).toThrow("100000 files with names of segments");
  });

  it("does not touch a file that has the name of a segment", () => {
    writeFileSync(join(folder, "run.2.rrd"), "mine");
    const { log, close } = onFile({}, 64 << 10);
    for (const frame of upTo(40)) log("/a", frame);
    close();
    expect(readFileSync(join(folder, "run.2.rrd"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "run.3.rrd"))).toBe(true);
  });
});

describe("rotation by time", () => {
  it("begins a segment when the current one is old, and keeps as many as asked for", async () => {
    const { log, flush, wait, close, status } = onFile({}, undefined, { rotateMillis: 60_000, retain: 3 });
    for (const frame of upTo(100)) {
      wait(10_000);
      log("/a", frame);
      flush();
    }
    expect(status()?.removedRows).toBeGreaterThan(50);
    close();
    const names = filesIn(folder);
    expect(names).toHaveLength(3);
    const kept = (await Promise.all(names.map(framesOf))).flat().sort((a, b) => a - b);
    expect(kept).toEqual(upTo(100).slice(100 - kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(12);
  });

  it("makes no segment of nothing", () => {
    const { flush, wait, close } = onFile({}, undefined, { rotateMillis: 1000 });
    for (let second = 0; second < 10; second++) {
      wait(1000);
      flush();
    }
    expect(filesIn(folder)).toEqual(["run.rrd"]);
    close();
  });
});

describe("openFile (C07)", () => {
  it.each([
    ["a folder", () => folder, "it is a folder"],
    ["a missing folder", () => join(folder, "missing", "run.rrd"), "its folder does not exist"],
  ])("refuses %s in the call and says what to do", (_, path, advice) => {
    expect(() => openFile(path())).toThrow(expect.objectContaining({ code: "ERR_RERUN_FILE" }));
    expect(() => openFile(path())).toThrow(advice);
  });

  it("joins a file that is being written, so that two recordings share it", async () => {
    const first = onFile();
    first.log("/a", 1);
    first.flush();
    const { path, fd } = openFile(join(folder, "run.rrd"));
    const { transport, encoder, clock } = first;
    const store = { kind: "recording", applicationId: "app", recordingId: "second" } as const;
    transport.define({ type: "recording", no: 2, store });
    const sinks = [{ kind: "file" as const, path, fd, writeFooter: true }];
    transport.requestSync({ type: "set-sinks", recording: 2, sinks });
    const times = { timelines: [{ name: "frame", type: "sequence" as const }], values: [2n] };
    const { scalar } = await import("../pipeline/harness.ts");
    encoder.logRow(2, "/a", times, [{ spec: scalar, values: 2 }], clock.now(), 0);
    first.close();
    transport.requestSync({ type: "close", recording: 2, timeoutMillis: 1000 });
    expect(await framesOf("run.rrd")).toEqual([1, 2]);
    expect(statsOf(transport, 2)).toMatchObject({ rowsWritten: 1 });
  });
});
