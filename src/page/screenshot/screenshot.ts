import { setTimeout as sleep } from "node:timers/promises";
import { RerunError } from "../../errors.ts";
import { findBrowser } from "./find-browser.ts";
import { HeadlessBrowser } from "./headless-browser.ts";

export interface ScreenshotOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** How many recordings the viewer has to have opened. */
  readonly recordings: number;
  /** After this long the picture is taken as it is then. Default 90 s: browsers without a graphics card are slow. */
  readonly patienceMillis?: number;
}

/** What our page tells of itself (page-script.ts). */
interface PageState {
  readonly viewer: "loading" | "ready" | "failed";
  readonly recordings: number;
  readonly errors: readonly string[];
}

const STATE = `({
  viewer: document.documentElement.dataset.viewer ?? "loading",
  recordings: globalThis.otelRerun?.recordings.length ?? 0,
  errors: globalThis.otelRerun?.errors ?? [],
})`;

const POLL_MILLIS = 500;

/** Pictures in a row that are the same: the viewer has nothing more to load or to unfold. */
const STILL = 4;

/**
 * A PNG of our page, when the viewer in it has opened everything and the picture stands still.
 *
 * @throws RerunError ERR_RERUN_MISSING_PEER without a browser; ERR_RERUN_FORMAT if the viewer cannot show it.
 */
export async function screenshot(url: string, options: ScreenshotOptions): Promise<Buffer> {
  const { width, height, recordings, patienceMillis = 90_000 } = options;
  const end = performance.now() + patienceMillis;
  const browser = new HeadlessBrowser(findBrowser());
  try {
    const { targetId } = await browser.ask("Target.createTarget", { url: "about:blank" });
    const attached = await browser.ask("Target.attachToTarget", { targetId, flatten: true });
    const ask = (method: string, params: object = {}) => browser.ask(method, params, attached.sessionId as string);
    await ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await ask("Page.navigate", { url });
    while (!isOpen(await stateOf(ask), recordings) && performance.now() < end) await sleep(POLL_MILLIS);
    let picture = await pictureOf(ask);
    for (let same = 1; same < STILL && performance.now() < end; ) {
      await sleep(POLL_MILLIS);
      const next = await pictureOf(ask);
      same = next === picture ? same + 1 : 1;
      picture = next;
    }
    isOpen(await stateOf(ask), recordings);
    return Buffer.from(picture, "base64");
  } finally {
    await browser.close();
  }
}

type Ask = (method: string, params?: object) => Promise<Record<string, unknown>>;

async function stateOf(ask: Ask): Promise<PageState> {
  const { result } = await ask("Runtime.evaluate", { expression: STATE, returnByValue: true });
  const { value } = result as { readonly value?: PageState };
  return value ?? { viewer: "loading", recordings: 0, errors: [] };
}

function isOpen({ viewer, recordings, errors }: PageState, expected: number): boolean {
  if (viewer === "failed" || errors.length > 0) {
    throw new RerunError("ERR_RERUN_FORMAT", `the viewer cannot show it: ${errors.join("; ")}`);
  }
  return viewer === "ready" && recordings >= expected;
}

async function pictureOf(ask: Ask): Promise<string> {
  const { data } = await ask("Page.captureScreenshot", { format: "png" });
  return String(data);
}
