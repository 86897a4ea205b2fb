// The server of the Express benchmark. VARIANT: bare, ours (loaded with --require otel-rerun/register) or upstream.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const peers = createRequire(require.resolve("../peers/package.json"));

let provider;
let exported = () => 0;
if (process.env.VARIANT === "upstream") {
  const { context, trace } = peers("@opentelemetry/api");
  const { AsyncLocalStorageContextManager } = peers("@opentelemetry/context-async-hooks");
  const { BasicTracerProvider, BatchSpanProcessor } = peers("@opentelemetry/sdk-trace-base");
  const { registerInstrumentations } = peers("@opentelemetry/instrumentation");
  const { HttpInstrumentation } = peers("@opentelemetry/instrumentation-http");
  const { ExpressInstrumentation } = peers("@opentelemetry/instrumentation-express");
  const { exporter, exported: count } = require("./counted-exporter.cjs")(process.env.SINK);
  exported = count;
  provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
  });
}

const express = peers("express");
const app = express();
app.disable("x-powered-by");
app.set("etag", false);
app.use(express.json());
app.use(function mark(_req, res, next) {
  res.setHeader("x-mark", "1");
  next();
});
app.get("/items/:id", function item(req, res) {
  res.json({ id: req.params.id, name: "item", price: 12.5, tags: ["a", "b"], ok: true });
});
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
server.keepAliveTimeout = 60_000;

/** Of the run's recording; where each request has its own, it has none. */
function spansSoFar() {
  if (!process.execArgv.includes("otel-rerun/register")) return exported();
  return require("otel-rerun").getGlobalDataRecording()?.stats().spans ?? 0;
}

/** Seconds of CPU of this thread, where the system tells (Linux). */
function ownCpu() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return Number.NaN;
  }
}

let base;
let ownBase = 0;
let spansBefore = 0;
process.on("message", async (message) => {
  if (message === "start") {
    await provider?.forceFlush();
    spansBefore = spansSoFar();
    globalThis.gc?.();
    base = process.cpuUsage();
    ownBase = ownCpu();
    process.send({});
  } else if (message === "stop") {
    await provider?.forceFlush(); // exporting the tail belongs to the bill
    const { user, system } = process.cpuUsage(base);
    process.send({ cpu: (user + system) / 1e6, ownCpu: ownCpu() - ownBase, spans: spansSoFar() - spansBefore });
  } else process.exit(0);
});
