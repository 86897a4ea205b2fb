// An app that starts its own OpenTelemetry SDK 2.x, under `register` or not: provider, propagator and exporter must stay its own.
const { context, propagation, trace } = require("@opentelemetry/api");
const { AsyncLocalStorageContextManager } = require("@opentelemetry/context-async-hooks");
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const http = require("node:http");
const express = require("express");

const early = trace.getTracer("early"); // obtained before the provider, as libraries do

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "checkout" }),
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
const contextManager = new AsyncLocalStorageContextManager().enable();
const seen = [];
const propagator = {
  inject(_context, carrier, setter) {
    setter.set(carrier, "x-mine", "1");
  },
  extract(ctx, carrier, getter) {
    seen.push(getter.get(carrier, "x-mine"));
    return ctx;
  },
  fields: () => ["x-mine"],
};
const registered = {
  provider: trace.setGlobalTracerProvider(provider),
  contextManager: context.setGlobalContextManager(contextManager),
  propagator: propagation.setGlobalPropagator(propagator),
};

const app = express();
app.get("/work/:id", async (req, res) => {
  await early.startActiveSpan("early work", async (span) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    trace.getTracer("app").startSpan("inner work").end();
    span.end();
  });
  res.json({ id: req.params.id });
});
const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  await Promise.all(
    Array.from(
      { length: 10 },
      (_, i) =>
        new Promise((resolve) =>
          http.get({ port, host: "127.0.0.1", path: `/work/${i}`, agent: false }, (res) =>
            res.resume().on("end", resolve),
          ),
        ),
    ),
  );
  server.close();
  setTimeout(() => {
    const spans = exporter.getFinishedSpans();
    console.log(
      JSON.stringify({
        registered,
        delegateIsMine: trace.getTracerProvider().getDelegate() === provider,
        fields: propagation.fields(),
        seen: seen.length,
        mine: spans.filter((span) => span.name === "early work").length,
        inner: spans.filter((span) => span.name === "inner work").length,
        parentsExported: spans
          .filter((span) => span.name === "inner work")
          .every((span) => spans.some((other) => other.spanContext().spanId === span.parentSpanContext?.spanId)),
      }),
    );
  }, 50);
});
