// An app with its own OpenTelemetry SDK 2.x and no instrumentation of HTTP: a job, and a request with a span of the app's inside.
const { context, trace } = require("@opentelemetry/api");
const { AsyncLocalStorageContextManager } = require("@opentelemetry/context-async-hooks");
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const http = require("node:http");
const express = require("express");
const rr = require("otel-rerun");

const spanProcessors = [new SimpleSpanProcessor(new InMemorySpanExporter())];
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = trace.getTracer("jobs");

const work = (name) =>
  tracer.startActiveSpan(name, async (span) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    tracer.startSpan(`inside ${name}`).end();
    rr.log("app/done", new rr.TextLog(name));
    console.log(`done ${name}`);
    span.end();
  });

const app = express();
app.get("/work/:id", async (req, res) => {
  await work(`work ${req.params.id}`);
  res.end();
});
const server = app.listen(0, "127.0.0.1", async () => {
  await work("nightly report");
  const { port } = server.address();
  http.get({ port, host: "127.0.0.1", path: "/work/1", agent: false }, (res) =>
    // metrics are recorded each second
    res.resume().on("end", () => setTimeout(() => server.close(), 1500)),
  );
});
