import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openRrd } from "../../src/reader.ts";
import { describeWithChromium, describeWithOracle, expectVerified, rerun } from "../oracle.ts";
import { launchBrowser, until, watchedPage } from "./browser.ts";
import { freshFolder } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const artefacts = join(root, "test/artefacts");

describeWithOracle("with the official tools", () => {
  describeWithChromium("examples/browser, built by Vite from the packed package", () => {
    let server: ChildProcess;
    let browser: Browser;
    let url: string;

    beforeAll(async () => {
      mkdirSync(artefacts, { recursive: true });
      const folder = join(freshFolder(), "browser");
      cpSync(join(root, "examples/browser"), folder, {
        recursive: true,
        filter: (path) => !/browser[\\/](node_modules|dist|package-lock\.json)/.test(path),
      });
      const file = join(folder, "package.json");
      const manifest = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
      manifest.dependencies["otel-rerun"] = `file:${inject("tarball")}`;
      writeFileSync(file, JSON.stringify(manifest));
      const npm = (...args: string[]) =>
        execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], encoding: "utf8" });
      npm("install", "--no-audit", "--no-fund", "--loglevel=error");
      npm("run", "build", "--", "--logLevel=warn");
      const vite = join(folder, "node_modules/vite/bin/vite.js");
      server = spawn(process.execPath, [vite, "preview", "--port", "0"], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      url = await new Promise((resolve, reject) => {
        let text = "";
        server.stdout?.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
          if (found) resolve(found[0]);
        });
        server.once("exit", (code) => reject(new Error(`vite preview ended with ${code}: ${text}`)));
      });
      browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
      server?.kill("SIGKILL");
    });

    it("rows logged in the page appear in the viewer on the same page, and in the file it saves", async () => {
      const { page, complaints, foreign } = await watchedPage(browser);
      await page.goto(url);
      await until(page, "window.rec !== undefined && viewer.ready", 120_000);
      const pad = (await page.locator("#pad").boundingBox()) as { x: number; y: number };
      const draw = async (from: number, to: number): Promise<void> => {
        await page.mouse.move(pad.x + from, pad.y + from);
        await page.mouse.down();
        for (let at = from; at < to; at += 10) await page.mouse.move(pad.x + at, pad.y + 60 + (at % 100));
        await page.mouse.up();
      };
      const lastMove = async (): Promise<number> =>
        (await page.evaluate("viewer.get_time_range(rec.recordingId, 'move')?.max ?? -1")) as number;

      await draw(20, 220);
      await expect.poll(lastMove, { timeout: 60_000, interval: 250 }).toBe(19);
      expect(await page.evaluate("viewer.get_active_recording_id() === rec.recordingId")).toBe(true);
      // what is logged later arrives as well
      await draw(220, 420);
      await expect.poll(lastMove, { timeout: 60_000, interval: 250 }).toBe(39);
      await page.screenshot({ path: join(artefacts, "browser-example.png") });

      const downloading = page.waitForEvent("download");
      await page.click("#download");
      const file = join(artefacts, "drawing.rrd");
      await (await downloading).saveAs(file);
      const times: number[] = [];
      for await (const chunk of (await openRrd(file)).chunks()) {
        if (chunk.entityPath !== "/speed") continue;
        const moves = chunk.timelines.find(({ name }) => name === "move");
        times.push(...[...(moves?.times ?? [])].map(Number));
      }
      expect(times.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
      const whole = `${file}.whole.rrd`;
      expect(rerun("rrd", "optimize", "-o", whole, file)).toMatchObject({ status: 0 });
      expectVerified(whole);
      expect(complaints).toEqual([]);
      expect(foreign).toEqual([]);
      await page.close();
    });
  });
});
