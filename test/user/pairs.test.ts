import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it } from "vitest";
import { describeWithOracle, oraclePython, rerun } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

/**
 * Side by side with the official SDK: `pairs.py` and `pairs.mjs` make the same calls, each into files of its own. Compared after
 * `rrd optimize` on both, since how many chunks there are depends on the speed of the machine.
 */
describeWithOracle("side by side with the official SDK", () => {
  it("at least 30 scripts leave recordings that `rerun rrd compare` calls equal (I10)", async () => {
    const folder = freshFolder();
    const raw = (side: string) => join(folder, side);
    const optimised = (side: string) => join(folder, `${side}-optimised`);
    for (const side of ["python", "node"]) mkdirSync(raw(side));

    const script = fileURLToPath(new URL("./pairs/pairs.py", import.meta.url));
    const python = spawnSync(oraclePython, [script, raw("python")], { encoding: "utf8" });
    expect(python.status, python.stderr).toBe(0);
    const { plain } = inject("consumers");
    copyFileSync(fileURLToPath(new URL("./pairs/pairs.mjs", import.meta.url)), join(plain, "pairs.mjs"));
    const ours = await node(plain, ["pairs.mjs"], { FOLDER: raw("node") });
    expect(ours.status, ours.stderr).toBe(0);

    const names = readdirSync(raw("python")).sort();
    expect(readdirSync(raw("node")).sort()).toEqual(names);
    expect(names.length).toBeGreaterThanOrEqual(30);
    for (const side of ["python", "node"]) {
      const { status, output } = rerun("rrd", "optimize", raw(side), "-o", optimised(side));
      expect(status, output).toBe(0);
    }
    const differences = names.flatMap((name) => {
      const { status, output } = rerun(
        "rrd",
        "compare",
        "--unordered",
        join(optimised("python"), name),
        join(optimised("node"), name),
      );
      return status === 0 ? [] : [`${basename(name, ".rrd")}: ${output}`];
    });
    expect(differences).toEqual([]);
  });
});
