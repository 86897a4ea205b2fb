// What it costs to keep spans, in one process. ARM: none (an SDK without a processor), ours, batch (OpenTelemetry's batch processor with
// OTLP protobuf to SINK). PACE: burst (the event loop never turns), turns (it does after each hundred), paced (SPANS_PER_SECOND).
import { createRequire } from "node:module";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { RecordingStream } from "otel-rerun";
import { RecordingSpanProcessor } from "otel-rerun/otel";
import countedExporter from "../express/counted-exporter.cjs";
import { processCpu, threadCpu } from "../rows/rounds.mjs";

const peers = createRequire(new URL("../peers/package.json", import.meta.url));
const { trace, context, SpanKind } = peers("@opentelemetry/api");
const { BasicTracerProvider, BatchSpanProcessor } = peers("@opentelemetry/sdk-trace-base");

const { ARM, PACE, FOLDER, SINK } = process.env;
const spans = Number(process.env.SPANS);
const rounds = Number(process.env.ROUNDS);
const SPANS_PER_SECOND = 10_000;
/** A request: a root and four below it. */
const SPANS_OF_TRACE = 5;

/** `flush` resolves when what was kept is in the file or was sent; `kept` counts it. */
function keeper() {
  if (ARM === "ours") {
    const recording = new RecordingStream("spans");
    recording.save(join(FOLDER, `${process.pid}.rrd`));
    const processor = new RecordingSpanProcessor({ recording });
    return { processors: [processor], flush: () => recording.flush(), kept: () => recording.stats().spans };
  }
  if (ARM === "batch") {
    const { exporter, exported } = countedExporter(SINK);
    const processor = new BatchSpanProcessor(exporter);
    return { processors: [processor], flush: () => processor.forceFlush(), kept: exported };
  }
  return { processors: [], flush: async () => {}, kept: () => 0 };
}

const { processors, flush, kept } = keeper();
const tracer = new BasicTracerProvider({ spanProcessors: processors }).getTracer("bench", "1.0.0");

function attributes(i) {
  return {
    "http.request.method": "GET",
    "url.scheme": "http",
    "url.path": `/items/${i % 1000}`,
    "http.route": "/items/:id",
    "http.response.status_code": 200,
    "server.address": "127.0.0.1",
    "server.port": 8080,
    "network.protocol.version": "1.1",
    "user_agent.original": "bench/1.0",
    "client.address": "127.0.0.1",
  };
}

let root;
let inRoot = context.active();
function one(i) {
  const isRoot = i % SPANS_OF_TRACE === 0;
  if (isRoot) {
    root?.end();
    root = tracer.startSpan("GET /items/:id", { kind: SpanKind.SERVER, attributes: attributes(i) });
    inRoot = trace.setSpan(context.active(), root);
  } else tracer.startSpan("read item", { attributes: attributes(i) }, inRoot).end();
}

async function round() {
  const [begun, cpu, mine] = [performance.now(), processCpu(), threadCpu()];
  for (let i = 0; i < spans; i++) {
    one(i);
    if (PACE === "turns" && i % 100 === 99) await setImmediate();
    if (PACE === "paced" && i % 50 === 49) {
      const ahead = (i / SPANS_PER_SECOND) * 1e3 - (performance.now() - begun);
      if (ahead > 1) await setTimeout(ahead);
    }
  }
  root.end();
  root = undefined;
  const callCpu = threadCpu() - mine;
  await flush();
  return { callCpu, cpu: processCpu() - cpu };
}

const results = [];
for (let no = 0; no < rounds; no++) results.push(await round());
console.log(JSON.stringify({ rounds: results, kept: kept() / (rounds * spans) }));
process.exit(0);
