import { createRequire } from "node:module";
import * as ownApi from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingPropagator } from "../../../src/otel/context/recording-propagator.ts";
import { adoptApiCopy, apiCopies } from "../../../src/otel/tracer/api-copies.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { type FakeRecording, fakeRecording } from "./fake-recording.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
const { ensureTracing, foreignProvider, installTap } = await import("../../../src/otel/install.ts");

/** A second copy of the API, as ES modules get it from API 1.10 on. */
function loadAnotherCopy(): typeof ownApi {
  const require = createRequire(import.meta.url);
  for (const path of Object.keys(require.cache)) {
    if (path.includes("@opentelemetry/api/")) delete require.cache[path];
  }
  return require("@opentelemetry/api");
}

describe("another copy of the API in the process", () => {
  const other = loadAnotherCopy();
  let recording: FakeRecording;
  beforeEach(() => {
    recording = fakeRecording();
    processState().globalRecording = recording;
  });
  afterEach(() => {
    for (const api of [ownApi, other]) {
      api.trace.disable();
      api.context.disable();
      api.propagation.disable();
    }
    processState().globalRecording = undefined;
  });

  it("delivers spans, gives way, and is tapped like ours", () => {
    expect(other.trace).not.toBe(ownApi.trace);
    const tracer = other.trace.getTracer("t");
    ensureTracing();
    tracer.startSpan("lost: nobody knew of that copy").end();
    adoptApiCopy(other);
    adoptApiCopy(other);
    expect(apiCopies()).toHaveLength(2);
    tracer.startSpan("ours").end();

    const tap = installTap();
    const provider = new BasicTracerProvider();
    expect(other.trace.setGlobalTracerProvider(provider)).toBe(true);
    expect(other.propagation.setGlobalPropagator(new RecordingPropagator())).toBe(true);
    expect(foreignProvider()).toBe(provider);
    tracer.startSpan("theirs").end();
    expect(recorded(recording).spans.map((span) => span.name)).toEqual(["ours", "theirs"]);
    tap[Symbol.dispose]();
  });
});
