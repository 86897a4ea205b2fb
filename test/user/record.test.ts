import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder, node, recordingsIn } from "./run.ts";

const { plain } = inject("consumers");
const cli = join(plain, "node_modules/otel-rerun/dist/cli.cjs");
const app = join(plain, "apps/family.mjs");

describeWithOracle("record", () => {
  it("records a program and its child into one file, and ends as the program does", async () => {
    const folder = freshFolder();
    const { status, stderr } = await node(folder, [cli, "record", "--service", "family", "--", "node", app]);
    expect(status, stderr).toBe(5);
    const [file, ...others] = recordingsIn(join(folder, "recordings"));
    expect(others).toEqual([]);
    expect(file).toMatch(/\/\d{8}T\d{6}Z-family-\d+\.rrd$/);
    expect(readFileSync(join(folder, "recordings/.gitignore"), "utf8")).toBe("*\n");
    expectVerified(file as string);
    const run = dump(file as string, "/spans").find(({ applicationId }) => applicationId === "family");
    const kinds = values(run!, "/spans", "kind") as string[];
    expect(kinds.filter((kind) => kind === "SERVER")).toHaveLength(3);
    expect(kinds.filter((kind) => kind === "CLIENT")).toHaveLength(3);
    expect(stderr).toMatch(/otel-rerun: 3 requests, 0 failed, 3 calls outside of requests, .* recorded/);
    expect(stderr).toContain("open with: npx otel-rerun view recordings/");
  });

  it("sends signals on, and does not overwrite a recording", async () => {
    const file = join(freshFolder(), "deep/run.rrd");
    const child = spawn(process.execPath, [cli, "record", "-o", file, "--quiet", "--", "node", app], {
      env: { ...process.env, MODE: "wait", NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(7);
    expect(existsSync(file)).toBe(true);
    const again = await node(plain, [cli, "record", "-o", file, "--", "node", app]);
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining("exists") });
  });

  it("runs what is no Node.js program, and says that nothing was recorded", async () => {
    const folder = freshFolder();
    const { status, stdout, stderr } = await node(folder, [cli, "record", "--", "sh", "-c", "echo hi; exit 4"]);
    expect([status, stdout]).toEqual([4, "hi\n"]);
    expect(stderr).toContain("nothing was recorded");
    expect(stderr).not.toContain("open with");
  });
});
