import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { chromium, describeWithChromium, describeWithOracle, expectVerified } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");
const cli = join(plain, "node_modules/otel-rerun/dist/cli.cjs");
const sample = join(dirname(cli), "sample.rrd");
const artefacts = fileURLToPath(new URL("../artefacts", import.meta.url));

describe("view, from the package", () => {
  it("without the viewer offers the line that was typed, for npx", async () => {
    const args = ["view", "--sample", "--screenshot", "my picture.png"];
    const { status, stderr } = await node(freshFolder(), [cli, ...args]);
    expect([status, stderr.split("\n")]).toEqual([
      1,
      expect.arrayContaining([
        "  npx -p otel-rerun -p @rerun-io/web-viewer@^0.33.0 otel-rerun view --sample --screenshot 'my picture.png'",
      ]),
    ]);
  });

  it("--native starts the rerun that is on the PATH, and ends as it does", async () => {
    const folder = freshFolder();
    const native = join(folder, "rerun");
    writeFileSync(native, '#!/bin/sh\necho "opened $*"\nexit 9\n');
    chmodSync(native, 0o755);
    const path = [folder, process.env.PATH].join(delimiter);
    const { status, stdout } = await node(folder, [cli, "view", "--native", "--sample"], { PATH: path });
    expect([status, stdout]).toEqual([9, `opened ${sample}\n`]);
    const nowhere = await node(folder, [cli, "view", "--native", "--sample"], { PATH: "/nowhere" });
    expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringContaining("install it: pip install rerun-sdk")]);
  });

  it("the sample has requests that fail, logs and metrics", async () => {
    const { stdout } = await node(plain, [cli, "stats", sample, "--json"]);
    const [{ routes }] = JSON.parse(stdout);
    const errors = routes.map(({ route, errors }: { route: string; errors: number }) => [route, errors]);
    expect(Object.fromEntries(errors)).toMatchObject({ "GET /cart": 0, "POST /orders": 0, "GET /stock/:id": 3 });
    const { stdout: entities } = await node(plain, [cli, "print", sample]);
    for (const path of ["/logs/shop", "/logs/stock", "/metrics/"]) expect(entities).toContain(path);
  });
});

describeWithOracle("the sample, as the official tools see it", () => {
  it("is a valid recording", () => {
    expectVerified(sample);
  });
});

describeWithChromium("view --screenshot", () => {
  it("takes a picture of the sample in the official viewer, and ends", async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, "node_modules/@rerun-io"), { recursive: true });
    mkdirSync(artefacts, { recursive: true });
    const viewer = fileURLToPath(new URL("../../node_modules/@rerun-io/web-viewer", import.meta.url));
    symlinkSync(viewer, join(folder, "node_modules/@rerun-io/web-viewer"));
    const output = join(artefacts, "view-screenshot.png");
    const args = [cli, "view", "--sample", "--screenshot", output, "--json"];
    const { status, stdout, stderr } = await node(folder, args, { CHROMIUM: chromium as string }, 170_000);
    expect(status, stderr).toBe(0);
    const png = readFileSync(output);
    expect(JSON.parse(stdout)).toEqual({ output, width: 1600, height: 1000, bytes: png.length });
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 1000]);
    expect(png.length).toBeGreaterThan(60_000); // an empty viewer has a third of that
  });

  it("says what to do without a browser", async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, "node_modules/@rerun-io/web-viewer"), { recursive: true });
    writeFileSync(join(folder, "node_modules/@rerun-io/web-viewer/index.js"), "");
    const args = [cli, "view", "--sample", "--screenshot", "out.png"];
    const { status, stderr } = await node(folder, args, { CHROMIUM: "/nowhere/chromium" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("no browser at /nowhere/chromium; install one")]);
  });
});
