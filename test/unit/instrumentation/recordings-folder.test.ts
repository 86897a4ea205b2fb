import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { prepareFolder, pruneRuns } from "../../../instrumentation/run/recordings-folder.ts";
import { besidePath, isSegmentOf, runName, runOf } from "../../../instrumentation/run/run-name.ts";
import { lockPath, unlockPath } from "../../../src/sinks/file/path-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-folder-"));
});

/** A file of a run that was written to `hours` ago. */
function write(name: string, hours: number, bytes = 100): void {
  const path = join(folder, name);
  writeFileSync(path, "RRF2".padEnd(bytes, "x"));
  const at = Date.now() / 1000 - hours * 3600;
  utimesSync(path, at, at);
}
const run = (hour: number, pid: number) => runName(new Date(Date.UTC(2026, 10, 23, hour, 15)), "shop", pid);
const left = () => readdirSync(folder).sort();

describe("names", () => {
  it("hold time, service and process id, and are known again", () => {
    const name = runName(new Date("2026-11-23T10:15:00.123Z"), "my shop/é", 4711);
    expect(name).toBe("20261123T101500Z-my_shop-4711");
    for (const file of [
      `${name}.rrd`,
      `${name}.2.rrd`,
      besidePath(`${name}.rrd`, 12),
      besidePath(`${name}.rrd`, 12).replace(".rrd", ".3.rrd"),
    ]) {
      expect(runOf(file), file).toBe(name);
    }
  });

  it("of others are not taken for ours", () => {
    for (const file of [
      "run.rrd",
      "20261123T101500Z-shop-4711 (keep).rrd",
      "20261123T101500Z-shop-4711.rrd.bak",
      "x20261123T101500Z-shop-4711.rrd",
      ".gitignore",
    ]) {
      expect(runOf(file), file).toBe(undefined);
    }
  });

  it("tell segments of a file from those of its children", () => {
    expect(
      ["a.rrd", "a.2.rrd", "a.12.rrd", "a.12-0123abcd.rrd", "ab.rrd", "a.txt"].filter((file) =>
        isSegmentOf(file, "a.rrd"),
      ),
    ).toEqual(["a.rrd", "a.2.rrd", "a.12.rrd"]);
  });
});

describe("the folder (I12)", () => {
  it("is private and ignored by git", () => {
    const made = join(folder, "a/recordings");
    prepareFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(made, ".gitignore"), "utf8")).toBe("*\n");
    expect(statSync(join(made, ".gitignore")).mode & 0o777).toBe(0o600);
    prepareFolder(made); // again
  });

  it("is left as it is when it was there with other things in it", () => {
    writeFileSync(join(folder, "song.mp3"), "");
    prepareFolder(folder);
    expect(left()).toEqual(["song.mp3"]);
  });

  it("that cannot be made throws", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => prepareFolder(join(folder, "file/recordings"))).toThrow();
  });
});

describe("retention", () => {
  it("keeps the newest runs with all their segments", () => {
    for (let hour = 1; hour <= 5; hour++) {
      write(`${run(hour, 7)}.rrd`, 10 - hour);
      write(`${run(hour, 7)}.12-0123abcd.rrd`, 10 - hour);
    }
    pruneRuns(folder, { keep: 3, maxBytes: 1e9, current: run(5, 7) });
    expect(left()).toEqual([3, 4, 5].flatMap((hour) => [`${run(hour, 7)}.12-0123abcd.rrd`, `${run(hour, 7)}.rrd`]));
  });

  it("keeps at most so many bytes beside the current run", () => {
    for (let hour = 1; hour <= 4; hour++) write(`${run(hour, 7)}.rrd`, 10 - hour, 1000);
    pruneRuns(folder, { keep: 20, maxBytes: 2500, current: run(4, 7) });
    expect(left()).toEqual([2, 3, 4].map((hour) => `${run(hour, 7)}.rrd`));
  });

  it("goes by the last write, so that a server from long ago stays while it runs", () => {
    write(`${run(1, 7)}.rrd`, 0);
    write(`${run(2, 8)}.rrd`, 3);
    write(`${run(3, 9)}.rrd`, 2);
    pruneRuns(folder, { keep: 1, maxBytes: 0, current: run(3, 9) });
    expect(left()).toEqual([`${run(1, 7)}.rrd`, `${run(3, 9)}.rrd`]);
  });

  it("leaves a run alone whose process was stopped for longer than a run is silent", () => {
    const [stopped, killed, newest] = [run(1, 7), run(2, 8), run(3, 9)];
    lockPath(join(folder, `${stopped}.rrd`));
    // its first segment had to go, the lock is that of the first
    write(`${stopped}.2.rrd`, 5);
    write(`${killed}.rrd`, 5);
    pruneRuns(folder, { keep: 1, maxBytes: 0, current: newest });
    expect(left()).toEqual([`.${stopped}.rrd.lock`, `${stopped}.2.rrd`]);
    unlockPath(join(folder, `${stopped}.rrd`));
    pruneRuns(folder, { keep: 1, maxBytes: 0, current: newest });
    expect(left()).toEqual([]);
  });

  it("removes nothing that we did not write", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "otel-rerun-elsewhere-"));
    writeFileSync(join(elsewhere, "precious"), "RRF2");
    symlinkSync(join(elsewhere, "precious"), join(folder, `${run(1, 1)}.rrd`));
    mkdirSync(join(folder, `${run(2, 1)}.rrd`));
    write("holiday.rrd", 99);
    write("notes.txt", 99);
    write(`${run(3, 1)}.rrd`, 99);
    writeFileSync(join(folder, `${run(3, 1)}.rrd`), "not a recording");
    utimesSync(join(folder, `${run(3, 1)}.rrd`), 1, 1);
    const before = left();
    pruneRuns(folder, { keep: 1, maxBytes: 0, current: undefined });
    expect(left()).toEqual(before);
    expect(existsSync(join(elsewhere, "precious"))).toBe(true);
  });

  it("does not throw when the folder is gone", () => {
    pruneRuns(join(folder, "gone"), { keep: 1, maxBytes: 0, current: undefined });
  });
});
