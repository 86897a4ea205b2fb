import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { commandLine } from "./console.ts";
import { cart, recordedRun } from "./recorded-run.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-pipes-"));
const file = join(folder, "run.rrd");
const run = commandLine();
beforeAll(() => writeFileSync(file, recordedRun(cart(1).spans, cart(1).logs)));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command with bytes coming through the pipe, in pieces. */
async function piped(bytes: Uint8Array, ...args: string[]) {
  const stdin = Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]);
  vi.spyOn(process, "stdin", "get").mockReturnValue(stdin as unknown as typeof process.stdin);
  return run(...args);
}

it.each([
  [["print", "--spans"], "GET /stock"],
  [["print"], "/spans"],
  [["stats"], "1 trace, 4 spans"],
  [["verify"], "standard input"],
  [["export", "--to", "md", "--where", "cart"], "# GET /cart"],
  [["filter", "--where", "cart", "-o", join(folder, "cut.rrd")], "1 trace"],
  [["recover", "-o", join(folder, "whole.rrd")], "nothing was lost"],
  [["merge", "-o", join(folder, "merged.rrd")], "1 file joined"],
  [["diff", file], "GET /cart"],
])("%j reads a pipe", async (args, expected) => {
  const { exitCode, out, err } = await piped(readFileSync(file), ...args, "-");
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toContain(expected);
});

it("says what an empty pipe and one with something else are", async () => {
  expect(await piped(new Uint8Array(0), "stats", "-")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("standard input is empty; give it a recording"),
  });
  expect(await piped(Buffer.from("hello ".repeat(50)), "print", "-")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("standard input is no recording; a recording ends in .rrd"),
  });
});
