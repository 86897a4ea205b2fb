import { type Browser, chromium as browserType, type Page } from "playwright-core";
import { expect } from "vitest";
import { chromium } from "../oracle.ts";

/** Software rendering, no request of the browser's own. */
const ARGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/** What the viewer itself says in every headless browser, whatever it opens. */
const NOISE = /Software rasterizer|not implemented in web backend|GPU stall due to ReadPixels|deprecated parameters/;

const LOOPBACK = /^(http:\/\/127\.0\.0\.1[:/]|data:|blob:)/;

export interface WatchedPage {
  readonly page: Page;
  /** Errors on its console, and those that nobody caught. */
  readonly complaints: string[];
  /** Addresses outside loopback that it asked for. */
  readonly foreign: string[];
}

export function launchBrowser(): Promise<Browser> {
  return browserType.launch({ executablePath: chromium as string, args: ARGS });
}

export async function watchedPage(
  browser: Browser,
  viewport: { width: number; height: number } = { width: 1600, height: 1000 },
): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport, colorScheme: "dark" });
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!LOOPBACK.test(request.url())) foreign.push(request.url());
  });
  page.on("console", (message) => {
    const text = message.text();
    if ((message.type() === "error" || /\bERROR\b/.test(text.slice(0, 60))) && !NOISE.test(text)) complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, complaints, foreign };
}

/** Asks from outside: the page's own security policy forbids what `waitForFunction` does inside it. */
export function until(page: Page, condition: string, timeout = 60_000): Promise<void> {
  return expect.poll(() => page.evaluate(condition), { timeout, interval: 250, message: condition }).toBe(true);
}

/**
 * Clicks where a viewer has drawn something. It must have drawn what is under the mouse before it is pressed; what is pressed for more
 * than 0.8 s is no click to it, and a picture may take longer than that.
 */
export async function clickAt(page: Page, x: number, y: number): Promise<void> {
  const drawn = () => page.evaluate("new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))");
  await page.mouse.move(x, y);
  await drawn();
  await Promise.all([page.mouse.down(), page.mouse.up()]);
  await drawn();
}
