// C29 and C34: a recording behind the batch processors of the SDK that is installed here.
import { context, SpanKind, trace } from "@opentelemetry/api";
import * as rr from "otel-rerun";
import { chunksOf, PATIENTLY } from "./read.mjs";

const found = {};
const path = `${process.env.FOLDER}/telemetry.rrd`;
const rec = new rr.RecordingStream("telemetry");
rec.save(path);
const sdk = await import(process.env.SDK_TRACE);
const settings = { maxExportBatchSize: 64, scheduledDelayMillis: 5 };
// SDK 3 has another name for the provider, and takes the exporter among the settings
const [Provider, processor] =
  sdk.TracerProvider === undefined
    ? [sdk.BasicTracerProvider, new sdk.BatchSpanProcessor(rec, settings)]
    : [sdk.TracerProvider, new sdk.BatchSpanProcessor({ exporter: rec, ...settings })];
const provider = new Provider({ spanProcessors: [processor] });
const tracer = provider.getTracer("conformance");

let overlapping = 0;
let isExporting = false;
const exportSpans = rec.export.bind(rec);
rec.export = (spans, callback) => {
  if (isExporting) overlapping++;
  isExporting = true;
  exportSpans(spans, (result) => {
    isExporting = false;
    callback(result);
  });
};
const parent = tracer.startSpan("parent", { kind: SpanKind.SERVER });
const inParent = trace.setSpan(context.active(), parent);
for (let i = 0; i < 1000; i++) {
  tracer.startSpan(`child ${i}`, { attributes: { i } }, inParent).end();
  if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 6));
}
parent.end();
await provider.forceFlush();
await rec.forceFlush().catch(() => rec.flush(PATIENTLY)); // a machine may be that busy
found.overlapping = overlapping;

const all = async (entity, component) =>
  (await chunksOf(path)).filter((chunk) => chunk.entity === entity).flatMap(({ values }) => values[component].flat());
found.names = (await all("/spans", "name")).length;
const { traceId, spanId } = parent.spanContext();
found.isOneTrace = (await all("/spans", "trace_id")).every((id) => id === traceId);
found.parents = (await all("/spans", "parent_span_id")).filter((id) => id === spanId).length;

if (process.env.SDK_LOGS !== undefined) {
  const { RecordingLogRecordExporter, RecordingMetricExporter } = await import("otel-rerun/otel");
  const logs = await import(process.env.SDK_LOGS);
  const logProcessor = new logs.BatchLogRecordProcessor({
    exporter: new RecordingLogRecordExporter({ recording: rec }),
  });
  const logger = new logs.LoggerProvider({ processors: [logProcessor] }).getLogger("app");
  logger.emit({ body: "in the span", severityNumber: 9, severityText: "INFO", context: inParent });
  await logProcessor.forceFlush();
  const metrics = await import(process.env.SDK_METRICS);
  const reader = new metrics.PeriodicExportingMetricReader({
    exporter: new RecordingMetricExporter({ recording: rec }),
  });
  const meter = new metrics.MeterProvider({ readers: [reader] }).getMeter("app");
  meter.createCounter("orders").add(3);
  await reader.forceFlush();
  await rec.flush(PATIENTLY);
  const chunks = await chunksOf(path);
  found.log = chunks
    .filter(({ entity }) => entity.startsWith("/logs"))
    .flatMap(({ values }) => [Object.values(values).flat(2)]);
  found.metrics = chunks.map(({ entity }) => entity).filter((entity) => entity.startsWith("/metrics"));
  found.ids = [traceId, spanId];
  await reader.shutdown();
}
await provider.shutdown();
rec.log("after", new rr.Scalars(1));
await rec.shutdown(PATIENTLY);
found.afterProvider = (await all("/after", "Scalars:scalars")).length;
console.log(JSON.stringify(found));
