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
import { convertInputs } from "../../../src/bridges/convert.ts";
import { RecordingSpanProcessor } from "../../../src/otel.ts";
import { openRrd } from "../../../src/reader.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { Span } from "../../../src/telemetry/model.ts";
import { telemetryRecorder } from "../../../src/telemetry/recorder.ts";
import { convertToFile, newFile } from "./converted.ts";
import { describeWithDumps, dump, expected as dumps } from "./dumps.ts";
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

/**
 * Everything in a file, row by row, ids of rows, chunks and recordings aside. Of static rows the last, which is what viewers show:
 * how often a summary was written before is a matter of the clock.
 */
async function contentOf(path: string): Promise<unknown[]> {
  const reader = await openRrd(path);
  const rows: string[] = [];
  const statics = new Map<string, string>();
  for (const store of reader.recordings()) {
    const isRun = !store.applicationId.endsWith(" requests");
    for await (const chunk of reader.chunks(store)) {
      // when and by whom it was written, and how much
      if (chunk.entityPath === "/__properties" || chunk.entityPath === "/__properties/recorder") continue;
      for (let row = 0; row < chunk.numRows; row++) {
        const times = chunk.timelines.map((timeline) => [timeline.name, timeline.get(row)]);
        const cells = chunk.components.map((column) => [column.component, column.get(row)]);
        const place = [store.kind, isRun ? "run" : "trace", chunk.entityPath];
        const text = JSON.stringify([place, times.sort(), cells.sort()], (_, value: unknown) =>
          typeof value === "bigint" ? `${value}n` : value,
        );
        const names = chunk.components.map(({ component }) => component).sort();
        if (chunk.isStatic) statics.set([store.recordingId, ...place, ...names].join(), text);
        else rows.push(text);
      }
    }
  }
  return [...rows, ...statics.values()].map((row) => row.replaceAll(/recording_id=[^)\\"]*/g, "recording_id=…")).sort();
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

const hrTime = (nanos: bigint): [number, number] => [Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)];

/** A span as the SDK hands it to processors. */
function readable(span: Span, isRemote: boolean | undefined): ReadableSpan {
  const context = (traceId: string, spanId: string) => ({ traceId, spanId, traceFlags: 1 });
  const { traceId, parentSpanId } = span;
  return {
    name: span.name,
    kind: span.kind as number,
    spanContext: () => context(traceId, span.spanId),
    ...(parentSpanId !== undefined && {
      parentSpanContext: { ...context(traceId, parentSpanId), isRemote: isRemote === true },
    }),
    startTime: hrTime(span.startTime),
    endTime: hrTime(span.endTime),
    duration: hrTime(span.endTime - span.startTime),
    ended: true,
    status: span.status,
    attributes: span.attributes,
    events: span.events.map(({ name, time, attributes }) => ({ name, time: hrTime(time), attributes })),
    links: span.links.map((link) => ({ context: context(link.traceId, link.spanId), attributes: link.attributes })),
    instrumentationScope: span.scope,
    resource: span.resource,
    droppedAttributesCount: span.droppedAttributes ?? 0,
    droppedEventsCount: span.droppedEvents ?? 0,
    droppedLinksCount: span.droppedLinks ?? 0,
  } as unknown as ReadableSpan;
}

describeWithDumps("the spans of every dump", () => {
  const traces = Object.entries(dumps).filter(([, { spans }]) => spans > 0);

  it.each(traces)("%s: the same, row by row, as they would have been recorded live", async (name) => {
    const { path } = await convertToFile(dump(name));
    const live = newFile();
    // requests a second are counted by the clock: that of then, since it is replayed now
    const recording = new RecordingStream("converted", { sendProperties: false, telemetry: { clock: "data" } });
    recording.save(live);
    const recorder = telemetryRecorder(recording);
    const processor = new RecordingSpanProcessor({ recording });
    await convertInputs([dump(name)], {
      trace({ spans, roots, logs }) {
        const ends = [...spans].filter((span) => !roots.has(span)).map((span) => readable(span, span.parentIsRemote));
        const first = [...roots].sort(by("startTime")).filter(({ startTime }) => startTime > 0n);
        for (const root of first) processor.onStart(readable(root, true) as never, context.active());
        for (const record of logs) recorder.log(record);
        for (const span of ends) processor.onEnd(span);
        for (const root of [...roots].sort(by("endTime"))) processor.onEnd(readable(root, root.parentIsRemote));
      },
      log: (record) => recorder.log(record),
      point: (point) => recorder.metric(point),
    });
    await recording.shutdown({ timeoutMillis: 60_000 });
    expect(await contentOf(live)).toEqual(await contentOf(path));
  });
});

function by(time: "startTime" | "endTime"): (a: Span, b: Span) => number {
  return (a, b) => (a[time] < b[time] ? -1 : a[time] > b[time] ? 1 : 0);
}
