import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");
const DIST = join(plain, "node_modules/otel-rerun/dist");
const REQUIRE = ["--require", join(DIST, "register.cjs")];
const IMPORT = ["--import", join(DIST, "register.mjs")];

/** Runs a program whose settings leave `register` no room; it says that it was there, and ends as it would by itself. */
async function run(args: readonly string[], before: string, env: Record<string, string> = {}) {
  const folder = freshFolder();
  const program = join(folder, "program.cjs");
  writeFileSync(program, `${before}\nconsole.log("alive"); process.exitCode = 3;`);
  const { status, stdout, stderr } = await node(folder, [...args, program], env);
  return { status, stdout, stderr };
}

describe("register never stops the application (I1)", () => {
  it.each([
    ["console cannot be changed", [], "Object.freeze(console);"],
    ["prototypes cannot be changed", [], "Object.freeze(require('node:http').ServerResponse.prototype);"],
    ["no global can be added", [], "Object.preventExtensions(globalThis);"],
    ["the process object cannot be changed", [], "Object.freeze(process);"],
    [
      "variables throw",
      [],
      "process.env = new Proxy({}, { get(_, name) { if (/RERUN/.test(name)) throw new Error('hands off'); } });",
    ],
  ])("where %s", async (_, args, before) => {
    const { status, stdout, stderr } = await run(args, `${before} require(${JSON.stringify(REQUIRE[1])});`);
    expect([status, stdout]).toEqual([3, "alive\n"]);
    expect(stderr).not.toContain("    at ");
  });

  it.each([
    ["--frozen-intrinsics and --require", ["--frozen-intrinsics", ...REQUIRE], {}],
    ["--frozen-intrinsics and --import", ["--frozen-intrinsics", ...IMPORT], {}],
    ["an announcement of a parent that says nothing", REQUIRE, { OTEL_RERUN_PARENT: '{"applicationId":""}' }],
  ])("with %s", async (_, args, env) => {
    const { status, stdout, stderr } = await run(args, "", env);
    expect([status, stdout]).toEqual([3, "alive\n"]);
    expect(stderr).not.toContain("    at ");
  });

  it.each([REQUIRE, IMPORT])("in a folder that is gone: %s %s", async (...args) => {
    const folder = freshFolder();
    const [gone, temporary, program] = [join(folder, "gone"), join(folder, "tmp"), join(folder, "program.cjs")];
    mkdirSync(gone);
    mkdirSync(temporary);
    writeFileSync(program, 'console.log("alive"); process.exitCode = 3;');
    const parent = `process.chdir(${JSON.stringify(gone)}); require("node:fs").rmdirSync(${JSON.stringify(gone)});
      const { spawnSync } = require("node:child_process");
      const { status } = spawnSync(process.execPath, ${JSON.stringify([...args, program])}, { stdio: "inherit" });
      process.exitCode = status;`;
    const { status, stdout, stderr } = await node(folder, ["-e", parent], { TMPDIR: temporary });
    expect([status, stdout], stderr).toEqual([3, "alive\n"]);
    expect(stderr).toContain(`recording to ${join(temporary, "otel-rerun-")}`);
  });

  // a file system that says of a folder which cannot be made that it is not there
  it.skipIf(process.platform !== "linux")("with a file in a folder that /proc does not make", async () => {
    const temporary = freshFolder();
    const env = { OTEL_RERUN_FILE: "/proc/x/y/run.rrd", TMPDIR: temporary };
    const { status, stdout, stderr } = await node(
      freshFolder(),
      [...REQUIRE, "-e", "console.log('alive')"],
      env,
      30_000,
    );
    expect([status, stdout]).toEqual([0, "alive\n"]);
    expect(stderr).toContain(`recording to ${join(temporary, "otel-rerun-")}`);
  });

  it("with a device in place of a file", async () => {
    const env = { OTEL_RERUN_FILE: "/dev/stdout" };
    const { status, stdout, stderr } = await node(freshFolder(), [...REQUIRE, "-e", "console.log('alive')"], env);
    expect([status, stdout]).toEqual([0, "alive\n"]);
    expect(stderr).toBe(
      "otel-rerun: nothing is recorded: /dev/stdout is no file but a device, a pipe or a socket; name a file\n",
    );
  });

  it("with --jitless, where there is no WebAssembly, and says once that nothing is recorded", async () => {
    const folder = freshFolder();
    const { status, stdout, stderr } = await node(folder, ["--jitless", ...REQUIRE, "-e", "console.log('alive')"]);
    expect([status, stdout]).toEqual([0, "alive\n"]);
    const ours = stderr.split("\n").filter((line) => /otel-rerun|Rerun/.test(line));
    expect(ours).toEqual([
      "otel-rerun: nothing is recorded: Node runs without WebAssembly (--jitless), which recordings are compressed by",
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
