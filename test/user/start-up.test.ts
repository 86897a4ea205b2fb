import { basename } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { node } from "./run.ts";

const { plain } = inject("consumers");
const REGISTER = ["--require", "otel-rerun/register"];

/** What is loaded when the program in `args` ends. */
async function loadedBy(
  args: readonly string[],
  script = "",
  env: Record<string, string> = {},
): Promise<{ files: string[]; builtIns: string[] }> {
  const print = `process.on("exit", () => require("node:fs").writeSync(1, JSON.stringify({ files: Object.keys(require.cache), builtIns: process.moduleLoadList })))`;
  const run = await node(plain, [...args, "-e", `${script};${print}`], env);
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout);
}

describe("the start of a program under register", () => {
  it.each(["--require", "--import"])("%s loads what runs then, and not the API", async (load) => {
    const { files } = await loadedBy([load, "otel-rerun/register"]);
    const names = files.map((file) => basename(file).replace(/-[\w-]{8}\.cjs$/, ".cjs")).sort();
    // one that is missing in the list of scripts/start-up-file.mts brings later.cjs
    expect(names).toEqual(["core.cjs", "recorder.cjs", "register.cjs", "rolldown-runtime.cjs", "switch.cjs"]);
  });

  it("loads of Node's modules those of http, crypto and threads only", async () => {
    const needed = `for (const name of ["http", "crypto", "async_hooks", "diagnostics_channel", "worker_threads"]) require("node:" + name); performance.now()`;
    const without = await loadedBy([], needed);
    const { builtIns } = await loadedBy(REGISTER, needed);
    const more = builtIns.filter((name) => !without.builtIns.includes(name) && !name.includes(" internal/"));
    expect(more).toEqual([]);
  });

  it("loads only the switch where it is off", async () => {
    const { files } = await loadedBy(REGISTER, "", { RERUN: "off" });
    expect(files.map((file) => basename(file).split(/[-.]/)[0]).sort()).toEqual(["register", "rolldown", "switch"]);
  });
});
