import { createReadStream, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { RerunError } from "../errors.ts";
import { parseProxyUrl } from "../sinks/grpc/proxy-address.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import type { ListedRecording } from "./listed-recording.ts";
import { pageHtml } from "./page-html.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { TraceSource } from "./trace-list.ts";
import { viewerPackage } from "./viewer-package.ts";

export interface ViewerOptions {
  /** Paths of the recordings. Default: none. */
  readonly files?: readonly string[];
  /** Proxies that the viewer reads from: `rerun+http://127.0.0.1:9876/proxy`. Default: none. */
  readonly connectTo?: readonly string[];
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Arguments of `otel-rerun`, for the line that says how to get the viewer. Default: `view`. */
  readonly typed?: readonly string[];
  /** What is in the files, asked for each time the page is loaded. Default: nothing is known beforehand. */
  readonly recordings?: () => Promise<readonly ListedRecording[]>;
  /** The traces in the files. Default: none are listed. */
  readonly traces?: TraceSource;
  /** There will be more traces: the page goes on asking for them. Default false. */
  readonly isLive?: boolean;
}

export interface ViewerServer {
  readonly url: string;
  readonly port: number;
  /** Does not keep the process alive from now on. */
  unref(): void;
  close(): Promise<void>;
}

/**
 * Serves our page with the official viewer in it and the recordings it opens.
 *
 *   /                        the page               /viewer/<file>            the viewer's package
 *   /page.js, /page.css      its parts              /recordings/<n>/<name>    recording n of `files`
 *   /traces.json?where=…     the list               /traces/<id>.rrd          the waterfall of one trace
 *
 * I11: binds loopback, answers only requests that name it by a loopback name (a page elsewhere cannot reach it by DNS
 * rebinding), and the page may talk to nobody else.
 *
 * A file that is still being written is served as long as it is now: it is valid up to its last whole message (I2), and the
 * viewer stops there.
 *
 * @throws RerunError ERR_RERUN_FILE for a file that cannot be read, ERR_RERUN_MISSING_PEER without the viewer,
 * ERR_RERUN_ARGUMENT for a port that is taken, or a URL that is none of a proxy.
 */
export async function serveViewer(options: ViewerOptions): Promise<ViewerServer> {
  const {
    files = [],
    connectTo = [],
    port = 0,
    host = "127.0.0.1",
    recordings = async () => [],
    traces,
    isLive = false,
    typed,
  } = options;
  const policy = contentSecurityPolicy(connectTo.map(originOf));
  const viewer = viewerPackage(undefined, typed);
  for (const file of files) await assertReadable(file);
  const urls = files.map((file, i) => `/recordings/${i}/${encodeURIComponent(recordingName(file))}`);
  const opened = [...urls, ...connectTo];
  const title = [...files.map((file) => basename(file)), ...connectTo].join(", ");

  async function answer(path: string, query: string, response: ServerResponse): Promise<void> {
    if (path === "/") {
      const page = { urls: opened, recordings: await recordings(), hasTraces: traces !== undefined, isLive };
      return sendText(response, "text/html", pageHtml(title, page));
    }
    if (path === "/page.js") return sendText(response, "text/javascript", PAGE_SCRIPT);
    if (path === "/page.css") return sendText(response, "text/css", PAGE_STYLE);
    const asset = VIEWER_FILES.get(path);
    if (asset !== undefined) return sendFile(response, asset.type, join(viewer, asset.name));
    const recording = urls.indexOf(path);
    if (recording >= 0) return sendFile(response, "application/octet-stream", files[recording] as string);
    if (traces !== undefined && path === "/traces.json") {
      const found = await traces.list(new URLSearchParams(query).get("where") ?? "");
      return sendText(response, "application/json", JSON.stringify(found));
    }
    const traceId = TRACE_PATH.exec(path)?.[1];
    const waterfall = traceId === undefined ? undefined : await traces?.waterfall(traceId);
    if (waterfall !== undefined) return sendFile(response, "application/octet-stream", waterfall);
    response.writeHead(404).end();
  }

  const server = createServer((request, response) => {
    setHeaders(response, policy);
    if (!isLoopbackName(request, host)) response.writeHead(403).end();
    else if (request.method !== "GET" && request.method !== "HEAD")
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    else
      answer(...partsOf(request), response).catch(() =>
        response.headersSent ? response.destroy() : response.writeHead(500).end(),
      );
  });
  await listen(server, port, host);
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    unref: () => server.unref(),
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Where a browser sends what it asks a proxy. */
function originOf(url: string): string {
  const { host, port, isSecure } = parseProxyUrl(url);
  return `http${isSecure ? "s" : ""}://${host}:${port}`;
}

/** `index.js` imports `./re_viewer` without its ending, as bundlers allow. */
const VIEWER_FILES = new Map([
  ["/viewer/index.js", { name: "index.js", type: "text/javascript" }],
  ["/viewer/re_viewer", { name: "re_viewer.js", type: "text/javascript" }],
  ["/viewer/re_viewer.js", { name: "re_viewer.js", type: "text/javascript" }],
  ["/viewer/re_viewer_bg.wasm", { name: "re_viewer_bg.wasm", type: "application/wasm" }],
]);

const TRACE_PATH = /^\/traces\/([0-9a-f]{1,64})\.rrd$/;

/** The viewer tells kinds of data by the ending of the address. */
function recordingName(file: string): string {
  const name = basename(file);
  return /\.(rrd|rbl)$/.test(name) ? name : `${name}.rrd`;
}

async function assertReadable(file: string): Promise<void> {
  try {
    const handle = await open(file);
    const stats = await handle.stat().finally(() => handle.close());
    if (stats.isFile()) return;
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FILE", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  throw new RerunError("ERR_RERUN_FILE", `${file} is not a file; name a recording (.rrd)`);
}

function setHeaders(response: ServerResponse, policy: string): void {
  response.setHeader("content-security-policy", policy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("cache-control", "no-store");
}

function isLoopbackName(request: IncomingMessage, host: string): boolean {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return name === host || name === "localhost" || name === "127.0.0.1" || name === "::1";
}

/** Path and query. */
function partsOf({ url = "/" }: IncomingMessage): [string, string] {
  const query = url.indexOf("?");
  return query < 0 ? [url, ""] : [url.slice(0, query), url.slice(query + 1)];
}

function sendText(response: ServerResponse, type: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-length": body.length });
  response.end(body);
}

async function sendFile(response: ServerResponse, type: string, path: string): Promise<void> {
  const { size } = (await stat(path)) as Stats;
  response.writeHead(200, { "content-type": type, "content-length": size });
  if (response.req.method === "HEAD" || size === 0) {
    response.end();
    return;
  }
  // what is appended meanwhile is not sent: the length was promised above
  const stream = createReadStream(path, { end: size - 1 });
  stream.on("error", () => response.destroy());
  response.on("close", () => stream.destroy());
  stream.pipe(response);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? `port ${port} is taken; choose another, or 0 for any` : cause.message;
      reject(new RerunError("ERR_RERUN_ARGUMENT", `cannot serve on ${host}: ${why}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}
