import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runCommand } from "../../../src/cli/run-command.ts";

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
  expect(out).toMatch(/^ {2}view +\w.*\n {2}merge +\w/m);
});

it("explains each verb with an example", async () => {
  for (const verb of ["view", "merge"]) expect(await runCommand([verb, "--help"])).toBe(0);
  expect(out).toContain("otel-rerun view recordings/run.rrd");
  expect(out).toContain("otel-rerun merge ");
});

it.each([
  [["vew"], "there is no vew"],
  [["view"], "view needs"],
  [["view", "a.rrd", "--prot", "1"], "--prot"],
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
