import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithChromium, describeWithOracle, expectVerified } from "../oracle.ts";
import { launchBrowser, until, watchedPage } from "./browser.ts";
import { serveOfficialViewer } from "./official-viewer.ts";
import { freshFolder } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const artefacts = join(root, "test/artefacts/gallery");
const VIEWPORT = { width: 1200, height: 750 };

/** Milliseconds for one step of a viewer that is drawn by software on a busy machine. */
const PATIENCE = 200_000;

/**
 * What the viewer on npm, 0.33, cannot show: archetypes that came later, and a map, because our page lets in no tiles (I11). The
 * viewer of the official wheel shows these.
 */
const ONLY_IN_WHEEL = ["maps", "volumes"];

/** Gray, 1 × 1: stands for every tile of the map. */
const TILE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGPYAgAAywDKBS4iCgAAAABJRU5ErkJggg==",
  "base64",
);

const examples = readdirSync(join(root, "examples/gallery"))
  .filter((name) => name.endsWith(".mjs") && name !== "run.mjs")
  .map((name) => basename(name, ".mjs"));
const folder = freshFolder();
const recording = (name: string) => join(folder, `${name}.rrd`);

beforeAll(() => {
  mkdirSync(artefacts, { recursive: true });
  const script = join(root, "examples/gallery/run.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: "" });
});

describe("the gallery", () => {
  it("has a section with a picture in the docs for every example", () => {
    const page = readFileSync(join(root, "docs/gallery.md"), "utf8");
    for (const name of examples) {
      expect(page).toContain(`(../examples/gallery/${name}.mjs)`);
      expect(page).toContain(`(images/gallery/${name}.png)`);
    }
    expect(readdirSync(join(root, "docs/images/gallery"))).toEqual(examples.map((name) => `${name}.png`));
  });
});

describeWithOracle("the gallery's recordings", () => {
  it("pass rerun rrd verify (I10)", () => {
    expectVerified(...examples.map(recording));
  });
});

describeWithChromium("the gallery in a real Chromium", () => {
  let browser: Browser;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const child of children) child.kill("SIGKILL");
  });

  /** Drawing by software takes its time; some recordings play, so waiting for a picture that stands still would not do. */
  async function shoot(page: Page, name: string): Promise<void> {
    await page.waitForTimeout(5_000);
    const path = join(artefacts, `${name}.png`);
    await page.locator("canvas").first().screenshot({ path, timeout: PATIENCE });
  }

  const known = examples.filter((name) => !ONLY_IN_WHEEL.includes(name));
  it("opens in the viewer of npm without an error on its console", { timeout: 900_000 }, async () => {
    const child = spawn(process.execPath, [join(root, "dist/cli.cjs"), "view", ...known.map(recording)]);
    children.push(child);
    const url = await new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(`${text}`.trim())));
    const { page, complaints, foreign } = await watchedPage(browser, VIEWPORT);
    await page.goto(url, { timeout: PATIENCE });
    const count = "globalThis.otelRerun?.recordings.length";
    await until(page, `${count} === ${known.length}`, PATIENCE);
    const { recordings } = (await page.evaluate("globalThis.otelRerun")) as {
      recordings: { applicationId: string; recordingId: string }[];
    };
    const active = () => page.evaluate("globalThis.otelRerun.active");
    const asked = () => page.evaluate("globalThis.otelRerun.asked");
    for (const name of known) {
      const applicationId = `gallery ${name.replaceAll("-", " ")}`;
      const id = recordings.find((one) => one.applicationId === applicationId)?.recordingId;
      let before: unknown;
      do {
        // a recording whose rest was still being loaded comes to the front once more when it is there, for a moment
        await page.evaluate(`document.querySelector('button[data-recording="${id}"]').click()`);
        await until(page, `globalThis.otelRerun.active === ${JSON.stringify(id)}`, PATIENCE);
        before = await asked();
        await shoot(page, name);
        await page.waitForTimeout(500);
      } while ((await active()) !== id || (await asked()) !== before);
      expect(complaints, name).toEqual([]);
    }
    expect(await page.evaluate("globalThis.otelRerun.errors")).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  });

  describeWithOracle("and the viewer of the official wheel", () => {
    let viewer: string;
    let files: string;

    beforeAll(async () => {
      const server = createServer((request, response) => {
        response.writeHead(200, { "access-control-allow-origin": "*" });
        createReadStream(join(folder, basename(`${request.url}`))).pipe(response);
      });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening).unref());
      files = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { url, child } = await serveOfficialViewer();
      children.push(child);
      viewer = url;
    });

    it.each(ONLY_IN_WHEEL)("%s opens without an error on its console", { timeout: 900_000 }, async (name) => {
      const { page, complaints } = await watchedPage(browser, VIEWPORT);
      // the map's tiles; the viewer asks for its fonts and for its newest version too
      await page.route(/^https:/, (route) =>
        route.fulfill({ contentType: "image/png", headers: { "access-control-allow-origin": "*" }, body: TILE }),
      );
      await page.goto(`${viewer}/?url=${encodeURIComponent(`${files}/${name}.rrd`)}&renderer=webgl`);
      await page.waitForSelector("canvas", { timeout: PATIENCE });
      await page.waitForTimeout(5_000);
      await shoot(page, name);
      expect(complaints).toEqual([]);
      await page.close();
    });
  });
});
