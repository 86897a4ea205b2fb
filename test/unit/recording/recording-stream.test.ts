import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Points3D, Scalars, TextLog } from "../../../src/archetypes/index.ts";
import { RerunError } from "../../../src/errors.ts";
import * as free from "../../../src/recording/free-functions.ts";
import { init } from "../../../src/recording/init.ts";
import { recordingInternals } from "../../../src/recording/internals.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { setStrictMode } from "../../../src/recording/strict.ts";
import { timeColumn } from "../../../src/recording/time/time-column.ts";
import { collectWarnings, type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let warnings: ReturnType<typeof collectWarnings>;

beforeEach(() => {
  transport = useFakeTransport();
  warnings = collectWarnings();
});
afterEach(() => {
  warnings.stop();
  vi.unstubAllEnvs();
});

const componentsAt = (path: string) =>
  transport.rows.filter((row) => row.entityPath === path).map((row) => row.components);

describe("identity (C04)", () => {
  it("recordings that are made differ in their ids, which are UUIDs of version 4", () => {
    const ids = [new RecordingStream("a"), new RecordingStream("a")].map((rec) => rec.recordingId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("a given id is kept as it is", () => {
    expect(new RecordingStream("a", { recordingId: "my id/7" }).getRecordingId()).toBe("my id/7");
  });

  it("an empty application id is refused (C05)", () => {
    expect(() => new RecordingStream("")).toThrow(RerunError);
  });

  it("init makes the recording global and inherits the parent's id only for the same application", () => {
    vi.stubEnv("RERUN_RECORDING_ID", "of the parent");
    vi.stubEnv("OTEL_RERUN_PARENT", JSON.stringify({ applicationId: "shop" }));
    const rec = init("shop");
    expect(processState().globalRecording).toBe(rec);
    expect(rec.recordingId).toBe("of the parent");
    expect(init("other").recordingId).not.toBe("of the parent");
    expect(init("shop", { recordingId: "own" }).recordingId).toBe("own");
    expect(new RecordingStream("shop").recordingId).not.toBe("of the parent");
    vi.stubEnv("OTEL_RERUN_PARENT", "{ not JSON");
    expect(init("shop").recordingId).not.toBe("of the parent");
  });

  it("instanceof and inspect work by what the object is, also for another copy of the class", () => {
    const rec = new RecordingStream("a", { recordingId: "1" });
    expect(rec instanceof RecordingStream).toBe(true);
    expect({} instanceof RecordingStream).toBe(false);
    expect([String(rec), inspect(rec)]).toEqual(["RecordingStream(a, 1)", "RecordingStream(a, 1)"]);
  });
});

describe("a disabled or missing recording (C02)", () => {
  it("takes every call and does nothing, not even make a transport", async () => {
    const { createTransport } = processState().hooks;
    const make = vi.fn(createTransport);
    processState().hooks.createTransport = make;
    const rec = new RecordingStream("off", { defaultEnabled: false, makeGlobal: true, signals: true });
    const before = process.eventNames().map((name) => process.listenerCount(name));
    rec.log("a", new Scalars(1));
    rec.log("a", 5 as never, { strict: true });
    rec.setTime("", { sequence: 0.5 });
    rec.sendColumns("a", { indexes: [], columns: [] });
    rec.sendRecordingName("x");
    rec.save("/nowhere/at/all.rrd");
    expect(rec.memoryRecording().drainAsBytes()).toHaveLength(0);
    expect(rec.with(() => 1)).toBe(1);
    expect(rec.span("s", (span) => span.isRecording())).toBe(false);
    const callback = vi.fn();
    rec.export([{}], callback);
    expect(callback).toHaveBeenCalledExactlyOnceWith({ code: 0 });
    recordingInternals(rec).onFirstRow(callback);
    recordingInternals(rec).transport.end(recordingInternals(rec).transport.begin(4, 1));
    await rec.flush();
    await rec.shutdown();
    expect(rec.stats().rowsAccepted).toBe(0);
    expect(make).not.toHaveBeenCalled();
    expect(callback).toHaveBeenCalledTimes(1);
    expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(before);
    expect(warnings.messages).toEqual([]);
  });

  it("free functions without a recording do nothing", async () => {
    free.log("a", new Scalars(1));
    free.setTime("t", { sequence: 1 });
    await free.flush();
    expect(free.span("s", () => 3)).toBe(3);
    expect([free.isEnabled(), free.getApplicationId(), free.getRecordingId()]).toEqual([false, undefined, undefined]);
    expect(transport.rows).toEqual([]);
  });
});

describe("RERUN (C03)", () => {
  it.each([
    ["on", false, true],
    ["YES", false, true],
    ["0", true, false],
    ["false", true, false],
    ["", false, false],
  ])("%j beats defaultEnabled %j", (value, defaultEnabled, enabled) => {
    vi.stubEnv("RERUN", value);
    expect(new RecordingStream("a", { defaultEnabled }).enabled).toBe(enabled);
  });

  it("junk warns once and leaves the default", () => {
    vi.stubEnv("RERUN", "maybe");
    expect([true, false].map((defaultEnabled) => new RecordingStream("a", { defaultEnabled }).isEnabled())).toEqual([
      true,
      false,
    ]);
    expect(warnings.messages).toEqual([expect.stringContaining("RERUN=maybe")]);
  });
});

describe("logging", () => {
  it("opens the recording at its first row: definition, properties, then the row (C06)", () => {
    const rec = new RecordingStream("app", { recordingId: "r", recordingName: "a name", startTime: 5n });
    expect(transport.definitions).toEqual([]);
    rec.log("a", new Scalars(1));
    expect(transport.definitions[0]).toMatchObject({
      type: "recording",
      store: { kind: "recording", applicationId: "app", recordingId: "r" },
    });
    expect(transport.rows).toMatchObject([
      {
        entityPath: "/__properties",
        isStatic: true,
        components: { "RecordingInfo:name": ["a name"], "RecordingInfo:start_time": [5n] },
      },
      { entityPath: "/a", isStatic: false, components: { "Scalars:scalars": [1] } },
    ]);
  });

  it("sendProperties: false leaves them out", () => {
    new RecordingStream("app", { sendProperties: false }).log("a", new Scalars(1));
    expect(transport.rows).toHaveLength(1);
  });

  it("several entities make one row, and a path may be given in parts", () => {
    const rec = new RecordingStream("app");
    rec.log(["a/b", 7], [new Scalars(1), new TextLog("x")]);
    expect(transport.userRows).toMatchObject([
      { entityPath: "/a\\/b/7", components: { "Scalars:scalars": [1], "TextLog:text": ["x"] } },
    ]);
  });

  it("properties are static, and the name of one is a single path part", () => {
    const rec = new RecordingStream("app", { sendProperties: false });
    rec.sendProperty("run/1", new TextLog("x"));
    rec.sendRecordingName("new");
    rec.sendRecordingStartTime(9n);
    expect(transport.rows.map(({ entityPath, isStatic, components }) => [entityPath, isStatic, components])).toEqual([
      ["/__properties/run\\/1", true, { "TextLog:text": ["x"] }],
      ["/__properties", true, { "RecordingInfo:name": ["new"] }],
      ["/__properties", true, { "RecordingInfo:start_time": [9n] }],
    ]);
  });

  it("every free function is the method of the recording it is given", () => {
    const rec = new RecordingStream("app");
    free.setTime("t", { sequence: 3 }, { recording: rec });
    free.log("a", new Scalars(1), { recording: rec });
    expect(transport.userRows).toMatchObject([{ times: { t: 3n } }]);
    expect([free.isEnabled({ recording: rec }), free.getApplicationId({ recording: rec })]).toEqual([true, "app"]);
  });

  it("calls back once before the first row, and not for a sink", async () => {
    const rec = new RecordingStream("app");
    const seen: number[] = [];
    recordingInternals(rec).onFirstRow(() => seen.push(transport.userRows.length));
    await rec.flush();
    rec.memoryRecording();
    expect(seen).toEqual([]);
    rec.log("a", new Scalars(1));
    rec.log("a", new Scalars(2));
    expect(seen).toEqual([0]);
  });

  it("rows after shutdown are dropped, counted and warned about (I3)", async () => {
    const rec = new RecordingStream("app");
    rec.log("a", new Scalars(1));
    await rec.shutdown();
    await rec.shutdown({ timeoutMillis: 10 });
    for (let i = 0; i < 2; i++) rec.log("a", new Scalars(2));
    expect(transport.userRows).toHaveLength(1);
    expect(transport.dropped).toEqual(
      Array(2).fill({ recording: recordingInternals(rec).no, reason: "closed", rows: 1 }),
    );
    expect(transport.commands.filter(({ type }) => type === "close")).toHaveLength(1);
    expect(warnings.messages).toHaveLength(1);
    expect(() => rec.save(join(tmpdir(), "x.rrd"))).toThrow(expect.objectContaining({ code: "ERR_RERUN_CLOSED" }));
  });
});

describe("what cannot be logged (C14)", () => {
  it("warns once per line, names the line and writes the stack to __warnings; other components are kept", () => {
    const rec = new RecordingStream("app");
    for (let i = 0; i < 3; i++) rec.log("a", new Points3D("not positions" as never, { labels: ["kept"] }));
    expect(warnings.messages).toEqual([
      expect.stringMatching(/Points3D:positions.*\(at .*recording-stream\.test\.ts:\d+:\d+\)/),
    ]);
    expect(componentsAt("/a")).toHaveLength(3);
    expect(componentsAt("/a")[0]).toMatchObject({ "Points3D:positions": [], "Points3D:labels": ["kept"] });
    expect(componentsAt("/__warnings")).toMatchObject([
      { "TextLog:level": ["WARN"], "TextLog:text": [expect.stringContaining("recording-stream.test.ts")] },
    ]);
  });

  it("warns again of another mistake in the same line: it may be a helper that all is logged by", () => {
    const rec = new RecordingStream("app");
    const log = (path: string, entity: unknown) => rec.log(path, entity as Scalars);
    for (let i = 0; i < 2; i++) {
      log("a", new Points3D([[1, 2]] as never));
      log("b", new Scalars("x" as never));
      log("c", 5);
    }
    expect(warnings.messages).toEqual([
      expect.stringContaining("Points3D:positions"),
      expect.stringContaining("Scalars:scalars"),
      expect.stringContaining("got number"),
    ]);
  });

  it("what a line says differently each time has an end (I7)", () => {
    const rec = new RecordingStream("app");
    for (let i = 0; i < 50; i++) rec.log("a", new Scalars(`${i}` as never));
    expect(warnings.messages).toHaveLength(10);
    expect(warnings.messages[9]).toContain("no more warnings of this line");
    rec.log("a", 5 as never);
    expect(warnings.messages).toHaveLength(11);
  });

  it("a warning has the times of the row that it is about, and is not static", () => {
    const rec = new RecordingStream("app");
    rec.setTime("frame", { sequence: 3 });
    rec.log("a", new Scalars("x" as never), { time: { step: { sequence: 7 } } });
    rec.setTime("frame", { sequence: 4 });
    rec.log("a", 5 as never, { static: true });
    const rows = transport.rows.filter(({ entityPath }) => entityPath === "/__warnings");
    expect(rows).toMatchObject([
      { isStatic: false, times: { frame: 3n, step: 7n, log_time: "now" } },
      { isStatic: false, times: { frame: 4n, log_time: "now" } },
    ]);
    expect(transport.userRows).toMatchObject([{ times: { frame: 3n, step: 7n } }]);
  });

  it("two lines are two warnings", () => {
    const rec = new RecordingStream("app");
    rec.log("a", 5 as never);
    rec.log("a", null as never);
    expect(warnings.messages).toHaveLength(2);
    expect(transport.dropped).toMatchObject([
      { reason: "encode", rows: 1 },
      { reason: "encode", rows: 1 },
    ]);
  });

  it("what a user's own archetype throws does not reach the caller (I1)", () => {
    const rec = new RecordingStream("app");
    const broken = {
      asComponentBatches() {
        throw new Error("broken archetype");
      },
    };
    expect(() => rec.log("a", broken)).not.toThrow();
    expect(warnings.messages).toEqual([expect.stringContaining("broken archetype")]);
  });

  it("strict: the call beats the stream, the stream setStrictMode, and that RERUN_STRICT", () => {
    const bad = new Scalars("x" as never);
    vi.stubEnv("RERUN_STRICT", "1");
    const rec = new RecordingStream("app");
    expect(() => rec.log("a", bad)).toThrow(RerunError);
    setStrictMode(false);
    expect(() => rec.log("a", bad)).not.toThrow();
    const strict = new RecordingStream("app", { strict: true });
    expect(() => strict.log("a", bad)).toThrow(RerunError);
    expect(() => strict.log("a", bad, { strict: false })).not.toThrow();
    expect(() => rec.log("a", bad, { strict: true })).toThrow(RerunError);
  });

  it("a row that is logged while another is encoded has its own strictness", () => {
    const rec = new RecordingStream("app");
    const nested = {
      asComponentBatches() {
        rec.log("inner", new Scalars(1), { strict: false });
        return new Scalars("x" as never).asComponentBatches();
      },
    };
    expect(() => rec.log("outer", nested, { strict: true })).toThrow(RerunError);
    expect(componentsAt("/inner")).toEqual([{ "Scalars:scalars": [1] }]);
  });
});

describe("sendColumns (C17)", () => {
  it("sends rows as they are, with no time added", () => {
    const rec = new RecordingStream("app");
    rec.setTime("other", { sequence: 1 });
    rec.sendColumns("a", {
      indexes: [timeColumn("frame", { sequence: [1, 2] }), timeColumn("age", { duration: [0.5, 1] })],
      columns: [Scalars.columns({ scalars: [0.1, 0.2] })],
    });
    expect(transport.userRows).toMatchObject([
      { times: { frame: 1n, age: 500_000_000n }, components: { "Scalars:scalars": [0.1] } },
      { times: { frame: 2n, age: 1_000_000_000n }, components: { "Scalars:scalars": [0.2] } },
    ]);
    expect(Object.keys(transport.userRows[0]!.times)).toEqual(["age", "frame"]);
  });

  it("without indexes the rows are static", () => {
    new RecordingStream("app").sendColumns("a", { indexes: [], columns: [Scalars.columns({ scalars: [0.1] })] });
    expect(transport.userRows).toMatchObject([{ isStatic: true, components: { "Scalars:scalars": [0.1] } }]);
  });

  it.each([
    [
      "indexes",
      [timeColumn("a", { sequence: [1, 2] }), timeColumn("b", { sequence: [1] })],
      Scalars.columns({ scalars: [1, 2] }),
    ],
    ["a column", [timeColumn("a", { sequence: [1, 2] })], Scalars.columns({ scalars: [1, 2, 3] })],
    [
      "a partition",
      [timeColumn("a", { sequence: [1, 2] })],
      Scalars.columns({ scalars: [1, 2, 3] }).partition([1, 1, 1]),
    ],
  ])("unequal lengths of %s: nothing is sent, the rows are counted, strict mode throws", (_, indexes, column) => {
    const rec = new RecordingStream("app");
    rec.sendColumns("a", { indexes, columns: [column] });
    expect(transport.userRows).toEqual([]);
    expect(warnings.messages).toHaveLength(1);
    expect(() => rec.sendColumns("a", { indexes, columns: [column] }, { strict: true })).toThrow(RerunError);
  });
});

describe("as a SpanExporter", () => {
  it("a provider's shutdown ends only the taking of spans; the next one ends the recording", async () => {
    const exported: unknown[] = [];
    processState().hooks.exportSpans = (_, spans) => exported.push(...spans);
    const rec = new RecordingStream("app");
    const results: unknown[] = [];
    rec.export(["span"], (result) => results.push(result.code));
    await rec.shutdown();
    rec.export(["late"], (result) => results.push(result.code));
    rec.log("a", new Scalars(1));
    expect([exported, results]).toEqual([["span"], [0, 1]]);
    expect(transport.userRows).toHaveLength(1);
    await rec.shutdown();
    rec.log("a", new Scalars(2));
    expect(transport.userRows).toHaveLength(1);
    delete processState().hooks.exportSpans;
  });

  it("a batch processor of the SDK takes it, and leaves the recording open when its provider is shut down", async () => {
    const exported: unknown[] = [];
    processState().hooks.exportSpans = (_, spans) => exported.push(...spans);
    const rec = new RecordingStream("app");
    const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(rec)] });
    provider.getTracer("test").startSpan("work").end();
    await provider.shutdown();
    rec.log("a", new Scalars(1));
    expect(exported).toMatchObject([{ name: "work" }]);
    expect(transport.userRows).toHaveLength(1);
    delete processState().hooks.exportSpans;
  });

  it("options make a shutdown explicit", async () => {
    processState().hooks.exportSpans = () => {};
    const rec = new RecordingStream("app");
    rec.export([], () => {});
    rec.log("a", new Scalars(1));
    await rec.shutdown({ timeoutMillis: 10 });
    expect(transport.commands).toContainEqual({
      type: "close",
      recording: recordingInternals(rec).no,
      timeoutMillis: 10,
    });
    delete processState().hooks.exportSpans;
  });

  it("reports what exporting throws, once, by the callback", () => {
    processState().hooks.exportSpans = () => {
      throw new Error("unreadable");
    };
    const results: unknown[] = [];
    new RecordingStream("app").export([{}], (result) => results.push(result));
    expect(results).toEqual([{ code: 1, error: expect.objectContaining({ message: "unreadable" }) }]);
    delete processState().hooks.exportSpans;
  });
});

describe("flush and shutdown", () => {
  it("rejects with the sink's error and with a bad timeout", async () => {
    const rec = new RecordingStream("app");
    rec.log("a", new Scalars(1));
    transport.result = { error: new Error("disk full") };
    await expect(rec.flush()).rejects.toMatchObject({ code: "ERR_RERUN_SINK", message: "disk full" });
    await expect(rec.flush({ timeoutMillis: -1 })).rejects.toMatchObject({ code: "ERR_RERUN_ARGUMENT" });
    await expect(rec.flush({ timeoutMillis: Number.NaN })).rejects.toMatchObject({ code: "ERR_RERUN_ARGUMENT" });
  });

  it("await using ends the recording", async () => {
    const rec = new RecordingStream("app");
    rec.log("a", new Scalars(1));
    await rec[Symbol.asyncDispose]();
    expect(transport.commands).toMatchObject([{ type: "close" }]);
    expect(processState().openRecordings.size).toBe(0);
  });
});
