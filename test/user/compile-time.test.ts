import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { plain } = inject("consumers");

/** What the compiler says and how long it took, in seconds, as it measured itself. */
function compile(folder: string, file: string): { status: number | null; output: string; seconds: number } {
  const options = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--extendedDiagnostics",
  ];
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [compiler, ...options, file], { cwd: folder, encoding: "utf8" });
  return {
    status: run.status,
    output: run.stdout,
    seconds: Number(/^Total time:\s+([\d.]+)s/m.exec(run.stdout)?.[1]),
  };
}

it("a program with more than 50 archetypes compiles against the package; its time is reported", () => {
  const program = join(root, "test/user/programs/fifty-archetypes.ts");
  const folder = mkdtempSync(join(plain, "compile-"));
  copyFileSync(program, join(folder, "fifty.mts"));
  writeFileSync(join(folder, "none.mts"), `import * as rr from "otel-rerun";\nnew rr.RecordingStream("none");\n`);
  const archetypes = new Set(readFileSync(program, "utf8").match(/(?<=^ {2}new rr\.)\w+/gm));
  expect(archetypes.size).toBeGreaterThanOrEqual(50);

  const fifty = compile(folder, "fifty.mts");
  expect(fifty.status, fifty.output).toBe(0);
  const none = compile(folder, "none.mts");
  expect(none.status, none.output).toBe(0);
  console.info(
    `tsc: ${fifty.seconds} s for ${archetypes.size} archetypes, ${none.seconds} s for a program without any`,
  );
  // the same declarations are read for both: what is used should not be what takes the time
  expect(fifty.seconds / none.seconds).toBeLessThan(3);
});
