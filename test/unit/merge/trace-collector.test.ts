import { expect, it } from "vitest";
import { TraceCollector } from "../../../src/telemetry/merge/trace-collector.ts";
import type { LogRecord, Span } from "../../../src/telemetry/model.ts";

const span = (service: string, spanId: string, startTime: bigint, parentSpanId?: string): Span => ({
  traceId: "t1",
  spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  name: spanId,
  kind: 0,
  startTime,
  endTime: startTime + 1n,
  resource: { attributes: { "service.name": service } },
  scope: { name: "" },
  status: { code: 0 },
  attributes: {},
  events: [],
  links: [],
});

it("joins the spans of all services, in order of their start, each once", () => {
  const traces = new TraceCollector(["t1"]);
  traces.addSpan(span("inventory", "b", 20n, "a"));
  traces.addSpan(span("shop", "a", 10n));
  traces.addSpan(span("shop", "a", 10n));
  expect(traces.finish()[0]?.spans.map(({ spanId }) => spanId)).toEqual(["a", "b"]);
});

it("knows a parent in another service, or that nobody recorded, as remote", () => {
  const traces = new TraceCollector(["t1"]);
  for (const one of [span("shop", "a", 1n, "unknown"), span("shop", "b", 2n, "a"), span("inventory", "c", 3n, "b")]) {
    traces.addSpan(one);
  }
  expect(traces.finish()[0]?.spans.map(({ parentIsRemote }) => parentIsRemote)).toEqual([true, undefined, true]);
});

it("keeps nothing of traces that were not asked for, nor traces without spans (I7)", () => {
  const traces = new TraceCollector(["t2"]);
  traces.addSpan(span("shop", "a", 1n));
  traces.addLog({ traceId: "t2" } as LogRecord);
  expect(traces.finish()).toEqual([]);
});
