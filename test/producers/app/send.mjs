// Sends what the test counts, over all three exporters of the SDK that is installed here: spans, log records, a gauge.
import { context, SpanKind, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import * as logs from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";

const { HTTP, GRPC, LINE, TRACES, RECORDS } = process.env;
const isLine3 = LINE === "sdk3";
const tracing = await import(isLine3 ? "@opentelemetry/sdk-trace" : "@opentelemetry/sdk-trace-base");
const patience = { timeoutMillis: 60_000 };

async function exporterOf(signal, protocol) {
  const { [`OTLP${signal === "logs" ? "Log" : signal === "trace" ? "Trace" : "Metric"}Exporter`]: Exporter } =
    await import(`@opentelemetry/exporter-${signal}-otlp-${protocol}`);
  const path = signal === "trace" ? "traces" : signal;
  const url = protocol === "grpc" ? GRPC : `${HTTP}/v1/${path}`;
  return new Exporter({ ...patience, url, compression: protocol === "proto" ? "gzip" : "none" });
}

// SDK 3 took the exporters into the options
function batchOf(Processor, exporter, options) {
  return isLine3 || Processor === logs.BatchLogRecordProcessor
    ? new Processor({ exporter, ...options })
    : new Processor(exporter, options);
}

async function send(protocol) {
  const resource = resourceFromAttributes({ "service.name": `${LINE}-${protocol}` });
  const queue = { maxExportBatchSize: 128, maxQueueSize: 100_000, exportTimeoutMillis: 60_000 };

  const Provider = tracing.TracerProvider ?? tracing.BasicTracerProvider;
  const tracer = new Provider({
    resource,
    spanProcessors: [batchOf(tracing.BatchSpanProcessor, await exporterOf("trace", protocol), queue)],
  });
  for (let i = 0; i < TRACES; i++) {
    const root = tracer.getTracer("producer").startSpan(`GET /${i}`, { kind: SpanKind.SERVER });
    const inside = trace.setSpan(context.active(), root);
    const child = tracer.getTracer("producer").startSpan(`SELECT ${i}`, { kind: SpanKind.CLIENT }, inside);
    child.setAttribute("row", i);
    child.end();
    root.end();
  }

  const logger = new logs.LoggerProvider({
    resource,
    processors: [batchOf(logs.BatchLogRecordProcessor, await exporterOf("logs", protocol), queue)],
  });
  for (let i = 0; i < RECORDS; i++) logger.getLogger("producer").emit({ body: `record ${i}`, severityNumber: 9 });

  const reader = new PeriodicExportingMetricReader({ exporter: await exporterOf("metrics", protocol) });
  const meter = new MeterProvider({ resource, readers: [reader] });
  meter.getMeter("producer").createGauge("orders").record(Number(RECORDS));

  await Promise.all([tracer.shutdown(), logger.shutdown(), meter.shutdown()]);
}

await Promise.all(["proto", "http", "grpc"].map(send));
