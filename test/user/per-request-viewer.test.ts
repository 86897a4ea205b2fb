import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, inject, it } from "vitest";
import { describeWithChromium } from "../oracle.ts";
import { launchBrowser, until, watchedPage } from "./browser.ts";
import { freshFolder, node } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const artefacts = join(root, "test/artefacts");
const { plain } = inject("consumers");

describeWithChromium("the recording of one request in the official web viewer", () => {
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
  });

  it("opens on its waterfall: the layout of requests is the active one, no error on the console", async () => {
    mkdirSync(artefacts, { recursive: true });
    const folder = freshFolder();
    const args = [
      "--require",
      join(plain, "node_modules/otel-rerun/dist/register.cjs"),
      join(plain, "apps/per-request.cjs"),
    ];
    const run = await node(folder, args, {
      OTEL_SERVICE_NAME: "shop",
      OTEL_RERUN_RECORD_PER: "request",
      PATHS: JSON.stringify(["/items/1?wait=20"]),
    });
    expect(run.status, run.stderr).toBe(0);
    const name = readdirSync(join(folder, "recordings")).find((file) => file.includes(".GET_items_id-"));
    const file = join(folder, "recordings", name ?? "");
    const child = spawn(process.execPath, [join(root, "dist/cli.cjs"), "view", file], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text);
        if (found) resolve(found[0]);
      });
      child.once("exit", (code) => reject(new Error(`view ended with ${code}: ${text}`)));
    });
    const browser = await launchBrowser();
    try {
      const { page, complaints, foreign } = await watchedPage(browser);
      await page.goto(url);
      await until(page, "document.documentElement.dataset.viewer === 'ready'");
      await until(page, 'globalThis.otelRerun.recordings.some((one) => one.applicationId === "shop requests")');
      await page.waitForTimeout(8_000); // software rendering: until the picture stands still
      await page.screenshot({ path: join(artefacts, "per-request.png") });
      const state = (await page.evaluate("globalThis.otelRerun")) as {
        recordings: { applicationId: string; recordingId: string }[];
        active?: string;
        errors: string[];
      };
      expect(state.recordings).toHaveLength(1);
      expect(state.active).toBe(state.recordings[0]?.recordingId);
      expect([...state.errors, ...complaints]).toEqual([]);
      expect(foreign).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
