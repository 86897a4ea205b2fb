import { context } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { callerLine } from "../../../src/recording/caller-line.ts";

const { prepareStackTrace, stackTraceLimit } = Error;
afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
});

describe("the caller's line", () => {
  it("is the first frame outside of this package, however deep the call is inside it", () => {
    expect(callerLine(callerLine)).toMatch(/test\/unit\/recording\/caller-line\.test\.ts:\d+:\d+$/);
  });

  it("is not in OpenTelemetry's API, which only hands calls on", () => {
    expect(context.with(context.active(), callerLine, undefined, callerLine)).toMatch(/caller-line\.test\.ts:\d+:\d+$/);
  });

  it("is found with a small stack limit, which is left as it was", () => {
    Error.stackTraceLimit = 0;
    expect(callerLine(callerLine)).toMatch(/caller-line\.test\.ts/);
    expect(Error.stackTraceLimit).toBe(0);
  });

  it("is undefined where an application made stacks something else than text", () => {
    Error.prepareStackTrace = (_, frames) => frames;
    expect(callerLine(callerLine)).toBeUndefined();
    Error.prepareStackTrace = () => {
      throw new Error("in prepareStackTrace");
    };
    expect(callerLine(callerLine)).toBeUndefined();
  });
});
