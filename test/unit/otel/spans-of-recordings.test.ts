import { setImmediate as immediate } from "node:timers/promises";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeRecording } from "./fake-recording.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
const { runInSpan } = await import("../../../src/recording/span.ts");
const { installOtel } = await import("../../../src/otel/install.ts");
const { RecordingSpanProcessor } = await import("../../../src/otel/sdk/recording-span-processor.ts");
installOtel();

/** Spans in `tasks` recordings at once, each with a child that a library makes by the API. */
async function interleave(tasks: number) {
  const recordings = Array.from({ length: tasks }, (_, n) => fakeRecording(`app-${n}`));
  await Promise.all(
    recordings.map((recording, n) =>
      runInSpan(recording, `task ${n}`, {}, async () => {
        for (let step = 0; step < n % 4; step++) await immediate();
        trace.getTracer("library").startActiveSpan(`child of ${n}`, (span) => span.end());
      }),
    ),
  );
  return recordings.map((recording) => recorded(recording).spans);
}

describe("spans by hand (rec.span)", () => {
  afterEach(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it("records the span, its children, exceptions and status", async () => {
    const recording = fakeRecording("shop");
    const failure = runInSpan(recording, "checkout", { attributes: { user: 7 } }, async (span) => {
      span.setAttribute("step", "pay");
      throw new TypeError("no money");
    });
    await expect(failure).rejects.toThrow("no money");
    expect(recorded(recording).spans).toMatchObject([
      {
        name: "checkout",
        attributes: { user: 7, step: "pay" },
        status: { code: 2, message: "no money" },
        events: [{ name: "exception", attributes: { "exception.type": "TypeError", "exception.message": "no money" } }],
        resource: { attributes: { "service.name": "shop" } },
      },
    ]);
  });

  const inTheirOwn = (tasks: number) =>
    Array.from({ length: tasks }, (_, n) => [{ name: `child of ${n}` }, { name: `task ${n}` }]);

  it("keeps the spans of 1,000 interleaved recordings apart (I6)", async () => {
    const spans = await interleave(1_000);
    expect(spans).toMatchObject(inTheirOwn(1_000));
    for (const [child, task] of spans) expect(child?.parentSpanId).toBe(task?.spanId);
  });

  it("does so with an application's own SDK and context manager, too (I6)", async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new RecordingSpanProcessor()] }));
    expect(await interleave(1_000)).toMatchObject(inTheirOwn(1_000));
  });
});
