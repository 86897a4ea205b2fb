import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { getDataRecording } from "../../../src/recording/context/active-recording.ts";
import { span } from "../../../src/recording/free-functions.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { useFakeTransport } from "./fake-transport.ts";

let rec: RecordingStream;
let exporter: InMemorySpanExporter;

beforeEach(() => {
  useFakeTransport();
  rec = new RecordingStream("spans");
  exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  trace.disable();
  context.disable();
});

describe("rec.span", () => {
  it("runs the function in a span and in the recording, and ends the span with it", () => {
    const result = rec.span("work", { attributes: { user: 7 } }, (active) => {
      expect(trace.getActiveSpan()).toBe(active);
      expect(getDataRecording()).toBe(rec);
      expect(exporter.getFinishedSpans()).toEqual([]);
      return 5;
    });
    expect(result).toBe(5);
    expect(exporter.getFinishedSpans()).toMatchObject([
      { name: "work", attributes: { user: 7 }, status: { code: SpanStatusCode.UNSET } },
    ]);
    expect(getDataRecording()).toBeUndefined();
  });

  it("waits for a promise, and nested spans are children", async () => {
    const value = await rec.span("outer", async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return await rec.span("inner", async () => "done");
    });
    expect(value).toBe("done");
    const [inner, outer] = exporter.getFinishedSpans();
    expect([inner?.name, outer?.name]).toEqual(["inner", "outer"]);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  it.each([
    [
      "throws",
      (error: unknown) => {
        throw error;
      },
    ],
    [
      "rejects",
      async (error: unknown) => {
        throw error;
      },
    ],
  ])(
    "a function that %s: the exception is recorded, the status is ERROR, and the very error comes out",
    async (_, fail) => {
      const error = new Error("inside");
      await expect((async () => rec.span("work", () => fail(error)))()).rejects.toBe(error);
      const [finished] = exporter.getFinishedSpans();
      expect(finished?.status).toEqual({ code: SpanStatusCode.ERROR, message: "inside" });
      expect(finished?.events).toMatchObject([{ name: "exception", attributes: { "exception.message": "inside" } }]);
    },
  );

  it("what has no text can be thrown through it", () => {
    const thrown = Object.create(null);
    let caught: unknown;
    try {
      rec.span("work", () => {
        throw thrown;
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
  });

  it("as a free function it takes the active recording", () => {
    rec.with(() => span("free", () => expect(getDataRecording()).toBe(rec)));
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });
});
