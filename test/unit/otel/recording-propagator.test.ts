import { createTraceState, defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { suppressTracing } from "../../../src/otel/context/context-keys.ts";
import { RecordingPropagator } from "../../../src/otel/context/recording-propagator.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";
const propagator = new RecordingPropagator();
const extract = (carrier: Record<string, unknown>) => propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
const inject = (context: typeof ROOT_CONTEXT) => {
  const carrier: Record<string, string> = {};
  propagator.inject(context, carrier, defaultTextMapSetter);
  return carrier;
};

describe("RecordingPropagator", () => {
  it("gives back what it sent, as a remote parent", () => {
    const traceState = createTraceState("a=1,b=2");
    const sent = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags: 1, traceState });
    const headers = inject(sent);
    expect(headers).toEqual({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "a=1,b=2" });
    const got = trace.getSpanContext(extract(headers));
    expect(got).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(got?.traceState?.get("b")).toBe("2");
  });

  it("lists its headers", () => {
    expect(propagator.fields()).toEqual(["traceparent", "tracestate"]);
  });

  it.each([
    ["missing", undefined],
    ["empty", ""],
    ["too short", `00-${TRACE}-${SPAN}`],
    ["with upper-case digits", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["with a zero trace id", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["with a zero span id", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["of the forbidden version", `ff-${TRACE}-${SPAN}-01`],
    ["of version 00 with more behind", `00-${TRACE}-${SPAN}-01-more`],
    ["of a later version with junk behind", `01-${TRACE}-${SPAN}-01more`],
    ["oversized", `01-${TRACE}-${SPAN}-01-${"x".repeat(10_000)}`],
    ["repeated", [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-00`]],
    ["repeated in one line", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])("ignores a traceparent that is %s", (_what, traceparent) => {
    expect(extract({ traceparent })).toBe(ROOT_CONTEXT);
  });

  it("reads a later version with more fields", () => {
    expect(trace.getSpanContext(extract({ traceparent: `cc-${TRACE}-${SPAN}-01-what-comes` }))).toMatchObject({
      traceId: TRACE,
      traceFlags: 1,
    });
  });

  it("joins tracestate headers and ignores an oversized one", () => {
    const traceparent = `00-${TRACE}-${SPAN}-00`;
    const state = (tracestate: unknown) => trace.getSpanContext(extract({ traceparent, tracestate }))?.traceState;
    expect(state(["a=1", "b=2"])?.serialize()).toBe("a=1,b=2");
    expect(state(`a=${"x".repeat(10_000)}`)?.serialize()).toBe("");
    expect(state(undefined)).toBe(undefined);
  });

  it("sends nothing without a valid span, or when tracing is suppressed", () => {
    expect(inject(ROOT_CONTEXT)).toEqual({});
    const sent = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags: 1 });
    expect(inject(suppressTracing(sent))).toEqual({});
  });

  it("sends flags it does not know as 0", () => {
    const sent = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags: 0xff });
    expect(inject(sent).traceparent).toMatch(/-03$/);
  });
});
