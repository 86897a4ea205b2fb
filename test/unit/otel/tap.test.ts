import { context, ROOT_CONTEXT, type Span, type Tracer, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { processState } from "../../../src/recording/process/process-state.ts";
import { type FakeRecording, fakeRecording } from "./fake-recording.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
const { ensureTracing, installTap } = await import("../../../src/otel/install.ts");
const { RecordingSpanProcessor } = await import("../../../src/otel/sdk/recording-span-processor.ts");
const { RecordingTracerProvider } = await import("../../../src/otel/tracer/recording-tracer-provider.ts");

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

  it("tells what the application calls its service, once, whatever else is not known of it yet", () => {
    const names: string[] = [];
    tap = installTap({ onServiceName: (name) => names.push(name) });
    const host = new Promise<string>(() => {});
    const resource = resourceFromAttributes({ "service.name": "checkout", "host.name": host });
    trace.setGlobalTracerProvider(new BasicTracerProvider({ resource }));
    trace.getTracer("t").startSpan("work").end();
    expect(names).toEqual(["checkout"]);
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

  describe("a provider that is not built on the SDK", () => {
    it("is recorded from the calls on its spans, with what they return", () => {
      tap = installTap({ resource: { attributes: { "service.name": "shop" } } });
      const provider = foreignProvider();
      trace.setGlobalTracerProvider(provider);
      trace.getTracer("theirs", "1.2").startActiveSpan("draft", { kind: 1, attributes: { a: 1 } }, (span) => {
        expect(span.setAttribute("b", 2)).toBe(span);
        span.setAttributes({ c: 3 }).updateName("final").setStatus({ code: 2, message: "late" });
        span.addEvent("cache miss", { key: "k" });
        span.recordException(new Error("broken"));
        span.end();
        span.setAttribute("d", 4);
      });
      expect(provider.calls).toEqual([
        "setAttribute",
        "setAttribute",
        "setStatus",
        "end",
        "setAttribute",
        "setAttribute",
      ]);
      const [span] = recorded(recording).spans;
      expect(span).toMatchObject({
        name: "final",
        kind: 1,
        attributes: { a: 1, b: 2, c: 3, "set at the end": true },
        status: { code: 2, message: "late" },
        scope: { name: "theirs", version: "1.2" },
        resource: { attributes: { "service.name": "shop" } },
      });
      expect(span?.events.map(({ name }) => name)).toEqual(["cache miss", "exception"]);
      expect(recorded(recording).starts).toHaveLength(1);
    });

    it("has parents in its own trace only, and times of whatever kind", () => {
      tap = installTap();
      const provider = foreignProvider();
      trace.setGlobalTracerProvider(provider);
      const tracer = trace.getTracer("theirs");
      const parent = tracer.startSpan("parent");
      const inside = trace.setSpan(ROOT_CONTEXT, parent);
      tracer.startSpan("child", { startTime: 1_700_000_000_000 }, inside).end(1_700_000_001);
      provider.traceId = "b".repeat(32);
      tracer.startSpan("of another trace", {}, inside).end();
      expect(recorded(recording).spans).toMatchObject([
        { parentSpanId: parent.spanContext().spanId, startTime: 17n * 10n ** 17n, endTime: 1_700_000_001n * 10n ** 9n },
        { traceId: "b".repeat(32) },
      ]);
      expect(recorded(recording).spans[1]?.parentSpanId).toBeUndefined();
    });
  });

  it("stops when disposed", () => {
    tap = installTap();
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    tap[Symbol.dispose]();
    trace.getTracer("t").startSpan("unseen").end();
    expect(names()).toEqual([]);
  });
});

/** As Sentry's: spans that cannot be read, and whose `setAttributes` calls `setAttribute`. */
function foreignProvider() {
  let nextId = 1;
  const provider = {
    traceId: "a".repeat(32),
    calls: [] as string[],
    getTracer: () => tracer,
  };
  const startSpan = (): Span => {
    const context = { traceId: provider.traceId, spanId: String(nextId++).padStart(16, "0"), traceFlags: 1 };
    let isOver = false;
    const called = (name: string) => {
      provider.calls.push(name);
      return span;
    };
    const span: Span = {
      spanContext: () => context,
      isRecording: () => !isOver,
      setAttribute: () => called("setAttribute"),
      setAttributes: (attributes) => {
        for (const key of Object.keys(attributes)) span.setAttribute(key, attributes[key] as string);
        return span;
      },
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => called("setStatus"),
      updateName: () => span,
      recordException: (error) => void span.addEvent(String(error)),
      end: () => {
        called("end");
        isOver = true;
        span.setAttribute("set at the end", true);
      },
    };
    return span;
  };
  const tracer: Tracer = {
    startSpan,
    startActiveSpan: (name: string, ...rest: unknown[]) => {
      const span = tracer.startSpan(name, rest.length > 1 ? (rest[0] as object) : {});
      return (rest.at(-1) as (span: Span) => unknown)(span) as never;
    },
  };
  return provider;
}
