import { mkdtempSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, propagation, SpanKind, TraceFlags, type Tracer, trace } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getDataRecording, setGlobalDataRecording } from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { installWriter } from "../../../src/writer-entry.ts";
import { recorded } from "../otel/recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("../otel/fake-recorder.ts"));
const { HttpInstrumentation } = await import("../../../instrumentation/http.ts");
const { recordPer } = await import("../../../instrumentation/run/record-per.ts");
const { RecordingContextManager } = await import("../../../src/otel/context/recording-context-manager.ts");
const { RecordingPropagator } = await import("../../../src/otel/context/recording-propagator.ts");
const { RecordingSpanProcessor } = await import("../../../src/otel/sdk/recording-span-processor.ts");
const { RecordingTracerProvider } = await import("../../../src/otel/tracer/recording-tracer-provider.ts");

let whole: RecordingStream;
let perRecording: Disposable | undefined;
const folder = mkdtempSync(join(tmpdir(), "otel-rerun-record-per-"));

beforeEach(() => {
  installWriter();
  whole = new RecordingStream("shop");
  setGlobalDataRecording(whole);
  context.setGlobalContextManager(new RecordingContextManager().enable());
});
afterEach(() => {
  perRecording?.[Symbol.dispose]();
  setGlobalDataRecording(undefined);
  propagation.disable();
  context.disable();
});

const namesIn = (recording: RecordingStream) => recorded(recording).spans.map(({ name }) => name);

it("a recording that the propagator chooses comes before one of the request's own", async () => {
  const named = new RecordingStream("shop", { recordingId: "7f0c" });
  propagation.setGlobalPropagator(new RecordingPropagator({ incoming: { allow: ["7f0c"], open: () => named } }));
  perRecording = recordPer("request", { folder });
  const http1 = new HttpInstrumentation({ outgoing: false });
  http1.enable();
  const seen: (RecordingStream | undefined)[] = [];
  const server = http.createServer((_request, response) => {
    seen.push(getDataRecording());
    response.end();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const get = (headers: Record<string, string>) =>
    new Promise((ended) => {
      http.get({ port, host: "127.0.0.1", headers, agent: false }, (answer) => answer.resume().on("end", ended));
    });
  try {
    await get({ "x-rerun-recording": "7f0c" });
    await get({ "x-rerun-recording": "another" });
    await vi.waitFor(() => expect(namesIn(named)).toEqual(["GET"]));
    expect(seen[0]).toBe(named);
    expect([whole, named, undefined]).not.toContain(seen[1]);
    await vi.waitFor(() => expect(namesIn(seen[1] as RecordingStream)).toEqual(["GET"]));
  } finally {
    http1.disable();
    await new Promise((closed) => server.close(closed));
  }
});

const makers: [string, () => Tracer][] = [
  ["an SDK", () => new BasicTracerProvider({ spanProcessors: [new RecordingSpanProcessor()] }).getTracer("jobs")],
  ["ours", () => new RecordingTracerProvider().getTracer("jobs")],
];
describe.each(makers)("spans that start in no request, of a tracer of %s", (_, makeTracer) => {
  const inSpan = (tracer: Tracer, name: string, kind: SpanKind, from = context.active()): RecordingStream =>
    tracer.startActiveSpan(name, { kind }, from, (span) => {
      tracer.startSpan(`inside ${name}`).end();
      span.end();
      return getDataRecording() as RecordingStream;
    });

  it("per trace: each has the recording of its trace, with what is logged beside it", () => {
    const tracer = makeTracer();
    perRecording = recordPer("trace", { folder });
    const job = inSpan(tracer, "job", SpanKind.INTERNAL);
    const other = inSpan(tracer, "other job", SpanKind.INTERNAL);
    const traceId = "c".repeat(32);
    const from = trace.setSpanContext(context.active(), {
      traceId,
      spanId: "d".repeat(16),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
    const message = inSpan(tracer, "message", SpanKind.CONSUMER, from);
    expect(new Set([job, other, message, whole]).size).toBe(4);
    expect(message.recordingId).toBe(traceId);
    expect(job.recordingId).toBe(recorded(job).spans[0]?.traceId);
    for (const [recording, name] of [
      [job, "job"],
      [other, "other job"],
      [message, "message"],
    ] as const) {
      expect(namesIn(recording)).toEqual([`inside ${name}`, name]);
    }
    expect(namesIn(whole)).toEqual([]);
  });

  it("per request: a server's has its own, a job belongs to the process", () => {
    const tracer = makeTracer();
    perRecording = recordPer("request", { folder });
    expect(inSpan(tracer, "job", SpanKind.INTERNAL)).toBe(whole);
    const one = inSpan(tracer, "rpc", SpanKind.SERVER);
    const two = inSpan(tracer, "rpc", SpanKind.SERVER);
    expect(new Set([one, two, whole]).size).toBe(3);
    expect(namesIn(one)).toEqual(["inside rpc", "rpc"]);
    expect(namesIn(whole)).toEqual(["inside job", "job"]);
  });

  it("a recording that the application chose stays", () => {
    const tracer = makeTracer();
    perRecording = recordPer("trace", { folder });
    const mine = new RecordingStream("mine");
    expect(mine.with(() => inSpan(tracer, "job", SpanKind.INTERNAL))).toBe(mine);
    expect(namesIn(mine)).toEqual(["inside job", "job"]);
  });
});
