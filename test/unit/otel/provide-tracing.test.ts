import { context, createContextKey, INVALID_TRACEID, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingPropagator } from "../../../src/otel/context/recording-propagator.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { type FakeRecording, fakeRecording } from "./fake-recording.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
const { ensureTracing, foreignProvider } = await import("../../../src/otel/tracer/provide-tracing.ts");

const KEY = createContextKey("test");

/** As an application starts an SDK of its own. */
function startSdk() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const manager = new AsyncLocalStorageContextManager().enable();
  const propagator = new RecordingPropagator();
  const isRegistered = {
    provider: trace.setGlobalTracerProvider(provider),
    manager: context.setGlobalContextManager(manager),
    propagator: propagation.setGlobalPropagator(propagator),
  };
  return { exporter, provider, manager, propagator, isRegistered };
}

describe("ensureTracing", () => {
  let recording: FakeRecording;
  beforeEach(() => {
    recording = fakeRecording();
    processState().globalRecording = recording;
  });
  afterEach(() => {
    trace.disable();
    context.disable();
    propagation.disable();
    processState().globalRecording = undefined;
  });

  it("records spans of the API's tracers when nobody registered a provider", () => {
    const before = trace.getTracer("from before");
    ensureTracing();
    before.startSpan("one").end();
    trace.getTracer("from after", "1.2").startSpan("two").end();
    const { spans } = recorded(recording);
    expect(spans.map(({ name, scope }) => [name, scope])).toEqual([
      ["one", { name: "from before" }],
      ["two", { name: "from after", version: "1.2" }],
    ]);
  });

  it("makes children of active spans, over awaits", async () => {
    ensureTracing();
    const tracer = trace.getTracer("t");
    await tracer.startActiveSpan("parent", async (parent) => {
      await Promise.resolve();
      tracer.startSpan("child").end();
      parent.end();
    });
    const [child, parent] = recorded(recording).spans;
    expect(child).toMatchObject({ name: "child", traceId: parent?.traceId, parentSpanId: parent?.spanId });
  });

  it("carries the trace to other services", () => {
    ensureTracing();
    const carrier: Record<string, string> = {};
    const span = trace.getTracer("t").startSpan("out");
    propagation.inject(trace.setSpan(ROOT_CONTEXT, span), carrier);
    const { traceId, spanId } = span.spanContext();
    expect(carrier).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
  });

  it("registers no tracer provider", () => {
    ensureTracing();
    expect(foreignProvider()).toBe(undefined);
  });

  it("lets a provider, manager and propagator that come later win", () => {
    ensureTracing();
    const { isRegistered, provider, propagator } = startSdk();
    expect(isRegistered).toEqual({ provider: true, manager: true, propagator: true });
    expect(foreignProvider()).toBe(provider);
    expect(propagation.fields()).toBe(propagator.fields());
    expect(processState().contextManager).toBe(undefined);
    const inner = ROOT_CONTEXT.setValue(KEY, 1);
    context.with(inner, () => {
      expect(context.active()).toBe(inner);
      expect(processState().contextStorage.getStore()).toBe(undefined);
    });
  });

  it("hands tracers that were used before the registration over to the provider", () => {
    ensureTracing();
    const tracer = trace.getTracer("t", "3");
    tracer.startSpan("ours").end();
    const { exporter } = startSdk();
    tracer.startSpan("theirs").end();
    tracer.startActiveSpan("theirs, active", (span) => span.end());
    expect(exporter.getFinishedSpans().map((span) => [span.name, span.instrumentationScope.version])).toEqual([
      ["theirs", "3"],
      ["theirs, active", "3"],
    ]);
    expect(recorded(recording).spans.map((span) => span.name)).toEqual(["ours"]);
  });

  it("hands tracers that were fetched but not used before ensureTracing over, too", () => {
    const tracer = trace.getTracer("t");
    ensureTracing();
    tracer.startSpan("ours").end();
    const { exporter } = startSdk();
    tracer.startSpan("theirs").end();
    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(["theirs"]);
  });

  it("changes nothing where an SDK is registered", () => {
    const { provider, manager, propagator } = startSdk();
    ensureTracing();
    expect(foreignProvider()).toBe(provider);
    expect(processState().contextManager).toBe(undefined);
    expect(manager.with(ROOT_CONTEXT.setValue(KEY, 1), () => context.active().getValue(KEY))).toBe(1);
    expect(propagation.fields()).toBe(propagator.fields());
  });

  it("gives a provider without a context manager ours, and sets no propagator for it", () => {
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    ensureTracing();
    expect(processState().contextManager).toBeDefined();
    expect(propagation.fields()).toEqual([]);
  });

  it("keeps requests under way in their recording's scope when the application's manager takes over", async () => {
    ensureTracing();
    let isReplaced: () => void = () => {};
    const replaced = new Promise<void>((done) => {
      isReplaced = done;
    });
    const inner = ROOT_CONTEXT.setValue(KEY, 1);
    const request = context.with(inner, async () => {
      await replaced;
      return processState().contextStorage.getStore();
    });
    startSdk();
    isReplaced();
    expect(await request).toBe(inner);
  });

  it("provides all three again after the API was disabled", () => {
    ensureTracing();
    trace.disable();
    context.disable();
    propagation.disable();
    ensureTracing();
    const span = trace.getTracer("t").startSpan("again");
    expect(span.spanContext().traceId).not.toBe(INVALID_TRACEID);
    expect(processState().contextManager).toBeDefined();
    expect(propagation.fields()).toContain("traceparent");
  });

  it("makes no span when there is no recording", () => {
    processState().globalRecording = undefined;
    ensureTracing();
    const span = trace.getTracer("t").startSpan("nowhere");
    expect(span.isRecording()).toBe(false);
  });
});
