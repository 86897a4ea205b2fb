import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const fixture = fileURLToPath(new URL("../../fixtures/recording/exit.ts", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-exit-"));
  const bundle = await rolldown({ input: fixture, platform: "node", logLevel: "silent" });
  await bundle.write({ dir: folder, entryFileNames: "exit.cjs", chunkFileNames: "[name].cjs", format: "cjs" });
  await bundle.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runIn(mode: string) {
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [join(folder, "exit.cjs")], {
    env: { ...process.env, MODE: mode, RERUN: "", NODE_OPTIONS: "" },
    encoding: "utf8",
    timeout: 20_000,
  });
  return { lines: stdout.trim().split("\n"), stderr, status, signal };
}

function run(mode: string) {
  const { lines, status, signal } = runIn(mode);
  return { lines, status, signal };
}

describe("no row is lost (I4)", () => {
  it("on a natural end, which flushes first and closes behind all listeners", () => {
    expect(run("end")).toEqual({ lines: ["row 1", "row 2", "flush", "row 3", "close"], status: 0, signal: null });
  });

  it("on process.exit", () => {
    expect(run("exit")).toEqual({ lines: ["row 1", "row 2", "row 3", "close"], status: 3, signal: null });
  });

  it("on process.exit in the tick that added an exit listener which logs", () => {
    const { lines, status } = run("exit-late-listener");
    expect(lines.filter((line) => line.startsWith("row"))).toEqual(["row 1", "row 2", "row 3", "row 4"]);
    expect(lines.at(-1)).toBe("close");
    expect(status).toBe(4);
  });

  it("on process.exit in an exit listener before ours", () => {
    expect(run("exit-in-exit")).toEqual({ lines: ["row 1", "row 2", "row 4", "close"], status: 5, signal: null });
    const { lines, status } = run("end-exit-in-exit");
    expect([...lines, status]).toEqual(["row 1", "row 2", "flush", "close", 5]);
  });

  it("on an error in an exit listener before ours", () => {
    expect(run("throw-in-exit")).toEqual({ lines: ["row 1", "row 2", "row 4", "close"], status: 4, signal: null });
  });

  it("on an error in an exit listener that a handler survives", () => {
    const { lines, status } = run("throw-in-exit-handled");
    expect(lines).toEqual(["row 1", "row 2", "row 4", "flush", "row 5", "flush", "flush", "close"]);
    expect(status).toBe(4);
  });

  it("on process.exit after all listeners were removed", () => {
    expect(run("no-listeners")).toEqual({ lines: ["row 1", "row 2", "close"], status: 4, signal: null });
  });

  it("on an error in a handler of uncaught errors, after which Node emits no exit", () => {
    expect(run("throw-in-handler")).toEqual({
      lines: ["row 1", "row 2", "flush", "row 4", "flush"],
      status: 7,
      signal: null,
    });
  });

  it("on an uncaught error that is handled, which costs no flush later", () => {
    expect(run("handled")).toEqual({
      lines: ["row 1", "row 2", "flush", "row 4", "flush", "row 5", "flush", "row 3", "close"],
      status: 0,
      signal: null,
    });
  });

  it.each(["throw", "reject"])("on an uncaught error: %s", (mode) => {
    expect(run(mode)).toEqual({
      lines: ["row 1", "row 2", "flush", "row 3", "flush", "close"],
      status: 1,
      signal: null,
    });
  });

  it("on a signal that nobody else handles, and the process dies of it", () => {
    expect(run("signal")).toEqual({ lines: ["row 1", "row 2", "close"], status: null, signal: "SIGTERM" });
  });

  it("on process.exit in the tick of a warning, which is said all the same, and never twice (I3)", () => {
    expect(runIn("warned-exit").stderr).toBe("otel-rerun: rows are lost\n");
    expect(runIn("warned").stderr.match(/rows are lost/g)).toHaveLength(1);
  });

  it("on a signal that comes again while all is saved", () => {
    expect(run("signal-again")).toEqual({ lines: ["row 1", "row 2", "close"], status: null, signal: "SIGTERM" });
    const { lines, status } = run("signal-handled-again");
    expect(lines.slice(0, 3)).toEqual(["row 1", "row 2", "flush"]);
    expect(lines.slice(-2)).toEqual(["row 3", "close"]);
    expect(status).toBe(5);
  });

  it("on a signal that the application handles: it lives on, records on, and dies of the next one", () => {
    expect(run("signal-handled")).toEqual({
      lines: ["row 1", "row 2", "flush", "row 5", "close"],
      status: null,
      signal: "SIGTERM",
    });
  });
});
