import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RerunError } from "../../../src/errors.ts";
import { LATER, openFile, releaseFile } from "../../../src/sinks/file/open-file.ts";
import { lockPath, mayBeWritten, unlockPath, writerOf } from "../../../src/sinks/file/path-lock.ts";
import { SinkPool } from "../../../src/sinks/sink-pool.ts";

// the real ones are taken when the module is loaded, which is what fake ones of an application are to be kept away from
vi.mock("../../../src/real-time.ts", async (original) => ({
  ...(await original<object>()),
  setInterval: (...args: Parameters<typeof setInterval>) => globalThis.setInterval(...args),
  clearInterval: (timer: NodeJS.Timeout) => globalThis.clearInterval(timer),
}));

let folder: string;
let path: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-lock-"));
  path = join(folder, "run.rrd");
  lock = join(folder, ".run.rrd.lock");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** The clock goes on; what is on the disk keeps its times. */
function later(seconds: number): void {
  const now = Date.now();
  vi.spyOn(Date, "now").mockReturnValue(now + seconds * 1000);
}

/** The text that this process writes, with another process in it. */
function lockOfProcess(pid: number | undefined): void {
  lockPath(path);
  const [name, , ...rest] = readlinkSync(lock).split(":");
  unlinkSync(lock);
  symlinkSync([name, pid, ...rest].join(":"), lock);
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

it("is one for a file and the symbolic links to it, also one to a file that is not there yet, in folders that are links", () => {
  const real = join(folder, "real");
  mkdirSync(join(real, "inner"), { recursive: true });
  symlinkSync(join(real, "inner"), join(folder, "alias"));
  symlinkSync("../run.rrd", join(real, "inner", "link.rrd")); // of the folder that it is in, not of the alias
  const first = openFile(join(folder, "alias", "link.rrd"));
  const second = openFile(join(real, "run.rrd"));
  expect([first.path, second.path]).toEqual(Array(2).fill(join(real, "run.rrd")));
  expect(readdirSync(real)).toContain(".run.rrd.lock");
  expect(mayBeWritten(join(real, "inner", "link.rrd"))).toBe(true);
  expect(releaseFile(first.path)).toBe(false);
  expect(releaseFile(second.path)).toBe(true);
  closeSync(first.fd);
  unlockPath(first.path);
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

it("takes over where the namespace and the number are those of the container before", () => {
  lockPath(path);
  const [name, pid, , ...where] = readlinkSync(lock).split(":");
  unlinkSync(lock);
  symlinkSync([name, pid, 1, ...where].join(":"), lock);
  if (process.platform === "linux") expect(lockPath(path)).toBe("taken-over");
});

it.each([
  ["another machine", (namespace: string) => `${namespace}:another-host`],
  ["another container of this machine", () => `4026530000:${hostname()}`],
])("leaves the file to a process of %s that was there in the last two minutes", (_, where) => {
  lockPath(path);
  const [name, pid, start, namespace = ""] = readlinkSync(lock).split(":");
  unlinkSync(lock);
  const theirs = [name, pid, start, where(namespace)].join(":");
  symlinkSync(theirs, lock);
  expect(lockPath(path)).toBe("in-doubt");
  expect(readlinkSync(lock)).toBe(theirs);
  expect([writerOf(path), mayBeWritten(path)]).toEqual([undefined, true]);
  later(121);
  expect(mayBeWritten(path)).toBe(false);
  expect(lockPath(path)).toBe("taken-over");
  expect(writerOf(path)).toBe(process.pid);
});

it("is kept young by the writer, also while nothing is written, and no longer than it is there", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const pool = new SinkPool(() => {});
  const spec = { kind: "file", ...openFile(path), writeFooter: true, journal: false } as const;
  pool.acquire(spec);
  const before = lstatSync(lock, { bigint: true }).ctimeNs;
  vi.advanceTimersByTime(10_000);
  expect(lstatSync(lock, { bigint: true }).ctimeNs).toBeGreaterThan(before);
  pool.release(spec);
  expect(readdirSync(folder)).toEqual(["run.rrd"]);
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});

it("openFile goes beside a file that is in doubt, and its recordings share that", () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  for (const name of [".run.rrd.lock", ".run.beside-1.rrd.lock"])
    symlinkSync("otel-rerun:1:2:3:elsewhere", join(folder, name));
  writeFileSync(path, "theirs");
  writeFileSync(join(folder, "run.beside-2.rrd"), "of one that has ended");
  const beside = join(folder, "run.beside-2.rrd");
  const first = openFile(path);
  const second = openFile(path);
  closeSync(first.fd);
  expect([first.path, second.path, second.fd]).toEqual([beside, beside, LATER]);
  expect([readFileSync(path, "utf8"), readFileSync(beside, "utf8")]).toEqual(["theirs", ""]);
  expect(warned.mock.calls.map(([message]) => message)).toEqual([
    expect.stringContaining(`so this one goes to ${beside}; `),
  ]);
  expect([releaseFile(beside), releaseFile(beside)]).toEqual([false, true]);
  unlockPath(beside);
  unlinkSync(lock);
  const third = openFile(path);
  closeSync(third.fd);
  expect(third.path).toBe(path);
  releaseFile(path);
});

it("takes a lock that is a file, as Windows has it, for one", () => {
  lockOfProcess(999_999_999);
  const text = readlinkSync(lock);
  unlinkSync(lock);
  writeFileSync(lock, text);
  lockPath(path);
  expect(readlinkSync(lock)).toContain(`:${process.pid}:`);
});

it("does without where the folder cannot be written; opening the file tells", () => {
  lockPath(join(folder, "missing", "run.rrd"));
});

it("leaves the lock of another process alone", () => {
  symlinkSync("otel-rerun:1:2:3:elsewhere", lock);
  unlockPath(path);
  expect(readlinkSync(lock)).toBe("otel-rerun:1:2:3:elsewhere");
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
