import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { blackBox } from "../../../instrumentation/run/black-box.ts";
import { absolutePath, filePath } from "../../../src/file-path.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let folder: string;
beforeEach(() => {
  transport = useFakeTransport();
  folder = mkdtempSync(join(tmpdir(), "file-path-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it("a path is a string or a file: URL", () => {
  expect(filePath("save", "run.rrd")).toBe("run.rrd");
  expect(filePath("save", pathToFileURL("/a b/run.rrd"))).toBe("/a b/run.rrd");
  expect(absolutePath("save", "run.rrd")).toBe(join(process.cwd(), "run.rrd"));
});

it.each([undefined, null, 5, "", "a\0b", new URL("http://localhost/run.rrd")])("%j is none", (path) => {
  const error = expect.objectContaining({
    code: "ERR_RERUN_ARGUMENT",
    message: expect.stringMatching(/^save needs the path/),
  });
  expect(() => new RecordingStream("a").save(path as string)).toThrow(error);
  expect(transport.commands).toEqual([]);
});

it("a working folder that was removed is an error of ours, and nothing to a path from the root on", () => {
  vi.spyOn(process, "cwd").mockImplementation(() => {
    throw Object.assign(new Error("uv_cwd"), { code: "ENOENT" });
  });
  const rec = new RecordingStream("a");
  expect(() => rec.save("run.rrd")).toThrow(expect.objectContaining({ code: "ERR_RERUN_FILE" }));
  rec.save(join(folder, "run.rrd"));
  blackBox({ recording: rec, dumpOn: [] })[Symbol.dispose]();
  expect(transport.commands.map(({ type }) => type)).toEqual(["set-sinks", "set-sinks", "set-sinks"]);
});
