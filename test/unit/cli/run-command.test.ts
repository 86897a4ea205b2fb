import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { COMMANDS, runCommand } from "../../../src/cli/run-command.ts";

let out = "";
let err = "";
beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

it.each([[[]], [["--help"]], [["help"]]])("lists the verbs for %j", async (args) => {
  expect(await runCommand(args)).toBe(0);
  for (const { name, summary } of COMMANDS) expect(out).toContain(`  ${name.padEnd(9)}${summary}\n`);
  expect(out).toContain("Exit codes: 0 done");
});

it("explains each verb with an example, in lines that a terminal has", async () => {
  for (const { name } of COMMANDS) {
    out = "";
    expect(await runCommand([name, "--help"])).toBe(0);
    expect(out).toContain(`\n  otel-rerun ${name} `);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(140);
    const help = out;
    out = "";
    expect(await runCommand(["help", name])).toBe(0);
    expect(out).toBe(help);
  }
});

it("does not take the --help of the program that is recorded for its own", async () => {
  expect(await runCommand(["record", "--", "no-such-program-anywhere", "--help"])).toBe(1);
  expect(err).toContain("cannot be started");
});

it.each([
  [["vew"], "did you mean otel-rerun view?"],
  [["frobnicate"], "--help lists what there is"],
  [["package.json"], "otel-rerun view package.json"],
  [["view", "test"], "there is no recording in test; make one: otel-rerun record -- node app.js"],
  [["print"], "print needs"],
  [["print", "a", "b"], "otel-rerun merge"],
  [["record", "node", "app.js"], "otel-rerun record -- node app.js"],
  [["export", "a.rrd", "--to", "pdf"], "--to html, md, otlp, chrome-trace"],
  [["export", "a.rrd", "--to", "html"], "--trace or --where"],
  [["filter", "a.rrd", "--where", "x"], "-o"],
  [["view", "a.rrd", "--prot", "1"], "there is no option --prot; did you mean --port?"],
  [["view", "a.rrd", "--frobnicate"], "there is no option --frobnicate\n"],
  [["view", "a.rrd", "--port"], "--port"],
  [["view", "a.rrd", "--sample"], "--sample is a recording itself"],
  [["view", "a.rrd", "--native", "--screenshot", "a.png"], "--native opens a window of its own"],
  [["view", "a.rrd", "--port", "http"], "not http"],
  [["merge", "a.rrd"], "-o"],
  [["merge", "-o", "b.rrd"], "merge needs"],
])("answers %j with exit code 2 and what is wrong", async (args, message) => {
  expect(await runCommand(args)).toBe(2);
  expect(err).toContain(message);
});

it("answers a file that cannot be read with exit code 1 and its name", async () => {
  expect(await runCommand(["view", "missing.rrd"])).toBe(1);
  expect(err).toMatch(/^otel-rerun: missing\.rrd cannot be read/);
});

it("answers telemetry of another tool with the line that makes a recording of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-foreign-"));
  const file = join(folder, "traces.json");
  writeFileSync(file, '{"resourceSpans":[{"scopeSpans":[]}]}');
  for (const verb of ["print", "stats", "verify", "recover"]) {
    err = "";
    expect(await runCommand([verb, file])).toBe(1);
    expect(err).toContain(`otel-rerun convert ${file} -o run.rrd`);
  }
  err = "";
  writeFileSync(file, "hello");
  expect(await runCommand(["print", file])).toBe(1);
  expect(err).not.toContain("convert");
  rmSync(folder, { recursive: true });
});
