import http, { type IncomingMessage, type RequestListener, type Server } from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import { type AddressInfo, connect } from "node:net";
import { context, createContextKey, trace } from "@opentelemetry/api";
import express5 from "express";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { httpActivity } from "../../../instrumentation/http/http-activity.ts";
import { setRecordedHeaders } from "../../../instrumentation/http/recorded-headers.ts";
import { redactSpan } from "../../../instrumentation/redact.ts";
import { setGlobalDataRecording } from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { Span } from "../../../src/telemetry/model.ts";
import { recorded } from "../otel/recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("../otel/fake-recorder.ts"));
const { HttpInstrumentation } = await import("../../../instrumentation/http.ts");
const { ExpressInstrumentation } = await import("../../../instrumentation/express.ts");

const express4 = createRequire(import.meta.url)("express4") as typeof express5;
const instrumentations = [new HttpInstrumentation(), new ExpressInstrumentation()];
let recording: RecordingStream;
let server: Server | undefined;

beforeAll(() => {
  for (const instrumentation of instrumentations) instrumentation.enable();
});
afterAll(() => {
  for (const instrumentation of instrumentations) instrumentation.disable();
  context.disable();
});
beforeEach(() => {
  recording = new RecordingStream("shop");
  setGlobalDataRecording(recording);
});
afterEach(async () => {
  setGlobalDataRecording(undefined);
  server?.closeAllConnections();
  await new Promise((closed) => server?.close(closed) ?? closed(undefined));
  server = undefined;
});

async function listen(app: RequestListener): Promise<number> {
  server = http.createServer(app);
  await new Promise<void>((ready) => server?.listen(0, "127.0.0.1", ready));
  return (server.address() as AddressInfo).port;
}

/** By a raw socket, so that no client span of ours is among what is looked at. */
function get(port: number, ...paths: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => {
      paths.forEach((path, at) => {
        const last = at === paths.length - 1;
        socket.write(`GET ${path} HTTP/1.1\r\nhost: shop.test\r\n${last ? "connection: close\r\n" : ""}\r\n`);
      });
    });
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    socket.on("close", () => resolve(text)).on("error", reject);
  });
}

async function spansOf(n: number): Promise<Span[]> {
  await vi.waitFor(() => expect(servers()).toHaveLength(n), { timeout: 5000 });
  return servers();
}
const servers = (): Span[] => recorded(recording).spans.filter(({ kind }) => kind === 1);
const layers = (span: Span | undefined): string[] =>
  (span?.segments ?? []).map(({ name }) => name).filter((name) => !/query|expressInit/.test(name));

describe.each([
  ["Express 5", express5],
  ["Express 4", express4],
])("%s", (_, express) => {
  it("names a request after the route of nested routers and mounted apps", async () => {
    const app = express();
    const items = express.Router({ mergeParams: true });
    items.get("/:item", (_req, res) => void res.send("item"));
    const shops = express.Router();
    shops.use("/:shop/items", items);
    const admin = express();
    admin.get("/users/:user", (_req, res) => void res.send("user"));
    app.use("/shops", shops);
    app.use("/admin", admin);
    app.get("/", (_req, res) => void res.send("root"));
    const port = await listen(app);
    for (const path of ["/shops/7/items/3?color=red", "/admin/users/9", "/", "/nowhere"]) await get(port, path);
    const spans = await spansOf(4);
    expect(spans.map(({ name }) => name)).toEqual([
      "GET /shops/:shop/items/:item",
      "GET /admin/users/:user",
      "GET /",
      "GET",
    ]);
    expect(spans.map(({ attributes }) => attributes["http.response.status_code"])).toEqual([200, 200, 200, 404]);
    expect(spans[0]?.attributes).toMatchObject({
      "http.route": "/shops/:shop/items/:item",
      "url.path": "/shops/7/items/3",
      "url.query": "color=REDACTED",
      "server.address": "shop.test",
    });
    expect(spans.every(({ status }) => status.code === 0)).toBe(true);
  });

  it("has middleware and handlers as segments, which are the parents of what runs in them", async () => {
    const app = express();
    app.use(function session(_req, _res, next) {
      trace.getTracer("app").startActiveSpan("load session", (span) => {
        span.end();
        next();
      });
    });
    app.get("/orders/:id", async function order(_req, res) {
      await new Promise((later) => setTimeout(later, 2));
      trace.getTracer("app").startSpan("load order").end();
      res.send("order");
    });
    const port = await listen(app);
    await get(port, "/orders/1");
    const [span] = await spansOf(1);
    expect(layers(span)).toEqual(["middleware - session", "request handler - /orders/:id"]);
    const inner = recorded(recording).spans.filter(({ kind }) => kind === 0);
    expect(inner.map(({ name }) => name)).toEqual(["load session", "load order"]);
    for (const { traceId, parentSpanId } of inner) {
      expect(traceId).toBe(span?.traceId);
      expect(parentSpanId).not.toBe(span?.spanId);
    }
    expect(inner[0]?.parentSpanId).not.toBe(inner[1]?.parentSpanId);
  });

  it("records errors that are thrown, rejected or given to next, with and without an error handler", async () => {
    for (const handled of [false, true]) {
      const app = express();
      app.set("env", "test"); // else Express prints them
      app.get("/thrown", () => {
        throw new TypeError("thrown");
      });
      app.get("/next", (_req, _res, next) => void setTimeout(() => next(new Error("by next")), 1));
      app.get("/async", async (_req, _res, next) => {
        await Promise.resolve();
        if (express === express5) throw new Error("rejected");
        next(new Error("rejected"));
      });
      if (handled)
        app.use(((_error, _req, res, _next) => void res.status(503).send("sorry")) as express5.ErrorRequestHandler);
      const port = await listen(app);
      for (const path of ["/thrown", "/next", "/async"]) await get(port, path);
      const spans = (await spansOf(handled ? 6 : 3)).slice(-3);
      expect(spans.map(({ name }) => name)).toEqual(["GET /thrown", "GET /next", "GET /async"]);
      expect(spans.map(({ status }) => [status.code, status.message])).toEqual([
        [2, "thrown"],
        [2, "by next"],
        [2, "rejected"],
      ]);
      expect(
        spans.map(({ events }) => events.map(({ name, attributes }) => `${name} ${attributes["exception.message"]}`)),
      ).toEqual([["exception thrown"], ["exception by next"], ["exception rejected"]]);
      expect(spans[0]?.events[0]?.attributes["exception.stacktrace"]).toContain("express.test.ts");
      expect(spans.map(({ attributes }) => attributes["http.response.status_code"])).toEqual(
        Array(3).fill(handled ? 503 : 500),
      );
      await new Promise((closed) => server?.close(closed));
    }
  });

  it("ends a request that its client gave up, and says so", async () => {
    const app = express();
    const closed = new Promise<string | undefined>((resolve) => {
      app.get("/slow", (req, res) => {
        res.on("close", () => resolve(trace.getActiveSpan()?.spanContext().traceId));
        (req as IncomingMessage).socket.once("close", () => {});
      });
    });
    const port = await listen(app);
    const socket = connect(port, "127.0.0.1", () => socket.write("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n"));
    setTimeout(() => socket.destroy(), 50);
    const traceId = await closed;
    const [span] = await spansOf(1);
    expect(span).toMatchObject({
      name: "GET /slow",
      status: { code: 0 },
      attributes: { "error.type": "aborted" },
      traceId,
    });
    expect(span?.attributes).not.toHaveProperty("http.response.status_code");
    expect(httpActivity.active).toBe(0);
  });

  it("keeps requests of one connection apart", async () => {
    const app = express();
    app.get("/n/:n", (req, res) => {
      const { n } = req.params;
      setTimeout(() => {
        trace.getTracer("app").startSpan(`work ${n}`).end();
        res.send(n);
      }, 5);
    });
    const port = await listen(app);
    await get(port, "/n/1", "/n/2", "/n/3");
    const spans = await spansOf(3);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
    for (const [at, span] of spans.entries()) {
      const inner = recorded(recording).spans.filter(({ kind, traceId }) => kind === 0 && traceId === span.traceId);
      expect(inner.map(({ name }) => name)).toEqual([`work ${at + 1}`]);
    }
  });

  it("finds an app behind a wrapper function, from the second request on with its layers", async () => {
    const app = express();
    app.get("/a/:b", function wrapped(_req, res) {
      res.send("x");
    });
    const port = await listen((req, res) => app(req, res));
    await get(port, "/a/1");
    await get(port, "/a/2");
    const spans = await spansOf(2);
    expect(spans.map(({ name }) => name)).toEqual(["GET /a/:b", "GET /a/:b"]);
    expect(layers(spans[1])).toEqual(["request handler - /a/:b"]);
  });
});

describe("HTTP", () => {
  it("joins services: the client span is the parent of the request that the other one answers", async () => {
    const port = await listen((_req, res) => void res.end("ok"));
    for (const send of [
      () => fetch(`http://127.0.0.1:${port}/a?token=q0secret0q`).then((response) => response.text()),
      () =>
        new Promise((done) =>
          http.get({ port, host: "127.0.0.1", path: "/b", agent: false }, (res) => res.resume().on("close", done)),
        ),
    ]) {
      const before = servers().length;
      await send();
      const served = (await spansOf(before + 1)).at(-1);
      await vi.waitFor(() => {
        const client = recorded(recording).spans.find(
          ({ kind, spanId }) => kind === 2 && spanId === served?.parentSpanId,
        );
        expect(client).toMatchObject({ traceId: served?.traceId, attributes: { "http.response.status_code": 200 } });
        expect(client?.attributes["url.full"]).not.toContain("q0secret0q");
      });
    }
  });

  it("records https as http, on both sides", async () => {
    // a key that both know: no certificate, which would run out
    const tls = { ciphers: "PSK", maxVersion: "TLSv1.2" } as const;
    const psk = Buffer.alloc(16, 7);
    const app = express5();
    app.get("/pay/:id", (_req, res) => void res.send("paid"));
    server = https.createServer({ ...tls, pskCallback: () => psk }, app);
    await new Promise<void>((ready) => server?.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    const pskCallback = () => ({ psk, identity: "shop" });
    const options = { ...tls, pskCallback, checkServerIdentity: () => undefined };
    await new Promise((done, failed) => {
      const request = https.get({ ...options, host: "127.0.0.1", port, path: "/pay/7", agent: false }, (res) =>
        res.resume().on("close", done),
      );
      request.on("error", failed);
    });
    const [served] = await spansOf(1);
    expect(served).toMatchObject({ name: "GET /pay/:id", attributes: { "url.scheme": "https" } });
    await vi.waitFor(() => {
      const client = recorded(recording).spans.find(({ spanId }) => spanId === served?.parentSpanId);
      expect(client?.attributes).toMatchObject({ "url.full": `https://127.0.0.1:${port}/pay/7` });
    });
  });

  it("records no header but host and user agent (I12)", async () => {
    const port = await listen((_req, res) => {
      res.setHeader("x-answer", "q0secret0q");
      res.end();
    });
    await new Promise((done) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write(
          "GET / HTTP/1.1\r\nhost: a\r\nx-anything: q0secret0q\r\ncookie: a=q0secret0q\r\nconnection: close\r\n\r\n",
        ),
      );
      socket.resume().on("close", done);
    });
    expect(JSON.stringify((await spansOf(1))[0]?.attributes)).not.toContain("q0secret0q");
  });

  it("records the headers that were asked for, of request and response; secrets among them redacted (I12)", async () => {
    setRecordedHeaders("server", { request: ["X-Request-Id", "cookie"], response: ["content-type", "set-cookie"] });
    try {
      const port = await listen((_req, res) => {
        res.setHeader("content-type", "text/plain").setHeader("set-cookie", ["a=q0secret0q"]).setHeader("x-other", "1");
        res.end();
      });
      await new Promise((done) => {
        const head = "GET / HTTP/1.1\r\nhost: a\r\nx-request-id: 7\r\ncookie: q0secret0q\r\nconnection: close\r\n\r\n";
        const socket = connect(port, "127.0.0.1", () => socket.write(head));
        socket.resume().on("close", done);
      });
      const [span] = await spansOf(1);
      if (span === undefined) throw new Error("no span");
      expect(redactSpan(span).attributes).toMatchObject({
        "http.request.header.x-request-id": ["7"],
        "http.request.header.cookie": "REDACTED",
        "http.response.header.content-type": ["text/plain"],
        "http.response.header.set-cookie": "REDACTED",
      });
      expect(JSON.stringify(redactSpan(span).attributes)).not.toContain("x-other");
    } finally {
      setRecordedHeaders("server", {});
    }
  });

  it("takes the route that an instrumentation of a framework has put into the RPC metadata", async () => {
    const key = createContextKey("OpenTelemetry SDK Context Key RPC_METADATA");
    const port = await listen((_req, res) => {
      (context.active().getValue(key) as { route?: string }).route = "/fastify/:id";
      res.end();
    });
    await get(port, "/fastify/7");
    expect((await spansOf(1))[0]).toMatchObject({
      name: "GET /fastify/:id",
      attributes: { "http.route": "/fastify/:id" },
    });
  });

  it("counts what the line at the end says", async () => {
    const before = { ...httpActivity };
    const port = await listen((req, res) => {
      res.statusCode = req.url === "/bad" ? 500 : 200;
      res.end();
    });
    await get(port, "/good");
    await get(port, "/bad");
    await spansOf(2);
    expect(httpActivity.requests - before.requests).toBe(2);
    expect(httpActivity.failed - before.failed).toBe(1);
    expect(httpActivity.withoutRoute - before.withoutRoute).toBe(2);
  });

  it("counts a route that somebody else put on the span as one", async () => {
    const before = { ...httpActivity };
    const port = await listen((_, res) => {
      trace.getActiveSpan()?.setAttribute("http.route", "/fastify/:id");
      res.end();
    });
    await get(port, "/fastify/7");
    expect((await spansOf(1))[0]).toMatchObject({ attributes: { "http.route": "/fastify/:id" } });
    expect(httpActivity.requests - before.requests).toBe(1);
    expect(httpActivity.withoutRoute - before.withoutRoute).toBe(0);
  });

  it("stands back where OpenTelemetry's own instrumentation has wrapped the server", async () => {
    const original = http.Server.prototype.emit;
    const wrapped = Object.assign(
      function emit(this: Server, ...args: Parameters<Server["emit"]>) {
        return Reflect.apply(original, this, args);
      },
      { __wrapped: true },
    );
    http.Server.prototype.emit = wrapped as unknown as typeof original;
    try {
      const port = await listen((_req, res) => void res.end("ok"));
      expect(await get(port, "/")).toContain("ok");
      expect(servers()).toEqual([]);
    } finally {
      Reflect.deleteProperty(http.Server.prototype, "emit");
    }
  });
});
