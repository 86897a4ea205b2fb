import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { serveViewer, type ViewerOptions, type ViewerServer } from "../../../src/page/viewer-server.ts";

let folder: string;
let file: string;
const servers: ViewerServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-page-"));
  file = join(folder, "a run #1.rrd");
  writeFileSync(file, "RRF2 and more");
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

async function serve(options: Partial<ViewerOptions> = {}): Promise<ViewerServer> {
  const server = await serveViewer({ files: [file], ...options });
  servers.push(server);
  return server;
}

/** What the page will open, as its script reads it. */
async function opened(url: string) {
  const page = await (await fetch(url)).text();
  return JSON.parse(/id="opened">(.*?)<\/script>/.exec(page)?.[1] ?? "null");
}

function get(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

it("binds loopback, on a free port", async () => {
  expect((await serve()).url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/$/);
});

it("serves the recording at the address the page opens", async () => {
  const { url } = await serve();
  const { urls } = await opened(url);
  expect(urls).toEqual(["/recordings/0/a%20run%20%231.rrd"]);
  expect(await (await fetch(new URL(urls[0], url))).text()).toBe("RRF2 and more");
});

it("serves a file that grows as long as it is at each request (I2)", async () => {
  const { url } = await serve();
  const recording = new URL((await opened(url)).urls[0], url);
  expect((await fetch(recording)).headers.get("content-length")).toBe("13");
  appendFileSync(file, " and more");
  expect(await (await fetch(recording)).text()).toBe("RRF2 and more and more");
});

it("gives a file without the ending one: the viewer tells kinds of data by it", async () => {
  const other = join(folder, "core.dump");
  writeFileSync(other, "");
  const { url } = await serve({ files: [other] });
  const { urls } = await opened(url);
  expect(urls).toEqual(["/recordings/0/core.dump.rrd"]);
  expect((await fetch(new URL(urls[0], url))).headers.get("content-length")).toBe("0");
});

it("serves the files of the viewer that its module asks for", async () => {
  const { url } = await serve();
  for (const [path, type] of [
    ["viewer/index.js", "text/javascript"],
    ["viewer/re_viewer", "text/javascript"],
    ["viewer/re_viewer_bg.wasm", "application/wasm"],
  ] as const) {
    const response = await fetch(url + path, { method: "HEAD" });
    expect([path, response.status, response.headers.get("content-type")]).toEqual([path, 200, type]);
  }
});

it("allows the page to talk to its own server only (I11)", async () => {
  const policy = (await fetch((await serve()).url)).headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*/);
});

it("refuses requests under a foreign name (I11)", async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  expect(await get(url, { host: `evil.example:${port}` })).toBe(403);
  expect(await get(url, { host: `localhost:${port}` })).toBe(200);
});

it.each(["viewer/package.json", "viewer/../../package.json", "recordings/1/x.rrd", "recordings/0/../../a"])(
  "does not serve %s",
  async (path) => {
    const { url } = await serve();
    expect((await fetch(url + path)).status).toBe(404);
  },
);

it("keeps names of files and recordings out of the markup", async () => {
  const name = "</script><script>alert(1)</script>";
  const { url } = await serve({ recordings: async () => [{ applicationId: "app", recordingId: "1", name }] });
  expect(await (await fetch(url)).text()).not.toContain("<script>alert");
  expect((await opened(url)).recordings[0].name).toBe(name);
});

it("lists traces and gives their waterfalls, where there is a source of them", async () => {
  const asked: string[] = [];
  const traces = {
    list: async (where: string) => {
      asked.push(where);
      return { traces: [], total: 0 };
    },
    waterfall: async (traceId: string) => (traceId === "0af7" ? file : undefined),
  };
  const { url } = await serve({ traces });
  expect((await opened(url)).hasTraces).toBe(true);
  expect(await (await fetch(`${url}traces.json?where=${encodeURIComponent("a & b")}`)).json()).toEqual({
    traces: [],
    total: 0,
  });
  expect(asked).toEqual(["a & b"]);
  expect(await (await fetch(`${url}traces/0af7.rrd`)).text()).toBe("RRF2 and more");
  for (const path of ["traces/0af8.rrd", "traces/..%2f0af7.rrd", "traces/0af7"]) {
    expect((await fetch(url + path)).status).toBe(404);
  }
  expect((await fetch(`${(await serve()).url}traces.json`)).status).toBe(404);
});

it("says which file cannot be read", async () => {
  const missing = serve({ files: [join(folder, "none.rrd")] });
  await expect(missing).rejects.toMatchObject({
    code: "ERR_RERUN_FILE",
    message: expect.stringContaining("none.rrd"),
  });
  await expect(serve({ files: [folder] })).rejects.toMatchObject({ code: "ERR_RERUN_FILE" });
});

it("says that a port is taken", async () => {
  const port = Number(new URL((await serve()).url).port);
  await expect(serve({ port })).rejects.toMatchObject({
    code: "ERR_RERUN_ARGUMENT",
    message: expect.stringContaining(String(port)),
  });
});
