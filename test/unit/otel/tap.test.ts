import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { processState } from "../../../src/recording/process-state.ts";
import { type FakeRecording, fakeRecording } from "./fake-recording.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
const { ensureTracing, installTap } = await import("../../../src/otel/install.ts");
const { RecordingSpanProcessor } = await import("../../../src/otel/recording-span-processor.ts");
const { RecordingTracerProvider } = await import("../../../src/otel/recording-tracer-provider.ts");

describe("installTap", () => {
  let recording: FakeRecording;
  let tap: Disposable;
  beforeEach(() => {
    recording = fakeRecording();
    processState().globalRecording = recording;
  });
  afterEach(() => {
    tap[Symbol.dispose]();
    trace.disable();
    context.disable();
    processState().globalRecording = undefined;
  });
  const names = () => recorded(recording).spans.map((span) => span.name);

  it("records the spans of a provider that is registered later, and they still reach its own exporter", () => {
    tap = installTap();
    ensureTracing();
    const early = trace.getTracer("early");
    early.startSpan("ours").end();
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    early.startSpan("by an early tracer").end();
    trace.getTracer("late").startActiveSpan("by a late tracer", (span) => span.end());
    expect(names()).toEqual(["ours", "by an early tracer", "by a late tracer"]);
    expect(recorded(recording).starts.map((span) => span.name)).toEqual(names());
    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(["by an early tracer", "by a late tracer"]);
  });

  it("records the spans of a provider that was registered before", () => {
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    tap = installTap();
    trace.getTracer("t").startSpan("work").end();
    expect(names()).toEqual(["work"]);
  });

  it("writes a span once when the application has our processor, too", () => {
    tap = installTap();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new RecordingSpanProcessor()] }));
    trace.getTracer("t").startSpan("once").end();
    expect(names()).toEqual(["once"]);
    expect(recorded(recording).starts).toHaveLength(1);
  });

  it("writes a span once when it is ended twice, and sees what was set before the end", () => {
    tap = installTap();
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    const span = trace.getTracer("t").startSpan("draft");
    span.updateName("final").setAttribute("a", 1);
    span.end();
    span.end();
    expect(recorded(recording).spans).toMatchObject([{ name: "final", attributes: { a: 1 } }]);
  });

  it("knows the parent", () => {
    tap = installTap();
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    const tracer = trace.getTracer("t");
    const parent = tracer.startSpan("parent");
    tracer.startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, parent)).end();
    expect(recorded(recording).spans).toMatchObject([{ parentSpanId: parent.spanContext().spanId }]);
  });

  it("leaves out spans that are not sampled", () => {
    tap = installTap();
    const sampler = { shouldSample: () => ({ decision: 0 }), toString: () => "off" };
    trace.setGlobalTracerProvider(new BasicTracerProvider({ sampler }));
    trace.getTracer("t").startSpan("unsampled").end();
    expect(names()).toEqual([]);
  });

  it("does not tap a provider of ours", () => {
    tap = installTap();
    trace.setGlobalTracerProvider(new RecordingTracerProvider());
    trace.getTracer("t").startSpan("ours").end();
    expect(names()).toEqual(["ours"]);
  });

  it("stops when disposed", () => {
    tap = installTap();
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    tap[Symbol.dispose]();
    trace.getTracer("t").startSpan("unseen").end();
    expect(names()).toEqual([]);
  });
});
