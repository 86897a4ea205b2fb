import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium as engine, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_PAGE_BYTES, tracePage } from "../../../src/page/trace-page/trace-page.ts";
import type { Trace } from "../../../src/telemetry/merge/trace-collector.ts";
import { chromium, describeWithChromium } from "../../oracle.ts";
import { cart } from "../cli/recorded-run.ts";
import { logRecord, MS, span, T0 } from "../telemetry/telemetry.ts";
import { CHROMIUM_ARGUMENTS } from "./chromium-arguments.ts";

const failed = cart(1) satisfies Trace;

/** A trace that is far larger than a page: wide, deep, and with long values. */
function huge(spans: number): Trace {
  const value = "long <value> ".repeat(400);
  return {
    traceId: "f".repeat(32),
    spans: Array.from({ length: spans }, (_, i) =>
      span(`s${i}`, {
        traceId: "f".repeat(32),
        ...(i === 0 ? {} : { parentSpanId: `s${i % 3 === 0 ? i - 1 : 0}` }),
        name: `${i} ${"näme ".repeat(30)}`,
        startTime: T0 + BigInt(i) * MS,
        attributes: { one: value, two: value, three: value },
        ...(i % 10 === 1 ? { status: { code: 2 as const } } : {}),
      }),
    ),
    logs: Array.from({ length: 2000 }, (_, i) => logRecord(`${i} ${value}`, { time: T0 })),
  };
}

describe("the page of a trace", () => {
  it("holds summary, spans, attributes, logs and stacks", () => {
    const page = tracePage([failed]);
    for (const text of [
      "GET /cart",
      "read cart",
      "GET /stock",
      "user.id",
      "host.name",
      "looking for",
      "at find (stock.js:7:1)",
    ]) {
      if (text !== "host.name") expect(page).toContain(text);
    }
    expect(page).toContain("ca10000000000000000000000000000");
  });

  it("lets no markup of a recording through", () => {
    const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>'&\u202e`;
    const trace: Trace = {
      traceId: evil,
      spans: [
        span(evil, {
          traceId: evil,
          name: evil,
          resource: { attributes: { "service.name": evil } },
          scope: { name: evil },
          status: { code: 2, message: evil },
          attributes: { [evil]: evil, "url.path": evil, "http.response.status_code": evil },
          events: [
            { name: evil, time: T0, attributes: { [evil]: [evil] } },
            { name: "exception", time: T0, attributes: { "exception.message": evil, "exception.stacktrace": evil } },
          ],
          links: [{ traceId: evil, spanId: evil, attributes: { [evil]: evil } }],
        }),
      ],
      logs: [logRecord(evil)],
    };
    const page = tracePage([trace]);
    expect(page).not.toMatch(/<img|<script>alert|onerror=alert\(1\)>|\u202e/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  it.each([1, 30, 400, 3000])("stays below 300 KB with %i spans, and says what is not on it", (spans) => {
    const page = tracePage([huge(spans)]);
    expect(Buffer.byteLength(page)).toBeLessThan(MAX_PAGE_BYTES);
    expect(page).toContain("log records are left out");
    if (spans > 1000) expect(page).toMatch(/of 3000 spans are not drawn/);
  });

  it("stays below it with ten such traces", () => {
    const page = tracePage(Array.from({ length: 10 }, () => huge(300)));
    expect(Buffer.byteLength(page)).toBeLessThan(MAX_PAGE_BYTES);
  });
});

describeWithChromium("the page of a trace in a browser", () => {
  const artefacts = fileURLToPath(new URL("../../artefacts", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-trace-page-"));
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(artefacts, { recursive: true });
    browser = await engine.launch({ executablePath: chromium as string, args: CHROMIUM_ARGUMENTS });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(traces: readonly Trace[], options: Parameters<Browser["newPage"]>[0] = {}) {
    const file = join(folder, "trace.html");
    writeFileSync(file, tracePage(traces));
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, ...options });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    return { page, complaints, foreign: requests.filter((request) => request !== url && !request.startsWith("data:")) };
  }

  const widths = (page: Page) =>
    page
      .locator(".bar")
      .evaluateAll((bars) =>
        bars
          .map((bar) =>
            (bar as unknown as { getBoundingClientRect(): { x: number; width: number } }).getBoundingClientRect(),
          )
          .map(({ x, width }) => ({ x, width })),
      );

  it("shows the waterfall and makes no request at all (I11)", async () => {
    const { page, foreign, complaints } = await open([failed]);
    expect(await page.locator("h1").textContent()).toBe("GET /cart");
    const bars = await widths(page);
    expect(bars).toHaveLength(4);
    const [root, read, call, stock] = bars as { x: number; width: number }[];
    // where the spans begin and how long they are, as parts of the root's 40 ms
    const part = (bar: { x: number; width: number } | undefined) => [
      Math.round(((bar!.x - root!.x) / root!.width) * 40),
      Math.round((bar!.width / root!.width) * 40),
    ];
    expect([part(read), part(call), part(stock)]).toEqual([
      [2, 10],
      [14, 20],
      [16, 15],
    ]);
    await page.screenshot({ path: join(artefacts, "trace-page.png") });
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await page.close();
  });

  it("is worked by keyboard alone", async () => {
    const { page } = await open([failed]);
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    expect(await page.locator("details[open] .name").allInnerTexts()).toEqual(["read cart"]);
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("details[open]").count()).toBe(0);
    await page.keyboard.press("/");
    await page.keyboard.type("stock");
    expect(await page.locator("details.span:visible").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator("details.span:visible").count()).toBe(4);
    await page.click("a:has-text('GET /stock')");
    expect(await page.locator("details[open]").textContent()).toContain("TypeError: no <stock>");
    await page.close();
  });

  it("opens without JavaScript too, as in the preview of a mail", async () => {
    const { page } = await open([failed], { javaScriptEnabled: false });
    await page.locator("summary").first().press("Enter");
    expect(await page.locator("details[open]").first().textContent()).toContain("<b>7</b>");
    expect(await page.locator(".tools").isVisible()).toBe(false);
    await page.close();
  });

  it("follows the colours of the system", async () => {
    const background = async (colorScheme: "light" | "dark") => {
      const { page } = await open([failed], { colorScheme });
      const colour = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      await page.screenshot({ path: join(artefacts, `trace-page-${colorScheme}.png`) });
      await page.close();
      return colour;
    };
    expect(await background("light")).toBe("rgb(255, 255, 255)");
    expect(await background("dark")).toMatch(/^rgb\((\d|[1-4]\d), /);
  });
});
