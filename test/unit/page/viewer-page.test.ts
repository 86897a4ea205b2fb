import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium as engine, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { ListedTraces } from "../../../src/cli/listed-traces.ts";
import { serveViewer, type ViewerServer } from "../../../src/page/viewer-server.ts";
import { chromium, describeWithChromium } from "../../oracle.ts";
import { cart, recordedRun } from "../cli/recorded-run.ts";
import { CHROMIUM_ARGUMENTS } from "./chromium-arguments.ts";

const artefacts = fileURLToPath(new URL("../../artefacts", import.meta.url));
const golden = (name: string) => fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));

/** What the page tells of itself. */
interface PageState {
  readonly recordings: readonly { readonly applicationId: string; readonly recordingId: string }[];
  readonly active: string | undefined;
  readonly errors: readonly string[];
}

/** The viewer draws in software and holds the page's only thread meanwhile. */
const PATIENT = { timeout: 60_000 };

describeWithChromium("the page in a browser", () => {
  let browser: Browser;
  let server: ViewerServer;
  let folder: string;

  beforeAll(async () => {
    mkdirSync(artefacts, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), "otel-rerun-page-"));
    browser = await engine.launch({ executablePath: chromium as string, args: CHROMIUM_ARGUMENTS });
  });
  afterEach(() => server.close());
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the files; `foreign` are the requests that would have left the machine. */
  async function view(...files: string[]): Promise<{ page: Page; foreign: string[] }> {
    server = await serveViewer({ files });
    const opened = await open();
    await expect
      .poll(async () => (await stateOf(opened.page)).recordings.length, { timeout: 30_000 })
      .toBe(files.length);
    return opened;
  }

  async function open(): Promise<{ page: Page; foreign: string[] }> {
    const page = await browser.newPage();
    const foreign: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    await page.goto(server.url);
    await page.waitForSelector("html[data-viewer=ready]", { state: "attached", timeout: 90_000 });
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
      await expect.poll(async () => (await stateOf(page)).active, PATIENT).toBe(recordingId);
    }
    expect(await page.locator("nav button[aria-current=true]").count()).toBe(1);
  });

  it("lists the traces, finds by expression, and opens each by a click, also one without a recording", {
    timeout: 240_000,
    retry: 2,
  }, async () => {
    const file = join(folder, "run.rrd");
    const carts = [1, 2, 3, 4].map((no) => cart(no, { fails: no === 3, slow: no === 2 ? 20n : 1n }));
    writeFileSync(
      file,
      recordedRun(
        carts.flatMap(({ spans }) => spans),
        carts.flatMap(({ logs }) => logs),
      ),
    );
    const traces = new ListedTraces(() => [file]);
    server = await serveViewer({ files: [file], traces });
    const { page, foreign } = await open();
    const listed = page.locator("#traces button");
    await expect.poll(() => listed.count(), PATIENT).toBe(4);
    // errors first, then the slowest
    expect(await listed.nth(0).getAttribute("data-recording")).toBe(cart(3).traceId);
    expect(await listed.nth(1).getAttribute("data-recording")).toBe(cart(2).traceId);
    expect(await listed.nth(0).textContent()).toContain("GET /cart50240.0 msshop · 4 spans");

    await page.fill("#where", "duration > 500ms");
    await expect.poll(() => listed.count(), PATIENT).toBe(1);
    await page.fill("#where", "duration >");
    await expect.poll(() => page.locator("#found").textContent(), PATIENT).toContain("column 11");
    await page.fill("#where", "");
    await page.check("#errors");
    await expect
      .poll(() => listed.evaluateAll((all) => all.map((one) => one.getAttribute("data-recording"))), PATIENT)
      .toEqual([cart(3).traceId]);
    await page.uncheck("#errors");
    await expect.poll(() => listed.count(), PATIENT).toBe(4);

    // the run and its three notable traces
    const recordings = async () => (await stateOf(page)).recordings.map(({ recordingId }) => recordingId);
    await expect.poll(async () => (await recordings()).length, PATIENT).toBe(4);
    const known = await recordings();
    const unknown = carts.map(({ traceId }) => traceId).find((traceId) => !known.includes(traceId)) as string;
    expect(unknown).toBeDefined();
    // the first request for it fails: the viewer tells nobody, so the page asks again
    let refused = 0;
    await page.route(`**/traces/${unknown}.rrd`, (route) =>
      refused++ === 0 ? route.fulfill({ status: 503 }) : route.continue(),
    );
    await page.click(`button[data-recording="${unknown}"]`);
    await expect.poll(async () => (await stateOf(page)).active, PATIENT).toBe(unknown);
    expect(refused).toBeGreaterThan(1);
    expect((await stateOf(page)).errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.screenshot({ path: join(artefacts, "trace-list.png") });
    await traces.close();
  });
});
