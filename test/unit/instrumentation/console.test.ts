import { formatWithOptions } from "node:util";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingContextManager } from "../../../src/otel/context/recording-context-manager.ts";
import { setGlobalDataRecording } from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { LogRecord } from "../../../src/telemetry/model.ts";
import { recorded } from "../otel/recorded.ts";

vi.mock("node:util", async (original) => {
  const util = await original<typeof import("node:util")>();
  return { ...util, formatWithOptions: vi.fn(util.formatWithOptions) };
});
vi.mock("../../../src/telemetry/recorder.ts", () => import("../otel/fake-recorder.ts"));
const { ConsoleInstrumentation } = await import("../../../instrumentation/console.ts");

const METHODS = ["log", "info", "warn", "error", "debug", "trace"] as const;

describe("ConsoleInstrumentation", () => {
  let recording: RecordingStream;
  let instrumentation: InstanceType<typeof ConsoleInstrumentation>;
  /** What the console printed with nobody in between. */
  let printed: unknown[][];
  const originals = Object.fromEntries(METHODS.map((method) => [method, console[method]]));

  beforeEach(() => {
    printed = [];
    for (const method of METHODS) console[method] = (...args: unknown[]) => void printed.push([method, ...args]);
    recording = new RecordingStream("shop");
    setGlobalDataRecording(recording);
    instrumentation = new ConsoleInstrumentation({ resource: { attributes: { "service.name": "shop api" } } });
    instrumentation.enable();
  });
  afterEach(() => {
    instrumentation.disable();
    Object.assign(console, originals);
    setGlobalDataRecording(undefined);
  });
  const logs = (): LogRecord[] => recorded(recording).logs;

  it("records lines as Node formats them, with their level, and prints what it was given", () => {
    console.log("order %d of %s: %j", 7, "ada", { a: 1 }, [1, 2], new Map([["k", "v"]]));
    console.info("info");
    console.warn("warn");
    console.error("error");
    console.debug({ nested: { deep: { deeper: {} } } });
    expect(logs().map(({ severityText, severityNumber, body }) => [severityText, severityNumber, body])).toEqual([
      ["INFO", 9, `order 7 of ada: {"a":1} [ 1, 2 ] Map(1) { 'k' => 'v' }`],
      ["INFO", 9, "info"],
      ["WARN", 13, "warn"],
      ["ERROR", 17, "error"],
      ["DEBUG", 5, "{ nested: { deep: { deeper: {} } } }"],
    ]);
    expect(printed[0]).toEqual(["log", "order %d of %s: %j", 7, "ada", { a: 1 }, [1, 2], new Map([["k", "v"]])]);
    expect(printed.map(([method]) => method)).toEqual(["log", "info", "warn", "error", "debug"]);
    expect(logs()[0]).toMatchObject({
      scope: { name: "console" },
      resource: { attributes: { "service.name": "shop api" } },
    });
    expect(logs()[0]?.resource).toBe(logs()[1]?.resource);
  });

  it("keeps the stack of an error and of trace, without our own frames", () => {
    console.error(new Error("went wrong"));
    console.trace("who calls");
    expect(logs()[0]?.body).toMatch(/^Error: went wrong\n {4}at .*console\.test\.ts/);
    expect(logs()[1]).toMatchObject({
      severityText: "TRACE",
      body: expect.stringMatching(/^Trace: who calls\n {4}at .*console\.test\.ts/),
    });
    expect(logs()[1]?.body).not.toContain("instrumentation/console.ts");
  });

  it("ties a line to the span it was printed in", () => {
    context.setGlobalContextManager(new RecordingContextManager().enable());
    try {
      const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
      context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), () => console.log("inside"));
      console.log("outside");
    } finally {
      context.disable();
    }
    expect(logs()[0]).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" });
    expect(logs()[1]).not.toHaveProperty("traceId");
  });

  it("records a line once, also where one method prints through another or formatting prints", () => {
    console.trace = (...args: unknown[]) => console.error(...args);
    instrumentation.disable();
    instrumentation.enable();
    console.trace("through error");
    console.log({
      get chatty() {
        console.log("printed by a getter");
        return 1;
      },
      [Symbol.for("nodejs.util.inspect.custom")]() {
        console.log("printed while it is formatted");
        return "chatty";
      },
    });
    expect(logs().map(({ body }) => String(body).split("\n")[0])).toEqual(["Trace: through error", "chatty"]);
    expect(printed.map(([, text]) => text)).toContain("printed while it is formatted");
  });

  it("never throws for what cannot be formatted (I1), and passes on what printing throws", () => {
    const hostile = {
      [Symbol.for("nodejs.util.inspect.custom")]() {
        throw new Error("from inspect");
      },
    };
    expect(() => console.log(hostile)).not.toThrow();
    expect(printed).toHaveLength(1);
    instrumentation.disable();
    console.log = () => {
      throw new Error("stdout is closed");
    };
    instrumentation.enable();
    expect(() => console.log("x")).toThrow("stdout is closed");
    console.warn("still recorded");
    expect(logs().at(-1)?.body).toBe("still recorded");
  });

  it("formats no more of a text than it keeps, and prints all of it (I7)", () => {
    const long = "x".repeat(1 << 20);
    console.log("%s", long, long);
    const [, ...given] = vi.mocked(formatWithOptions).mock.lastCall ?? [];
    expect(given.map((text) => String(text).length)).toEqual([2, (64 << 10) + 1, (64 << 10) + 1]);
    expect(String(logs()[0]?.body)).toBe(`${"x".repeat(64 << 10)}…`);
    expect(printed).toEqual([["log", "%s", long, long]]);
  });

  it("keeps 64 Ki characters of a line (I7)", () => {
    console.log("x".repeat(1 << 20));
    expect(String(logs()[0]?.body)).toHaveLength((64 << 10) + 1);
  });

  it("records nothing without a recording or once it was shut down", async () => {
    setGlobalDataRecording(undefined);
    console.log("nowhere");
    setGlobalDataRecording(recording);
    await recording.shutdown({ timeoutMillis: 100 });
    console.log("too late");
    expect(logs()).toEqual([]);
    expect(printed).toHaveLength(2);
  });

  it("looks like the console's own, and is gone after disable", () => {
    expect(console.log.name).toBe("");
    instrumentation.disable();
    console.log("after");
    expect(logs()).toEqual([]);
    expect(instrumentation.getConfig().enabled).toBe(false);
  });
});
