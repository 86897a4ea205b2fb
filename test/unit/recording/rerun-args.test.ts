import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  getGlobalDataRecording,
  parseRerunArgs,
  setGlobalDataRecording,
  setStrictMode,
  setupFromArgs,
} from "../../../src/index.ts";

const NONE = { headless: false, connect: false, serve: false, stdout: false };

describe("parseRerunArgs", () => {
  it.each([
    [[], NONE, []],
    [["--headless", "--save", "x.rrd"], { ...NONE, headless: true, save: "x.rrd" }, []],
    [["in.png", "--save=x.rrd", "--frames", "10"], { ...NONE, save: "x.rrd" }, ["in.png", "--frames", "10"]],
    [["--connect"], { ...NONE, connect: true }, []],
    [
      ["--url", "rerun+http://127.0.0.1:1/proxy"],
      { ...NONE, connect: true, url: "rerun+http://127.0.0.1:1/proxy" },
      [],
    ],
    [["--stdout", "--serve", "-v"], { ...NONE, stdout: true, serve: true }, ["-v"]],
    [["--", "--save", "x"], NONE, ["--", "--save", "x"]],
  ])("%j", (argv, args, rest) => {
    expect(parseRerunArgs(argv)).toEqual({ args, rest });
  });

  it.each(["--save", "--url"])("%s without its value is a typed error", (name) => {
    expect(() => parseRerunArgs(["x", name])).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
  });
});

describe("setupFromArgs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "otel-rerun-args-"));
  });
  afterEach(() => {
    setStrictMode(undefined);
    setGlobalDataRecording(undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it("makes the global recording, strict, with the sink that was asked for; teardown completes it", async () => {
    const path = join(folder, "x.rrd");
    const { recording, teardown } = await setupFromArgs("args", { ...NONE, headless: true, save: path });
    expect(getGlobalDataRecording()).toBe(recording);
    expect(() => recording.log("a", {} as never)).toThrow();
    await teardown();
    expect(statSync(path).size).toBeGreaterThan(100);
    expect(() => recording.save(path)).toThrow(expect.objectContaining({ code: "ERR_RERUN_CLOSED" }));
  });

  it("headless and nothing else: no sink, no viewer", async () => {
    const { recording, teardown } = await setupFromArgs("args", { ...NONE, headless: true });
    expect(recording.stats().sinks).toEqual([]);
    await teardown();
  });

  it("a bad address is the error of connectGrpc", async () => {
    const args = { ...NONE, connect: true, url: "http://nowhere" };
    await expect(setupFromArgs("args", args)).rejects.toMatchObject({ code: "ERR_RERUN_ARGUMENT" });
  });
});
