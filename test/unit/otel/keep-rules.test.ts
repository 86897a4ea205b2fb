import { ROOT_CONTEXT, SamplingDecision, SpanKind } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { keepRules, parseKeepRules, type RecordingEnd } from "../../../src/otel/recordings/keep-rules.ts";
import { traceIdRatioSampler } from "../../../src/otel/tracer/sampler.ts";
import { newTraceId } from "../../../src/otel/tracer/span-ids.ts";

const end = (about: Partial<RecordingEnd> = {}): RecordingEnd => ({
  key: "k",
  traceId: newTraceId(),
  name: "GET /",
  attributes: {},
  durationMillis: 10,
  hasFailed: false,
  ...about,
});

describe("keep rules", () => {
  it("keep what one of them wants", () => {
    const keep = keepRules(["errors", { slowerThan: 500 }]);
    expect(keep(end())).toBe(false);
    expect(keep(end({ hasFailed: true }))).toBe(true);
    expect(keep(end({ durationMillis: 500.1 }))).toBe(true);
    expect(keep(end({ durationMillis: 500 }))).toBe(false);
    expect(keepRules("all")(end())).toBe(true);
  });

  it("sample as the trace id sampler of the SDKs does, so that services agree", () => {
    const sampler = traceIdRatioSampler(0.3);
    const keep = keepRules({ sample: 0.3 });
    let kept = 0;
    for (let i = 0; i < 1000; i++) {
      const traceId = newTraceId();
      const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId, "", SpanKind.SERVER, {}, []);
      expect(keep(end({ traceId }))).toBe(decision === SamplingDecision.RECORD_AND_SAMPLED);
      if (keep(end({ traceId }))) kept++;
    }
    expect(kept).toBeGreaterThan(200);
    expect(kept).toBeLessThan(400);
  });

  it("ask a function, and keep when it throws (I1)", () => {
    const failing = (): boolean => {
      throw new Error("no");
    };
    expect(keepRules((about) => about.name === "GET /")(end())).toBe(true);
    expect(keepRules((about) => about.name === "GET /x")(end())).toBe(false);
    expect(keepRules(failing)(end())).toBe(true);
  });

  it("are refused when they are none", () => {
    for (const rule of ["some", { slowerThan: -1 }, { sample: 2 }, {}, null]) {
      expect(() => keepRules(rule as never)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
    }
  });

  it("are read from a variable", () => {
    expect(parseKeepRules("errors, slowerThan=500,sample=0.01")).toEqual([
      "errors",
      { slowerThan: 500 },
      { sample: 0.01 },
    ]);
    for (const text of ["", "error", "slowerThan", "slowerThan=", "slowerThan=x", "sample=2", "errors=1", "all,"]) {
      expect(parseKeepRules(text), text).toBeUndefined();
    }
  });
});
