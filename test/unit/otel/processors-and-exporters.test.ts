import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  SamplingDecision,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExportResult } from "../../../src/otel/sdk/types.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { type FakeRecording, fakeRecording } from "./fake-recording.ts";
import { readableSpan } from "./readable-span.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
// The scope's own tests are the recording room's; here it is enough that a context can name a recording.
const { contextWithRecording } = await import("../../../src/recording/context/scope.ts");
const { RecordingSpanProcessor } = await import("../../../src/otel/sdk/recording-span-processor.ts");
const { RecordingSpanExporter } = await import("../../../src/otel/sdk/recording-span-exporter.ts");
const { RecordingLogRecordProcessor } = await import("../../../src/otel/sdk/recording-log-record-processor.ts");
const { RecordingLogRecordExporter } = await import("../../../src/otel/sdk/recording-log-record-exporter.ts");
const { RecordingMetricExporter } = await import("../../../src/otel/sdk/recording-metric-exporter.ts");

const logRecord = {
  hrTime: [1_700_000_000, 0] as const,
  body: "hello",
  attributes: {},
  resource: { attributes: {} },
  instrumentationScope: { name: "s" },
};
const metrics = {
  resource: { attributes: {} },
  scopeMetrics: [
    {
      scope: { name: "s" },
      metrics: [
        {
          descriptor: { name: "m" },
          dataPointType: 2,
          dataPoints: [{ startTime: [0, 0] as const, endTime: [1, 0] as const, attributes: {}, value: 1 }],
        },
      ],
    },
  ],
};

let global: FakeRecording;
beforeEach(() => {
  global = fakeRecording();
  processState().globalRecording = global;
});
afterEach(() => {
  processState().globalRecording = undefined;
  processState().openRecordings.clear();
});

describe("RecordingSpanProcessor in an SDK provider", () => {
  const names = (recording: FakeRecording) => recorded(recording).spans.map((span) => span.name);

  it("shows spans when they start and writes them when they end", () => {
    const tracer = new BasicTracerProvider({ spanProcessors: [new RecordingSpanProcessor()] }).getTracer("t");
    const span = tracer.startSpan("work", { attributes: { a: 1 } });
    expect(recorded(global)).toMatchObject({ starts: [{ name: "work" }], spans: [] });
    span.end();
    expect(recorded(global).spans).toMatchObject([{ name: "work", attributes: { a: 1 }, scope: { name: "t" } }]);
  });

  it("routes by option, by context, by trace, then to the active recording", () => {
    const [explicit, scoped] = [fakeRecording(), fakeRecording()];
    const fixed = new RecordingSpanProcessor({ recording: explicit });
    const routing = new RecordingSpanProcessor();
    const tracer = new BasicTracerProvider({ spanProcessors: [fixed, routing] }).getTracer("t");
    const root = tracer.startSpan("in scope", {}, contextWithRecording(ROOT_CONTEXT, scoped));
    // The child's context has the parent, but lost the recording.
    const child = tracer.startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root));
    tracer.startSpan("elsewhere").end();
    child.end();
    root.end();
    expect(names(explicit)).toEqual(["elsewhere", "child", "in scope"]);
    expect(names(scoped)).toEqual(["child", "in scope"]);
    expect(names(global)).toEqual(["elsewhere"]);
  });

  it("ends a span where it started, whatever is active by then", () => {
    const tracer = new BasicTracerProvider({ spanProcessors: [new RecordingSpanProcessor()] }).getTracer("t");
    const span = tracer.startSpan("moved");
    processState().globalRecording = fakeRecording();
    span.end();
    expect(names(global)).toEqual(["moved"]);
  });

  it("records spans that are recorded but not sampled only when asked to", () => {
    const other = fakeRecording();
    const sampler = {
      shouldSample: (...about: Parameters<AlwaysOnSampler["shouldSample"]>) => ({
        ...new AlwaysOnSampler().shouldSample(...about),
        decision: SamplingDecision.RECORD,
      }),
    };
    const spanProcessors = [
      new RecordingSpanProcessor(),
      new RecordingSpanProcessor({ recording: other, includeUnsampled: true }),
    ];
    new BasicTracerProvider({ sampler, spanProcessors }).getTracer("t").startSpan("quiet").end();
    expect(names(global)).toEqual([]);
    expect(names(other)).toEqual(["quiet"]);
  });

  it("writes a span once when it comes by two ways", () => {
    const exporter = new RecordingSpanExporter();
    const spanProcessors = [
      new SimpleSpanProcessor(exporter),
      new RecordingSpanProcessor(),
      new RecordingSpanProcessor({ recording: global }),
    ];
    new BasicTracerProvider({ spanProcessors }).getTracer("t").startSpan("once").end();
    expect(recorded(global).starts).toHaveLength(1);
    expect(names(global)).toEqual(["once"]);
  });

  it("forceFlush flushes the recordings it wrote to; shutdown, too, and then it refuses and counts (I3)", async () => {
    const unused = fakeRecording();
    const processor = new RecordingSpanProcessor();
    const provider = new BasicTracerProvider({ spanProcessors: [processor] });
    const tracer = provider.getTracer("t");
    tracer.startSpan("before").end();
    await provider.forceFlush();
    expect([global.flushes, unused.flushes]).toEqual([1, 0]);
    const late = tracer.startSpan("late");
    await Promise.all([processor.shutdown(), processor.shutdown()]);
    expect(global.flushes).toBe(2);
    late.end();
    expect(names(global)).toEqual(["before"]);
    expect(processor.refused).toBe(1);
  });

  it("never throws into user code (I1)", () => {
    const processor = new RecordingSpanProcessor();
    for (const broken of [{} as never, readableSpan({ resource: undefined as never })]) {
      expect(() => processor.onStart(broken, ROOT_CONTEXT)).not.toThrow();
      expect(() => processor.onEnd(broken)).not.toThrow();
    }
  });

  it("does nothing when there is no recording", () => {
    processState().globalRecording = undefined;
    const tracer = new BasicTracerProvider({ spanProcessors: [new RecordingSpanProcessor()] }).getTracer("t");
    const span = tracer.startSpan("nowhere");
    expect(() => span.end()).not.toThrow();
    expect(recorded(global).spans).toEqual([]);
  });
});

describe.each([
  [
    "RecordingSpanExporter",
    () => {
      const exporter = new RecordingSpanExporter();
      const send = (done: (result: ExportResult) => void) => exporter.export([readableSpan()], done);
      return { exporter, send, taken: () => recorded(global).spans.length };
    },
  ],
  [
    "RecordingLogRecordExporter",
    () => {
      const exporter = new RecordingLogRecordExporter();
      const send = (done: (result: ExportResult) => void) => exporter.export([logRecord], done);
      return { exporter, send, taken: () => recorded(global).logs.length };
    },
  ],
  [
    "RecordingMetricExporter",
    () => {
      const exporter = new RecordingMetricExporter();
      const send = (done: (result: ExportResult) => void) => exporter.export(metrics, done);
      return { exporter, send, taken: () => recorded(global).points.length };
    },
  ],
])("%s", (_name, create) => {
  it("calls back once with success when the recording has it", () => {
    const { send, taken } = create();
    const results: ExportResult[] = [];
    send((result) => void results.push(result));
    expect(results).toEqual([{ code: 0 }]);
    expect(taken()).toBe(1);
  });

  it("flushes on forceFlush", async () => {
    const { exporter, send } = create();
    send(() => {});
    await exporter.forceFlush();
    expect(global.flushes).toBe(1);
  });

  it("reports failure after shutdown, which may be called twice", async () => {
    const { exporter, send, taken } = create();
    await Promise.all([exporter.shutdown(), exporter.shutdown()]);
    const results: ExportResult[] = [];
    send((result) => void results.push(result));
    expect(results).toMatchObject([{ code: 1, error: { code: "ERR_RERUN_CLOSED" } }]);
    expect(taken()).toBe(0);
  });
});

describe("RecordingSpanExporter", () => {
  it("takes what upstream's BatchSpanProcessor exports", async () => {
    const exporter = new RecordingSpanExporter({ recording: global });
    const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    const tracer = provider.getTracer("t");
    for (let n = 0; n < 1_000; n++) tracer.startSpan(`span ${n}`).end();
    await provider.forceFlush();
    expect(recorded(global).spans.map((span) => span.name)).toEqual(
      Array.from({ length: 1_000 }, (_, n) => `span ${n}`),
    );
  });

  it("leaves out what is not a span, and takes the rest", () => {
    const results: ExportResult[] = [];
    const batch = [{} as never, readableSpan({ name: "good" })];
    new RecordingSpanExporter().export(batch, (result) => void results.push(result));
    expect(results).toEqual([{ code: 0 }]);
    expect(recorded(global).spans.map((span) => span.name)).toEqual(["good"]);
  });
});

describe("RecordingLogRecordProcessor", () => {
  it("routes by the context the record was emitted in", () => {
    const scoped = fakeRecording();
    const processor = new RecordingLogRecordProcessor();
    processor.onEmit(logRecord, contextWithRecording(ROOT_CONTEXT, scoped));
    processor.onEmit(logRecord, context.active());
    expect(recorded(scoped).logs).toHaveLength(1);
    expect(recorded(global).logs).toHaveLength(1);
  });

  it("refuses and counts after shutdown (I3)", async () => {
    const processor = new RecordingLogRecordProcessor();
    await processor.shutdown();
    processor.onEmit(logRecord);
    expect(processor.refused).toBe(1);
    expect(recorded(global).logs).toEqual([]);
  });
});

describe("RecordingMetricExporter", () => {
  it("asks for cumulative points unless told otherwise", () => {
    expect(new RecordingMetricExporter().selectAggregationTemporality()).toBe(1);
    expect(new RecordingMetricExporter({ temporality: "delta" }).selectAggregationTemporality()).toBe(0);
  });
});
