import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLine } from "./console.ts";
import { cart, recordedRun } from "./recorded-run.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-inputs-"));
const run = commandLine();
const recording = join(folder, "a.rrd");
const other = join(folder, "b.rrd");
const traces = join(folder, "exported", "o.json");
const span = '[{"traceId":"1","id":"2","name":"get","timestamp":1700000000000000,"duration":5}]';

/** Names of the same file: another spelling, a link, a second entry in a folder. */
const SAME = {
  "its own name": (path: string) => path,
  "another spelling": (path: string) => `${folder}/exported/..${path.slice(folder.length)}`,
  "a symbolic link": (path: string) => `${path}.symbolic`,
  "a hard link": (path: string) => `${path}.hard`,
};

beforeAll(() => {
  mkdirSync(join(folder, "exported"));
  writeFileSync(recording, recordedRun(cart(1).spans));
  writeFileSync(other, recordedRun(cart(2).spans));
  writeFileSync(traces, span);
  for (const path of [recording, traces]) {
    symlinkSync(path, `${path}.symbolic`);
    linkSync(path, `${path}.hard`);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const VERBS = {
  convert: [traces, ["convert", traces, "-o"]],
  export: [recording, ["export", other, recording, "--to", "otlp", "-o"]],
  filter: [recording, ["filter", other, recording, "--where", "cart", "-o"]],
  merge: [recording, ["merge", other, recording, "-o"]],
  recover: [recording, ["recover", recording, "-o"]],
  view: [recording, ["view", recording, "--screenshot"]],
} as const;

describe.each(Object.entries(VERBS))("%s leaves its input alone, and names it", (_, [input, args]) => {
  it.each(Object.entries(SAME))("given as %s", async (_, nameOf) => {
    const output = nameOf(input);
    const before = readFileSync(input);
    expect(await run(...args, output)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(`otel-rerun: ${output} is `),
    });
    expect(readFileSync(input).equals(before)).toBe(true);
  });
});

it.each([
  ["a folder", join(folder, "exported")],
  ["a pattern", join(folder, "exported", "*.json")],
])("convert does not write over a file that %s holds", async (_, input) => {
  expect(await run("convert", input, "-o", traces)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining("one of the files to convert; choose another name"),
  });
  expect(readFileSync(traces, "utf8")).toBe(span);
});
