import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { configureRedaction } from "../../../instrumentation/redaction-options.ts";
import { progressOf } from "../../../src/cli/convert/progress.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
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

describe("secrets", () => {
  const secrets = () =>
    zipkin("a.json", "1", "2", {
      tags: { "http.url": "http://shop/?id=7&key=8", "user.password": "hunter2", "customer.iban": "DE00", page: "9" },
    });
  afterEach(() => {
    delete processState().hooks.redact;
    configureRedaction({});
  });
  const attributesAfter = async (...options: string[]) => {
    const output = join(folder, "run.rrd");
    expect(await run("convert", secrets(), "-o", output, ...options)).toMatchObject({ exitCode: 0 });
    return (await spansIn(output))[0]?.attributes;
  };

  const clean = { "user.password": "REDACTED", "http.url": "http://shop/?id=REDACTED&key=REDACTED", page: "9" };

  it("are taken out as recording does it (I12)", async () => {
    expect(await attributesAfter()).toMatchObject({ ...clean, "customer.iban": "DE00" });
  });

  it("are taken out of files of single traces, too (I12)", async () => {
    const output = join(folder, "traces");
    expect(await run("convert", secrets(), "-o", output, "--per", "trace")).toMatchObject({ exitCode: 0 });
    const [file] = readdirSync(output);
    const { out } = await run("print", join(output, file as string), "--spans", "--json");
    expect(JSON.parse(out).spans[0].attributes).toMatchObject(clean);
  });

  it("stay with --no-redact, which wants no other option of the kind", async () => {
    expect(await attributesAfter("--no-redact")).toMatchObject({
      "user.password": "hunter2",
      "http.url": "http://shop/?id=7&key=8",
    });
    expect(await run("convert", secrets(), "--no-redact", "--keep-query", "id")).toMatchObject({ exitCode: 2 });
  });

  it("are those of --redact-keys too, and what --keep-query names is none", async () => {
    expect(await attributesAfter("--redact-keys", "iban, phone", "--keep-query", "id")).toMatchObject({
      "customer.iban": "REDACTED",
      "http.url": "http://shop/?id=7&key=REDACTED",
    });
  });
});

it("shows a bar with rate and time left, on a terminal only and for files that take a while", () => {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 100 }) as unknown as WriteStream;
  const shown = (stream: WriteStream, total: number) => {
    const progress = progressOf(total, stream);
    progress.add(total / 2);
    progress.stop();
    return String((stream as unknown as PassThrough).read() ?? "");
  };
  expect(shown(terminal(), 1e9)).toMatch(/0 % {2}0 B of 1\.00 GB.*\/s {2}.* left/);
  expect(shown(terminal(), 1000)).toBe("");
  expect(shown(Object.assign(terminal(), { isTTY: false }), 1e9)).toBe("");
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
