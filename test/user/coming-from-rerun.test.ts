import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, oraclePython, rerun } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";
import { snippets } from "./snippets.ts";

describeWithOracle("the page for who comes from Python", () => {
  it("has a script in both languages, and their recordings are equal (I10)", async () => {
    const folder = freshFolder();
    const [python] = snippets("coming-from-rerun.md", "py");
    const [ours] = snippets("coming-from-rerun.md", "js");
    execFileSync(oraclePython, ["-c", python as string], { cwd: folder });

    const file = (side: string) => join(folder, `${side}.rrd`);
    const program = (ours as string).replace('"node.rrd"', JSON.stringify(file("node")));
    const { plain } = inject("consumers");
    writeFileSync(join(plain, "coming-from-rerun.mjs"), program);
    const run = await node(plain, ["coming-from-rerun.mjs"], { RERUN_STRICT: "1" });
    expect(run).toMatchObject({ status: 0, stderr: "" });

    const optimised = ["python", "node"].map((side) => {
      const output = join(folder, `${side}-optimised.rrd`);
      expect(rerun("rrd", "optimize", file(side), "-o", output)).toMatchObject({ status: 0 });
      return output;
    });
    const compared = rerun("rrd", "compare", "--unordered", ...optimised);
    expect(compared.status, compared.output).toBe(0);
  });
});
