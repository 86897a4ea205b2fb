import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RerunError } from "../../../src/errors.ts";
import { lockPath, unlockPath } from "../../../src/sinks/path-lock.ts";

let folder: string;
let path: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-lock-"));
  path = join(folder, "run.rrd");
  lock = join(folder, ".run.rrd.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The text that this process writes, with another process in it. */
function lockOfProcess(pid: number | undefined): void {
  lockPath(path);
  const [name, , start] = readlinkSync(lock).split(":");
  unlinkSync(lock);
  symlinkSync([name, pid, start, hostname()].join(":"), lock);
}

it("refuses a file that is being written, and says by whom and what to do", () => {
  lockPath(path);
  const refused = expect.objectContaining({ code: "ERR_RERUN_PATH_IN_USE" });
  expect(() => lockPath(path)).toThrow(refused);
  expect(() => lockPath(path)).toThrow(`process ${process.pid} is writing`);
  expect(() => lockPath(path)).toThrow(RerunError);
  unlockPath(path);
  lockPath(path);
  unlockPath(path);
  expect(readdirSync(folder)).toEqual([]);
});

it("takes over what a killed process left", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  lockOfProcess(pid);
  lockPath(path);
  expect(readlinkSync(lock)).toContain(`:${process.pid}:`);
});

it("takes over when another process has the number by now", async () => {
  const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  await once(other, "spawn");
  lockOfProcess(other.pid); // with the start of this process
  if (process.platform === "linux") lockPath(path);
  else expect(() => lockPath(path)).toThrow(expect.objectContaining({ code: "ERR_RERUN_PATH_IN_USE" }));
  other.kill();
});

it("takes over in a container that was started again under the number of the one before", () => {
  symlinkSync(`otel-rerun:${process.pid}:1:another-host`, lock);
  lockPath(path);
  unlockPath(path);
  symlinkSync(`otel-rerun:${process.pid}:1:${hostname()}`, lock);
  if (process.platform === "linux") lockPath(path);
});

it("takes a lock that is a file, as Windows has it, for one", () => {
  writeFileSync(lock, "otel-rerun:999999999::nowhere");
  lockPath(path);
  expect(readlinkSync(lock)).toContain(`:${process.pid}:`);
});

it("does without where the folder cannot be written; opening the file tells", () => {
  lockPath(join(folder, "missing", "run.rrd"));
});

it("leaves the lock of another process alone", () => {
  symlinkSync("otel-rerun:1:2:elsewhere", lock);
  unlockPath(path);
  expect(readlinkSync(lock)).toBe("otel-rerun:1:2:elsewhere");
});

it("makes no new file for a lock beside another of ours, and is not held by its end", () => {
  const second = join(folder, ".second.rrd.lock");
  lockPath(path);
  lockPath(join(folder, "second.rrd"));
  const isLink = process.platform === "linux";
  if (isLink) expect(lstatSync(second).ino).toBe(lstatSync(lock).ino);
  unlockPath(path);
  expect(() => lockPath(join(folder, "second.rrd"))).toThrow(
    expect.objectContaining({ code: "ERR_RERUN_PATH_IN_USE" }),
  );
  unlockPath(join(folder, "second.rrd"));
  lockPath(path); // the newest of ours is gone
  expect(readdirSync(folder)).toEqual([".run.rrd.lock"]);
});
