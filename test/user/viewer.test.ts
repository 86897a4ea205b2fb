import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { describeWithChromium } from "../oracle.ts";
import { launchBrowser, until, type WatchedPage, watchedPage } from "./browser.ts";
import { freshFolder } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const artefacts = join(root, "test/artefacts");
const { plain } = inject("consumers");

interface PageState {
  readonly recordings: { applicationId: string; recordingId: string }[];
  readonly active?: string;
  readonly errors: string[];
}

describeWithChromium("the official web viewer in a real Chromium", () => {
  let browser: Browser;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    mkdirSync(artefacts, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const child of children) child.kill("SIGKILL");
  });

  /** Starts a program and resolves with the first loopback address that it prints. */
  function start(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<string> {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text);
        if (found) resolve(found[0]);
      });
      child.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}: ${text}`)));
    });
  }

  async function open(url: string): Promise<WatchedPage> {
    const watched = await watchedPage(browser);
    await watched.page.goto(url);
    await until(watched.page, "document.documentElement.dataset.viewer !== 'loading'");
    expect(await watched.page.evaluate("document.documentElement.dataset.viewer")).toBe("ready");
    return watched;
  }

  const state = (page: Page) => page.evaluate("globalThis.otelRerun") as Promise<PageState>;
  const opened = (page: Page, applicationId: string) =>
    until(
      page,
      `globalThis.otelRerun.recordings.some((one) => one.applicationId === ${JSON.stringify(applicationId)})`,
    );

  it("opens the demo's recording as its dashboard: no error on the console, no request outside loopback (I11)", async () => {
    const file = join(freshFolder(), "demo.rrd");
    const demo = spawnSync(process.execPath, ["examples/demo/demo.mjs", "--exit", "--seconds", "6", "--out", file], {
      cwd: root,
      encoding: "utf8",
    });
    expect(demo.status, demo.stderr).toBe(0);
    const { page, complaints, foreign } = await open(await start([join(root, "dist/cli.cjs"), "view", file], root));
    await opened(page, "shop demo");
    await opened(page, "shop demo requests");
    await page.waitForTimeout(15_000); // software rendering: until the picture stands still
    await page.screenshot({ path: join(artefacts, "dashboard.png") });
    const { recordings, active, errors } = await state(page);
    expect(recordings.find(({ recordingId }) => recordingId === active)?.applicationId).toBe("shop demo");

    const trace = recordings.find(({ applicationId }) => applicationId === "shop demo requests");
    await page.locator(`button[data-recording="${trace?.recordingId}"]`).click();
    await page.waitForTimeout(6_000);
    await page.screenshot({ path: join(artefacts, "waterfall.png") });
    expect((await state(page)).active).toBe(trace?.recordingId);
    expect([...errors, ...complaints]).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  });

  it("opens the file of a server that is still running (I2)", async () => {
    const file = join(freshFolder(), "running.rrd");
    const server = await start(["--import", "otel-rerun/register", "apps/stays-up.mjs"], plain, {
      OTEL_RERUN_FILE: file,
      OTEL_SERVICE_NAME: "still up",
    });
    for (let i = 0; i < 20; i++) expect((await fetch(`${server}items/${i}`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { page, complaints, foreign } = await open(await start([join(root, "dist/cli.cjs"), "view", file], root));
    await opened(page, "still up");
    await page.waitForTimeout(8_000);
    await page.screenshot({ path: join(artefacts, "running.png") });
    expect([...(await state(page)).errors, ...complaints]).toEqual([]);
    expect(foreign).toEqual([]);
    expect((await fetch(`${server}items/21`)).status).toBe(200);
    await page.close();
  });
});
