// Writes dist/sample.rrd, what `otel-rerun view --sample` shows: half a minute of a shop and its stock, told as OTLP and recorded by the
// package that was just built. The same telemetry each time: numbers come from a seed, times are fixed.
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { RecordingStream } = require("../dist/index.cjs");
const { convert } = require("../dist/bridges.cjs");

const START = 1_767_261_600_000; // 2026-01-01T10:00:00Z
const REQUESTS = 40;
const MILLIS_BETWEEN = 700;
const path = fileURLToPath(new URL("../dist/sample.rrd", import.meta.url));

/** Marsaglia's xorshift, 32 bits; 0 ≤ x < 1. */
let seed = 20260101;
function random() {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) / 2 ** 32;
}
const between = (least, most) => least + random() * (most - least);
const digits = (length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
const nanos = (millis) => `${Math.round((START + millis) * 1000)}000`;

const spans = { shop: [], stock: [] };
const logs = { shop: [], stock: [] };

/** A span; children are made by `within`, which is given its context and its start. */
function span(service, { traceId, spanId: parentSpanId }, name, kind, start, millis, attributes, failure) {
  const spanId = digits(16);
  spans[service].push({
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    name,
    kind,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + millis),
    attributes: attributesOf(attributes),
    status: failure === undefined ? {} : { code: 2, message: failure.message },
    events: failure === undefined ? [] : [exception(failure, start + millis * 0.9)],
  });
  return { traceId, spanId };
}

function exception({ type, message, stack }, at) {
  const attributes = { "exception.type": type, "exception.message": message, "exception.stacktrace": stack };
  return { name: "exception", timeUnixNano: nanos(at), attributes: attributesOf(attributes) };
}

function log(service, { traceId, spanId }, at, severity, text, attributes = {}) {
  logs[service].push({
    traceId,
    spanId,
    timeUnixNano: nanos(at),
    severityNumber: { INFO: 9, WARN: 13, ERROR: 17 }[severity],
    severityText: severity,
    body: { stringValue: text },
    attributes: attributesOf(attributes),
  });
}

const server = (method, route, status) => ({
  "http.request.method": method,
  "http.route": route,
  "http.response.status_code": status,
});
const query = (text) => ({ "db.system.name": "postgresql", "db.query.text": text });

/** What the shop asks the stock, and what the stock does for it. */
function askStock(parent, start, millis, product, failure) {
  const call = span("shop", parent, "GET", 3, start, millis, {
    "http.request.method": "GET",
    "url.full": `http://stock:4001/stock/${product}`,
  });
  const status = failure === undefined ? 200 : 500;
  const work = span(
    "stock",
    call,
    "GET /stock/:id",
    2,
    start + 0.8,
    millis - 1.6,
    server("GET", "/stock/:id", status),
    failure,
  );
  span(
    "stock",
    work,
    "SELECT stock",
    3,
    start + 1.4,
    millis * 0.5,
    query("SELECT amount FROM stock WHERE product = $1"),
  );
  if (failure !== undefined) log("stock", work, start + millis * 0.9, "ERROR", failure.message, { product });
}

const ROUTES = [
  function product(root, start, no) {
    const id = 1 + Math.floor(random() * 40);
    const [read, asked] = [between(2, 6), between(5, 14)];
    const fails = no % 12 === 6;
    const failure = fails
      ? {
          type: "RangeError",
          message: `no shelf for product ${id}`,
          stack: `RangeError: no shelf for product ${id}\n    at shelfOf (stock.js:31:11)\n    at GET /stock/:id (stock.js:12:18)`,
        }
      : undefined;
    const total = read + asked + 2;
    const context = span(
      "shop",
      root,
      "GET /products/:id",
      2,
      start,
      total,
      server("GET", "/products/:id", fails ? 502 : 200),
    );
    span("shop", context, "SELECT products", 3, start + 0.5, read, query("SELECT * FROM products WHERE id = $1"));
    askStock(context, start + read + 1, asked, id, failure);
    if (fails) log("shop", context, start + total - 0.4, "ERROR", `the stock does not know product ${id}`);
  },
  function cart(root, start) {
    const [read, draw] = [between(3, 9), between(4, 8)];
    const context = span("shop", root, "GET /cart", 2, start, read + draw + 1, server("GET", "/cart", 200));
    span("shop", context, "SELECT carts", 3, start + 0.4, read, query("SELECT * FROM carts WHERE customer = $1"));
    span("shop", context, "render cart", 1, start + read + 0.6, draw, { "view.name": "cart" });
  },
  function order(root, start) {
    const paid = random() < 0.25 ? between(260, 420) : between(30, 60);
    const context = span("shop", root, "POST /orders", 2, start, paid + 22, server("POST", "/orders", 201));
    span("shop", context, "validate", 1, start + 0.5, 1.5, {});
    askStock(context, start + 3, between(6, 12), 1 + Math.floor(random() * 12), undefined);
    span("shop", context, "charge card", 3, start + 17, paid, {
      "server.address": "payments.example",
      "peer.service": "payments",
    });
    if (paid > 200)
      log("shop", context, start + 17 + paid, "WARN", `payment took ${Math.round(paid)} ms`, { attempt: 2 });
    log("shop", context, start + paid + 21, "INFO", "order accepted", { total: Math.round(between(1000, 9000)) / 100 });
  },
];

for (let no = 0; no < REQUESTS; no++) {
  const start = no * MILLIS_BETWEEN + between(0, 300);
  ROUTES[no % 3]({ traceId: digits(32) }, start, no);
}

const seconds = Array.from({ length: (REQUESTS * MILLIS_BETWEEN) / 1000 }, (_, i) => i);
const gauge = (name, unit, values) => ({
  name,
  unit,
  gauge: { dataPoints: values.map((asDouble, i) => ({ timeUnixNano: nanos(i * 1000), asDouble })) },
});
const metrics = [
  gauge(
    "process.cpu.utilization",
    "1",
    seconds.map((s) => 0.2 + 0.15 * Math.sin(s / 4) + between(0, 0.1)),
  ),
  gauge(
    "nodejs.eventloop.delay.p99",
    "s",
    seconds.map((s) => (s % 9 === 8 ? between(0.02, 0.06) : between(0.001, 0.004))),
  ),
  gauge(
    "v8js.memory.heap.used",
    "By",
    seconds.map((s) => 4e7 + (s % 8) * 3e6 + between(0, 1e6)),
  ),
];

const scope = { name: "sample" };
const parts = ["shop", "stock"].flatMap((service) => {
  const resource = { attributes: attributesOf({ "service.name": service, "service.version": "1.4.0" }) };
  return [
    { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans[service] }] }] },
    { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: logs[service] }] }] },
    ...(service === "shop" ? [{ resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }] : []),
  ];
});

function attributesOf(values) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value !== "number"
        ? { stringValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
  }));
}

rmSync(path, { force: true });
const recording = new RecordingStream("sample shop", {
  recordingId: "sample",
  sendProperties: false,
  telemetry: { clock: "data" },
});
recording.save(path);
const { skipped } = await convert(Buffer.from(parts.map((part) => JSON.stringify(part)).join("\n")), recording);
recording.sendRecordingStartTime(BigInt(START) * 1_000_000n);
recording.sendRecordingName("a shop and its stock");
await recording.shutdown({ timeoutMillis: 60_000 });
if (skipped > 0) throw new Error(`${skipped} parts of the sample cannot be read`);
