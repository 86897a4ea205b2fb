import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { spansIn } from "../bridges/converted.ts";
import { commandLine } from "./console.ts";

const run = commandLine();
const root = mkdtempSync(join(tmpdir(), "convert-"));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(root, String(++count));
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A file with one Zipkin span. */
function zipkin(name: string, traceId: string, id: string, part: object = {}): string {
  const path = join(folder, name);
  const span = { traceId, id, name: "get", timestamp: 1_700_000_000_000_000, duration: 5, ...part };
  writeFileSync(path, JSON.stringify([{ localEndpoint: { serviceName: "shop" }, ...span }]));
  return path;
}

it("makes one recording of a file, and says what is in it", async () => {
  const output = join(folder, "deep/run.rrd");
  const { exitCode, out } = await run("convert", zipkin("a.json", "1", "2"), "-o", output);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^1 trace, 1 span {2}of shop\n/);
  expect(out).toContain(output);
  expect(readdirSync(join(folder, "deep"))).toEqual(["run.rrd"]);
  expect(await spansIn(output)).toHaveLength(1);
});

it("puts a trace together that is spread over files of a folder, and reads patterns", async () => {
  zipkin("a.json", "1", "2");
  zipkin("b.txt", "1", "3", { parentId: "2" });
  zipkin(".hidden", "9", "9");
  const output = join(folder, "run.rrd");
  for (const input of [folder, join(folder, "*.*")]) {
    const { exitCode, out } = await run("convert", input, "-o", output, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ traces: 1, spans: 2, skipped: 0, output });
    rmSync(output);
  }
});

it("makes a recording for each trace", async () => {
  const inputs = [zipkin("a.json", "1", "2"), zipkin("b.json", "a/../b", "3")];
  const output = join(folder, "traces");
  expect(await run("convert", ...inputs, "--per", "trace", "-o", output)).toMatchObject({ exitCode: 0 });
  expect(readdirSync(output).sort()).toEqual(["00000000000000000000000000000001.rrd", "a_b.rrd"]);
});

it("tells what it left out, with its place, by exit code 3", async () => {
  const good = zipkin("a.json", "1", "2");
  const bad = join(folder, "b.json");
  writeFileSync(bad, "no JSON");
  const { exitCode, out } = await run("convert", good, bad, "-o", join(folder, "run.rrd"));
  expect(exitCode).toBe(3);
  expect(out).toMatch(/left out: 1\n {2}.*b\.json: line 1, column 1: this is no JSON/);
});

it("leaves no file when there is nothing in it", async () => {
  const bad = join(folder, "b.json");
  writeFileSync(bad, "[]");
  const { exitCode, err } = await run("convert", bad, "-o", join(folder, "run.rrd"));
  expect(exitCode).toBe(1);
  expect(err).toContain("b.json: there are no spans");
  expect(readdirSync(folder)).toEqual(["b.json"]);
});

it.each([
  [["convert", "missing.json", "-o", "x.rrd"], 1, "missing.json does not exist"],
  [["convert", "missing/*.json", "-o", "x.rrd"], 1, "no file matches"],
  [["convert", "a.json", "--per", "span"], 2, "--per takes trace"],
  [["serve", "--per", "span"], 2, "--per takes service or trace"],
  [["serve", "--http-port", "http"], 2, "not http"],
  [["serve", "--max-bytes", "lots"], 2, "like 500mb"],
])("answers %j with exit code %d and what is wrong", async (args, exitCode, message) => {
  const printed = await run(...args);
  expect(printed).toMatchObject({ exitCode, err: expect.stringContaining(message) });
  expect(existsSync("x.rrd")).toBe(false);
});
