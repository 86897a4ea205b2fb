import { ROOT_CONTEXT, type Sampler, SamplingDecision, SpanKind, trace } from "@opentelemetry/api";
import {
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler as UpstreamSampler,
} from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parentBasedSampler, samplerFromEnvironment, traceIdRatioSampler } from "../../../src/otel/tracer/sampler.ts";
import { newSpanId, newTraceId } from "../../../src/otel/tracer/span-ids.ts";

const decide = (sampler: Sampler | UpstreamSampler, context: typeof ROOT_CONTEXT, traceId: string): number =>
  sampler.shouldSample(context, traceId, "name", SpanKind.INTERNAL, {}, []).decision;

const parents = fc.option(fc.record({ traceFlags: fc.constantFrom(0, 1), isRemote: fc.boolean() }), { nil: undefined });

describe("samplers beside those of sdk-trace-base", () => {
  it("choose the same traces by ratio, with every kind of parent", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), parents, (ratio, flags) => {
        const traceId = newTraceId();
        const context =
          flags === undefined
            ? ROOT_CONTEXT
            : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: newSpanId(), ...flags });
        const [ours, theirs] = [traceIdRatioSampler(ratio), new TraceIdRatioBasedSampler(ratio)];
        expect(decide(ours, context, traceId)).toBe(decide(theirs, context, traceId));
        const upstream = new ParentBasedSampler({ root: theirs });
        expect(decide(parentBasedSampler(ours), context, traceId)).toBe(decide(upstream, context, traceId));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("samplerFromEnvironment", () => {
  it.each([
    [undefined, undefined, "ParentBased{root=AlwaysOnSampler}"],
    ["always_on", undefined, "AlwaysOnSampler"],
    ["always_off", undefined, "AlwaysOffSampler"],
    ["traceidratio", "0.25", "TraceIdRatioBased{0.25}"],
    ["traceidratio", "junk", "TraceIdRatioBased{1}"],
    ["traceidratio", "1.5", "TraceIdRatioBased{1}"],
    ["parentbased_always_on", undefined, "ParentBased{root=AlwaysOnSampler}"],
    ["parentbased_always_off", undefined, "ParentBased{root=AlwaysOffSampler}"],
    ["parentbased_traceidratio", "0.5", "ParentBased{root=TraceIdRatioBased{0.5}}"],
    ["junk", undefined, "ParentBased{root=AlwaysOnSampler}"],
  ])("OTEL_TRACES_SAMPLER=%s with %s is %s", (sampler, argument, text) => {
    const environment = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument };
    expect(String(samplerFromEnvironment(environment))).toBe(text);
  });

  it("always_off lets no span through", () => {
    expect(decide(samplerFromEnvironment({ OTEL_TRACES_SAMPLER: "always_off" }), ROOT_CONTEXT, newTraceId())).toBe(
      SamplingDecision.NOT_RECORD,
    );
  });
});
