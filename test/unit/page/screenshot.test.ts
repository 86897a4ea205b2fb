import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { findBrowser } from "../../../src/page/screenshot/find-browser.ts";
import { screenshot } from "../../../src/page/screenshot/screenshot.ts";
import { chromium, describeWithChromium } from "../../oracle.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-screenshot-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe("the browser", () => {
  const program = (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, "");
    return path;
  };

  it("is the one that is named, else the first on the PATH", () => {
    const mine = program("mine");
    const chrome = program("google-chrome");
    const env = { PATH: `/nowhere:${folder}`, CHROMIUM: mine };
    expect(findBrowser(env, "linux")).toBe(mine);
    expect(findBrowser({ ...env, CHROMIUM: "" }, "linux")).toBe(chrome);
    expect(findBrowser({ PATH: "", CHROME_PATH: chrome }, "linux")).toBe(chrome);
  });

  it.each([
    [{ PATH: "/nowhere" }, /none was found; install one/],
    [{ PATH: "/nowhere", CHROMIUM: "/nowhere/chromium" }, /no browser at \/nowhere\/chromium/],
  ])("that is not there is missed with what to do: %j", (env, message) => {
    expect(() => findBrowser(env, "linux")).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_MISSING_PEER", message: expect.stringMatching(message) }),
    );
  });

  it("that ends at once is told by its last words", async () => {
    vi.stubEnv("CHROMIUM", process.execPath); // does not know the options
    await expect(screenshot("http://127.0.0.1:9/", { width: 8, height: 8, recordings: 0 })).rejects.toMatchObject({
      code: "ERR_RERUN_MISSING_PEER",
      message: expect.stringMatching(/ended with 9: .*; set CHROMIUM/),
    });
  });
});

describeWithChromium("the picture", () => {
  let server: Server;
  let body = "";
  let url: string;
  beforeAll(async () => {
    server = createServer((_, response) => response.setHeader("content-type", "text/html").end(body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  /** A page that tells of itself as ours does, and opens its recording a second later. */
  function page(errors: readonly string[] = []): string {
    return `<html data-viewer="loading"><body style="margin:0;background:#f00"><script>
window.otelRerun = { recordings: [], errors: ${JSON.stringify(errors)} };
setTimeout(() => {
  document.documentElement.dataset.viewer = "ready";
  otelRerun.recordings.push({});
  document.body.style.background = "#0f0";
}, 1000);
</script>`;
  }

  it("is taken when everything is open and stands still, and the browser leaves nothing behind", async () => {
    vi.stubEnv("CHROMIUM", chromium as string);
    vi.stubEnv("TMPDIR", folder);
    body = page();
    const png = await screenshot(url, { width: 300, height: 200, recordings: 1 });
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 200]);
    body = `<body style="margin:0;background:#0f0"><script>otelRerun = { recordings: [], errors: [] };document.documentElement.dataset.viewer = "ready"</script>`;
    expect(png.equals(await screenshot(url, { width: 300, height: 200, recordings: 0 }))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith("otel-rerun-browser-"))).toEqual([]);
  });

  it("is not taken of what the viewer refuses", async () => {
    vi.stubEnv("CHROMIUM", chromium as string);
    body = page(["not a recording"]);
    await expect(screenshot(url, { width: 300, height: 200, recordings: 1 })).rejects.toMatchObject({
      code: "ERR_RERUN_FORMAT",
      message: "the viewer cannot show it: not a recording",
    });
  });
});
