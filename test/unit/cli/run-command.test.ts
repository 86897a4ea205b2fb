import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { COMMANDS, runCommand } from "../../../src/cli/run-command.ts";
import { cart, recordedRun } from "./recorded-run.ts";

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
  [["help", "vew"], "did you mean otel-rerun view?"],
  [["--verison"], "did you mean otel-rerun --version?"],
  [["serve", "run.rrd"], "-o names the recording"],
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
  [["print", "a.rrd", "--where", "duration > 10"], "the expression is wrong at column 12"],
  [["filter", "a.rrd", "--where", "status =", "-o", "b.rrd"], "the expression is wrong at column"],
  [["export", "a.rrd", "--to", "otlp", "--where", 'name ~ "("'], "the expression is wrong at column"],
  [["print", "a.rrd", "--limit", "-1"], "--limit takes a number from 1 on, not -1"],
  [["filter", "a.rrd", "--where", "x", "-o", "b.rrd", "--waterfalls", "-1"], "takes a number from 0 on, not -1"],
  [["clean", "test", "--keep", "-1"], "--keep takes a number of runs from 0 on, not -1"],
  [["record", "--keep", "-1", "--", "node"], "--keep takes a number of runs from 1 on, not -1"],
  [["view", "a.rrd", "--port", "-1"], "--port takes a number from 0 to 65535, not -1"],
  [["merge", "a.rrd"], "-o"],
  [["merge", "-o", "b.rrd"], "merge needs"],
])("answers %j with exit code 2 and what is wrong", async (args, message) => {
  expect(await runCommand(args)).toBe(2);
  expect(err).toContain(message);
});

it("names the newest recording in recordings, where the folder that was named has none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-newest-"));
  const before = process.cwd();
  mkdirSync(join(folder, "recordings"));
  for (const [name, at] of [
    ["20260101T000000Z-shop-1.rrd", 1],
    ["20260102T000000Z-shop-2.rrd", 2],
  ] as const) {
    writeFileSync(join(folder, "recordings", name), "RRF2");
    utimesSync(join(folder, "recordings", name), at, at);
  }
  process.chdir(folder);
  try {
    expect(await runCommand(["print", "nosuch.rrd"])).toBe(1);
  } finally {
    process.chdir(before);
  }
  expect(err).toBe(
    `otel-rerun: there is no file nosuch.rrd; the newest recording in recordings is ${join("recordings", "20260102T000000Z-shop-2.rrd")}\n`,
  );
});

describe("what is no recording", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-odd-"));
  const path = (name: string) => join(folder, name);
  const inputs = {
    "missing.rrd": { content: undefined, says: /there is no file .*missing\.rrd; there (is|are) .*\.rrd/ },
    "god.rrd": { content: undefined, says: /there is no file .*god\.rrd; did you mean .*good\.rrd\?/ },
    folder: { content: "folder", says: /is a folder; name a file in it: there is .*inner\.rrd/ },
    "empty.rrd": { content: "", says: /is empty: nothing was recorded in it, or not yet; make a recording/ },
    "no.json": { content: '{"a":1}', says: /is no recording; a recording ends in \.rrd: otel-rerun record makes one/ },
    "text.rrd": { content: "hello", says: /is no recording; a recording ends in \.rrd/ },
    "picture.png": { content: "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", says: /is no recording; a recording ends in \.rrd/ },
    "traces.json": {
      content: '{"resourceSpans":[{"scopeSpans":[]}]}',
      says: /another tool.*otel-rerun convert .* -o run\.rrd/,
    },
  };
  beforeAll(() => {
    for (const [name, { content }] of Object.entries(inputs)) {
      if (content === "folder") mkdirSync(path(name));
      else if (content !== undefined) writeFileSync(path(name), content, "latin1");
    }
    for (const name of ["good.rrd", "folder/inner.rrd"]) writeFileSync(path(name), "RRF2");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const verbs = [
    ["print"],
    ["stats"],
    ["verify"],
    ["recover"],
    ["view"],
    ["diff"],
    ["merge", "-o", path("out.rrd")],
    ["filter", "--where", "cart", "-o", path("out.rrd")],
    ["export", "--to", "otlp", "-o", path("out.json")],
  ];

  it.each(Object.entries(inputs))(
    "%s: every verb says what it is and what to do, by exit code 1",
    async (name, { says }) => {
      for (const verb of verbs) {
        if (verb[0] === "view" && name === "folder") continue; // opens its newest run
        err = "";
        const files = verb[0] === "diff" ? [path(name), path(name)] : [path(name)];
        expect([verb[0], await runCommand([...verb, ...files])]).toEqual([verb[0], 1]);
        expect(err).toMatch(says);
      }
      expect(existsSync(path("out.rrd")) || existsSync(path("out.json"))).toBe(false);
    },
  );

  it.each([
    [["missing.json"], "does not exist; give files, folders, patterns in quotes, or - for a pipe"],
    [["folder"], "there are no files to convert"],
    [["empty.rrd"], "this is empty"],
    [["good.rrd"], "otel-rerun view"],
    [["no.json"], "JSON, but not telemetry"],
    [["picture.png"], "neither JSON nor OTLP protobuf"],
  ])("convert %j says so too", async ([name], message) => {
    expect(await runCommand(["convert", path(name as string), "-o", path("out.rrd")])).toBe(1);
    expect(err).toContain(message);
    expect(existsSync(path("out.rrd"))).toBe(false);
  });

  it.each([
    [["export", "--to", "otlp", "-o", path("nowhere/out.json")]],
    [["recover", "-o", path("nowhere/out.rrd")]],
    [["merge", "-o", path("text.rrd/out.rrd")]],
    [["filter", "--trace", "ca1", "-o", path("text.rrd/out.rrd")]],
  ])("%j: what cannot be written is an error with a next step", async (verb) => {
    writeFileSync(path("run.rrd"), recordedRun(cart(1).spans));
    expect(await runCommand([...verb, path("run.rrd")])).toBe(1);
    expect(err).toMatch(/^otel-rerun: .*; name (a file in a folder|another file or folder)/);
  });
});
