import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium as engine, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { serveViewer, type ViewerServer } from "../../../src/page/viewer-server.ts";
import { chromium, describeWithChromium } from "../../oracle.ts";

const golden = (name: string) => fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));

/** Software rendering, and nothing that a browser does on its own. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--use-angle=swiftshader",
  "--use-gl=angle",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/** What the page tells of itself. */
interface PageState {
  readonly recordings: readonly { readonly applicationId: string; readonly recordingId: string }[];
  readonly active: string | undefined;
  readonly errors: readonly string[];
}

describeWithChromium("the page in a browser", () => {
  let browser: Browser;
  let server: ViewerServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "otel-rerun-page-"));
    browser = await engine.launch({ executablePath: chromium as string, args: ARGUMENTS });
  });
  afterEach(() => server.close());
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the files; `foreign` are the requests that would have left the machine. */
  async function view(...files: string[]): Promise<{ page: Page; foreign: string[] }> {
    server = await serveViewer({ files });
    const page = await browser.newPage();
    const foreign: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    await page.goto(server.url);
    await page.waitForSelector("html[data-viewer=ready]", { state: "attached", timeout: 90_000 });
    await expect.poll(async () => (await stateOf(page)).recordings.length, { timeout: 30_000 }).toBe(files.length);
    return { page, foreign };
  }

  const stateOf = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { otelRerun: PageState }).otelRerun) as Promise<PageState>;

  it("opens a recording of the official SDK, and nothing leaves loopback (I11)", async () => {
    const { page, foreign } = await view(golden("api_state_log.rrd"));
    const { recordings, errors } = await stateOf(page);
    expect(recordings).toMatchObject([{ applicationId: "golden_api", recordingId: "state_log" }]);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  });

  it("opens a recording that breaks off inside a message (I2)", async () => {
    const cut = join(folder, "cut.rrd");
    writeFileSync(cut, readFileSync(golden("api_state_log.rrd")).subarray(0, 9000));
    const { page } = await view(cut);
    expect(await stateOf(page)).toMatchObject({ recordings: [{ recordingId: "state_log" }], errors: [] });
  });

  it("lists several recordings, and a click shows another", async () => {
    const { page } = await view(golden("api_state_log.rrd"), golden("blueprint_embedded.rrd"));
    for (const recordingId of ["embedded", "state_log", "embedded"]) {
      await page.click(`button[data-recording="${recordingId}"]`);
      await expect.poll(async () => (await stateOf(page)).active, { timeout: 10_000 }).toBe(recordingId);
    }
    expect(await page.locator("nav button[aria-current=true]").count()).toBe(1);
  });
});
