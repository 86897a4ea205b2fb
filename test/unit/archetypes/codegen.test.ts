import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "codegen-"));
afterAll(() => rmSync(folder, { recursive: true }));

function codegen(...options: string[]): { status: number | null; output: string } {
  const script = path.join(repository, "codegen/generate.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], {
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, output: stdout + stderr };
}

describe("codegen", () => {
  it("makes what is committed", () => {
    expect(codegen("--check")).toEqual({ status: 0, output: "" });
  });

  it("--check fails for a file that was edited by hand, and names it", () => {
    cpSync(path.join(repository, "src/archetypes"), path.join(folder, "src/archetypes"), { recursive: true });
    cpSync(path.join(repository, "src/blueprint/generated"), path.join(folder, "src/blueprint/generated"), {
      recursive: true,
    });
    const edited = path.join(folder, "src/archetypes/generated/scalars.ts");
    writeFileSync(edited, `${readFileSync(edited, "utf8")}// edited\n`);
    const { status, output } = codegen("--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain("src/archetypes/generated/scalars.ts is not what codegen makes");
  });

  it("leaves nothing of Rerun's type system out, and docs/types.md says so", () => {
    const script = path.join(repository, "codegen/coverage.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("| archetypes | 98 | 98 |\n| fields | 409 | 409 |\n| components | 158 | 158 |");
    expect(stdout).toContain("| enums | 33 | 33 |\n| views | 12 | 12 |");
  });
});
