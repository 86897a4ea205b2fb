import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, it } from "vitest";
import { RecordingSpanProcessor } from "../../../src/otel.ts";
import { openRrd } from "../../../src/reader.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { convertToFile, newFile } from "./converted.ts";
import "../../../src/index.ts";

/**
 * A request of the real SDK, recorded while it happens: server span, two children, an event, an exception, a link and attributes of
 * all types.
 */
function request(recording: RecordingStream): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "shop", "host.cpus": 4 }),
    spanProcessors: [new SimpleSpanProcessor(exporter), new RecordingSpanProcessor({ recording })],
  });
  const tracer = provider.getTracer("shop-tracer", "1.2.3");
  const root = tracer.startSpan("GET /cart", {
    kind: SpanKind.SERVER,
    attributes: { "http.route": "/cart", n: 1, x: 0.5 },
  });
  const inRoot = trace.setSpan(context.active(), root);
  const query = tracer.startSpan("SELECT", { kind: SpanKind.CLIENT, links: [{ context: root.spanContext() }] }, inRoot);
  query.addEvent("row", { count: 3, tags: ["a", "b"] });
  query.end();
  const render = tracer.startSpan("render", {}, inRoot);
  render.recordException(new TypeError("no template"));
  render.setStatus({ code: SpanStatusCode.ERROR, message: "no template" });
  render.end();
  root.setAttribute("done", true);
  root.end();
  return exporter.getFinishedSpans();
}

/** Everything in a file, row by row, ids of rows, chunks and recordings aside. */
async function contentOf(path: string): Promise<unknown[]> {
  const reader = await openRrd(path);
  const rows: string[] = [];
  for (const store of reader.recordings()) {
    const isRun = !store.applicationId.endsWith(" requests");
    for await (const chunk of reader.chunks(store)) {
      // when and by whom it was written, and how much
      if (chunk.entityPath === "/__properties" || chunk.entityPath === "/__properties/recorder") continue;
      for (let row = 0; row < chunk.numRows; row++) {
        const times = chunk.timelines.map((timeline) => [timeline.name, timeline.get(row)]);
        const cells = chunk.components.map((column) => [column.component, column.get(row)]);
        const place = [store.kind, isRun ? "run" : "trace", chunk.entityPath];
        rows.push(
          JSON.stringify([place, times.sort(), cells.sort()], (_, value: unknown) =>
            typeof value === "bigint" ? `${value}n` : value,
          ),
        );
      }
    }
  }
  return rows.map((row) => row.replaceAll(/recording_id=[^)\\"]*/g, "recording_id=…")).sort();
}

it("a trace that was recorded live and one that was exported and converted are the same, row by row", async () => {
  const live = newFile();
  const recording = new RecordingStream("converted", { sendProperties: false });
  recording.save(live);
  const spans = request(recording);
  await recording.shutdown({});
  const json = await convertToFile(JsonTraceSerializer.serializeRequest(spans)!);
  const protobuf = await convertToFile(ProtobufTraceSerializer.serializeRequest(spans)!);
  const expected = await contentOf(live);
  expect(expected.length).toBeGreaterThan(30);
  expect(await contentOf(json.path)).toEqual(expected);
  expect(await contentOf(protobuf.path)).toEqual(expected);
});
