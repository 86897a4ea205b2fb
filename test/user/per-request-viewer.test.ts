import { type ChildProcess, spawn } from "node:child_process";
import { createReadStream, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { describeWithChromium, describeWithOracle } from "../oracle.ts";
import { clickAt, launchBrowser, until, watchedPage } from "./browser.ts";
import { serveOfficialViewer, shownIn, type Widget, widgetsIn } from "./official-viewer.ts";
import { findColour } from "./picture.ts";
import { freshFolder, node } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const artefacts = join(root, "test/artefacts");
const { plain } = inject("consumers");

/** As viewers draw the bars of spans (those of clients only in a waterfall), and the row of the active recording in their list. */
const SERVER = [24, 107, 180] as const;
const CLIENT = [197, 110, 0] as const;
const SELECTED = [24, 106, 221] as const;

/** Milliseconds for what a viewer draws that is drawn by software. */
const PATIENCE = { timeout: 150_000, interval: 250 };

interface PageState {
  readonly recordings: readonly { readonly applicationId: string; readonly recordingId: string }[];
  readonly active?: string;
  readonly errors: readonly string[];
}

/** Runs the app in a folder of its own; resolves with the paths of what it recorded. */
async function record(paths: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
  const folder = freshFolder();
  const register = join(plain, "node_modules/otel-rerun/dist/register.cjs");
  const run = await node(folder, ["--require", register, join(plain, "apps/per-request.cjs")], {
    OTEL_SERVICE_NAME: "shop",
    PATHS: JSON.stringify(paths),
    ...env,
  });
  expect(run.status, run.stderr).toBe(0);
  const recordings = join(folder, "recordings");
  return readdirSync(recordings).flatMap((name) => (name.endsWith(".rrd") ? [join(recordings, name)] : []));
}

describeWithChromium("recordings of requests in the official web viewer", () => {
  const children: ChildProcess[] = [];
  let browser: Browser;
  /** A run with two notable traces: one that failed, and the slowest. */
  let run: string;

  beforeAll(async () => {
    mkdirSync(artefacts, { recursive: true });
    browser = await launchBrowser();
    [run = ""] = await record(["/fails/1", "/items/2?wait=50"], { GAP: "300" });
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await browser?.close();
  });

  /** Starts `otel-rerun view` and resolves with its address. */
  function view(file: string): Promise<string> {
    const child = spawn(process.execPath, [join(root, "dist/cli.cjs"), "view", file], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text);
        if (found) resolve(found[0]);
      });
      child.once("exit", (code) => reject(new Error(`view ended with ${code}: ${text}`)));
    });
  }

  const stateOf = (page: Page) => page.evaluate("globalThis.otelRerun") as Promise<PageState>;

  it("opens on the waterfall of the request: its layout is the active one, no error on the console", async () => {
    const files = await record(["/items/1?wait=20"], { OTEL_RERUN_RECORD_PER: "request" });
    const url = await view(files.find((file) => file.includes(".GET_items_id-")) ?? "");
    const { page, complaints, foreign } = await watchedPage(browser);
    await page.goto(url);
    await until(page, "document.documentElement.dataset.viewer === 'ready'");
    await until(page, 'globalThis.otelRerun.recordings.some((one) => one.applicationId === "shop requests")');
    const judge = await browser.newPage();
    const path = join(artefacts, "per-request.png");
    const bars = async () => (await findColour(page, judge, SERVER, { path })).pixels;
    await expect.poll(bars, PATIENCE).toBeGreaterThan(10_000);
    await judge.close();
    const state = await stateOf(page);
    expect(state.recordings).toHaveLength(1);
    expect(state.active).toBe(state.recordings[0]?.recordingId);
    expect([...state.errors, ...complaints]).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  });

  it("viewer 0.33: a click in its Sources opens the waterfall of a notable trace, and the page lets it", {
    timeout: 400_000,
  }, async () => {
    const { page, complaints, foreign } = await watchedPage(browser, { width: 1300, height: 800 });
    const judge = await browser.newPage();
    await page.goto(await view(run));
    await until(page, "document.documentElement.dataset.viewer === 'ready'");
    await until(page, "globalThis.otelRerun.recordings.length > 2");
    const { recordings } = await stateOf(page);
    const ofRun = recordings.find(({ applicationId }) => applicationId === "shop")?.recordingId;
    const ofTraces = recordings.flatMap((one) => (one.applicationId === "shop requests" ? [one.recordingId] : []));
    const { x = 0, width = 0, height = 0 } = (await page.locator("canvas").boundingBox()) ?? {};
    // the list is in the corner, the run in it is marked; below it come the title of the traces and the first of them
    const sources = { x, y: 40, width: 200, height: 160 };
    let row = { pixels: 0, left: 0, top: 0, right: 0, bottom: 0 };
    await expect
      .poll(async () => {
        if ((await stateOf(page)).active !== ofRun) return 0;
        row = await findColour(page, judge, SELECTED, { clip: sources });
        return row.pixels;
      }, PATIENCE)
      .toBeGreaterThan(2000);
    const views = { x: x + 200, y: 60, width: width - 200 - 300, height: height - 100 };
    expect((await findColour(page, judge, CLIENT, { clip: views })).pixels).toBeLessThan(500);
    const pitch = row.bottom - row.top;
    await expect
      .poll(async () => {
        await clickAt(page, sources.x + 110, sources.y + row.top + 2.5 * pitch);
        return ofTraces.includes((await stateOf(page)).active ?? "");
      }, PATIENCE)
      .toBe(true);
    const path = join(artefacts, "sources-click.png");
    const bars = async () => (await findColour(page, judge, CLIENT, { clip: views, path })).pixels;
    await expect.poll(bars, PATIENCE).toBeGreaterThan(2000);
    const { active, errors } = await stateOf(page);
    expect(ofTraces).toContain(active);
    expect([...errors, ...complaints]).toEqual([]);
    expect(foreign).toEqual([]);
    await judge.close();
    await page.close();
  });

  describeWithOracle("of the wheel, 0.41", () => {
    let viewer: Awaited<ReturnType<typeof serveOfficialViewer>>;
    beforeAll(async () => {
      viewer = await serveOfficialViewer();
      children.push(viewer.child);
    });

    /** Opens a file by HTTP, as somebody who was given its address. */
    async function open(path: string) {
      const server = createServer((_, response) => {
        response.writeHead(200, { "access-control-allow-origin": "*" });
        createReadStream(path).pipe(response);
      });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening).unref());
      const { page } = await watchedPage(browser);
      await page.route(/^https:/, (route) => route.abort()); // fonts, examples, the newest version
      const file = `http://127.0.0.1:${(server.address() as AddressInfo).port}/run.rrd`;
      await page.goto(`${viewer.url}/?url=${encodeURIComponent(file)}&renderer=webgl`);
      return {
        page,
        /** Waits for what is looked for; `act` is done once more each time that it is not there. */
        async seen(role: string, text: RegExp, act?: () => Promise<void>): Promise<Widget> {
          let found: Widget | undefined;
          await expect
            .poll(async () => {
              found = (await widgetsIn(page))?.find((widget) => widget.role === role && text.test(widget.text));
              if (found === undefined) await act?.();
              return found !== undefined;
            }, PATIENCE)
            .toBe(true);
          return found as Widget;
        },
        click: ({ left, top, right, bottom }: Widget) => clickAt(page, (left + right) / 2, (top + bottom) / 2),
        async close(): Promise<void> {
          server.closeAllConnections();
          await page.close();
        },
      };
    }

    it("the recording of a request shows its waterfall, its log and its attributes at once", {
      timeout: 400_000,
    }, async () => {
      const files = await record(["/fails/1"], { OTEL_RERUN_RECORD_PER: "request" });
      const { page, seen, close } = await open(files.find((file) => file.includes(".GET_fails_id-")) ?? "");
      await seen("pane", /^Waterfall$/);
      await seen("label", /^Error: no 1 /);
      await seen("label", /^http\.route$/);
      expect(await shownIn(page)).toMatchObject({ applicationId: "shop requests" });
      await page.screenshot({ path: join(artefacts, "request-at-once.png") });
      await close();
    });

    const OF_TRACE = /^GET .*✖$/;

    it("a link in the run's summary opens the waterfall of that trace, a link there shows the span", {
      timeout: 400_000,
    }, async () => {
      const { page, seen, click, close } = await open(run);

      // it opens on the dashboard, unless it has read all before it drew anything
      await seen("link", OF_TRACE, async () => {
        const shown = await shownIn(page);
        const widgets = await widgetsIn(page);
        const title = widgets?.find(({ role, text }) => role === "button" && text === "shop");
        const below = widgets?.find(({ left, top }) => left < 200 && Math.abs(top - (title?.bottom ?? 0)) < 2);
        if (shown?.applicationId === "shop requests" && below !== undefined) await click(below);
      });
      expect(await shownIn(page)).toMatchObject({ applicationId: "shop" });

      let recordingId = "";
      await expect
        .poll(async () => {
          const shown = await shownIn(page);
          if (shown?.applicationId === "shop") await click(await seen("link", OF_TRACE)); // wherever it is by now
          recordingId = shown?.recordingId ?? "";
          return shown?.applicationId;
        }, PATIENCE)
        .toBe("shop requests");
      await seen("pane", /^Waterfall$/);
      await seen("label", new RegExp(`trace ${recordingId}`));
      await seen("label", /^Error: no 1 /); // its log
      const ofSpan = await seen("link", /^GET \/fails\/:id$/);
      await seen("button", /^http\.route$/, () => click(ofSpan)); // its attributes
      await page.screenshot({ path: join(artefacts, "summary-link.png") });
      await close();
    });
  });
});
