import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Scalars } from "../../../src/archetypes/index.ts";
import {
  RecordingKeeper,
  type RecordingKeeperOptions,
  type RecordingKey,
} from "../../../src/otel/recordings/recording-keeper.ts";
import { RecordingTracerProvider } from "../../../src/otel/tracer/recording-tracer-provider.ts";
import { openRrd } from "../../../src/reader.ts";
import { contextWithRecording, recordingFromContext } from "../../../src/recording/context/scope.ts";
import { processTransport } from "../../../src/recording/process/process-pipeline.ts";
import { installWriter } from "../../../src/writer-entry.ts";

let folder: string;
let names: number;

beforeEach(() => {
  installWriter();
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-keeper-"));
  names = 0;
});

const keepers: RecordingKeeper[] = [];
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.settleAll();
});

function keeping(key: RecordingKey, options: Partial<RecordingKeeperOptions> = {}): RecordingKeeper {
  const keeper = new RecordingKeeper(key, {
    process: { applicationId: "shop", recordingId: "r" },
    fileOf: (name) => join(folder, `${++names} ${name.replaceAll("/", "_")}.rrd`),
    save: (recording, path) => recording.save(path),
    ...options,
  });
  keepers.push(keeper);
  return keeper;
}

const tracer = new RecordingTracerProvider().getTracer("test");

/** A request with a row and a span of `millis`; `fails`: the span does. */
function request(keeper: RecordingKeeper, { headers = {}, millis = 1, fails = false, name = "GET /items/:id" } = {}) {
  const own = keeper.recordingOf(headers, ROOT_CONTEXT);
  if (own === undefined) throw new Error("the request has no recording of its own");
  const context = contextWithRecording(own.context, own.recording);
  const span = tracer.startSpan("GET", { kind: SpanKind.SERVER, startTime: 1_700_000_000_000 }, context);
  own.recording.log("value", new Scalars(1));
  return {
    context: trace.setSpan(context, span),
    recording: own.recording,
    end() {
      span.updateName(name);
      if (fails) span.setStatus({ code: 2 });
      span.end(1_700_000_000_000 + millis);
      own.release();
    },
  };
}

function files(): string[] {
  processTransport().requestSync({ type: "flush", timeoutMillis: 5000 });
  return readdirSync(folder).sort();
}

async function entitiesOf(file: string): Promise<string[]> {
  const entities = new Set<string>();
  for await (const chunk of (await openRrd(join(folder, file))).chunks()) entities.add(chunk.entityPath);
  return [...entities];
}

describe("a recording per request", () => {
  it("is named after the final route, and its file is there when it has ended, not before", async () => {
    const keeper = keeping("request");
    const one = request(keeper);
    expect(files()).toEqual([]);
    one.end();
    await vi.waitFor(() => expect(files()).toEqual(["1 GET _items_:id.rrd"]));
    const entities = await entitiesOf("1 GET _items_:id.rrd");
    expect(entities).toContain("/value");
    expect(entities.some((path) => path.startsWith("/trace/"))).toBe(true);
    expect(entities).toContain("/spans");
  });

  it("that no rule wants leaves neither file nor journal", async () => {
    const keeper = keeping("request", { keep: ["errors", { slowerThan: 100 }] });
    request(keeper).end();
    request(keeper, { fails: true, name: "failed" }).end();
    request(keeper, { millis: 200, name: "slow" }).end();
    await vi.waitFor(() => expect(files().map((name) => name.slice(2))).toEqual(["failed.rrd", "slow.rrd"]));
    expect(keeper.discarded).toBe(1);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("goes on in a part of its own when something comes late", async () => {
    const keeper = keeping("request");
    const one = request(keeper);
    one.end();
    await vi.waitFor(() => expect(files()).toHaveLength(1));
    const late = recordingFromContext(one.context);
    expect(late).not.toBe(one.recording);
    expect(late?.recordingId).toBe(one.recording.recordingId);
    tracer.startSpan("late", {}, one.context).end();
    keeper.settleAll();
    const [, second = ""] = files();
    expect(second).toBe("2 GET _items_:id.rrd");
    expect(await entitiesOf(second)).toContain("/spans");
  });

  it("a span that ends after its recording was closed is not lost", async () => {
    const keeper = keeping("request", { maxOpen: 1 });
    const first = request(keeper, { name: "first" });
    const second = request(keeper, { name: "second" }); // closes the first, which is kept
    expect(files()).toHaveLength(1);
    first.end();
    second.end();
    keeper.settleAll();
    const parts = files();
    expect(parts.length).toBeGreaterThanOrEqual(3);
    for (const part of parts) expect(await entitiesOf(part)).toContain("/spans");
  });

  it("undecided ones are kept when the process ends, whatever the rules (I4)", () => {
    const keeper = keeping("request", { keep: "errors" });
    request(keeper);
    keeper.settleAll();
    expect(files()).toHaveLength(1);
  });

  it("nothing recorded: nothing written", () => {
    const keeper = keeping("request");
    keeper.recordingOf({}, ROOT_CONTEXT)?.release();
    keeper.settleAll();
    expect(files()).toEqual([]);
  });
});

describe("a recording per trace", () => {
  it("has the trace id as its own, which a trace without a parent gets before its first span", () => {
    const keeper = keeping("trace");
    const own = request(keeper);
    expect(trace.getSpanContext(own.context)?.traceId).toBe(own.recording.recordingId);
    own.end();
    const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    const arrived = trace.setSpanContext(ROOT_CONTEXT, parent);
    const first = keeper.recordingOf({}, arrived);
    expect(first?.recording.recordingId).toBe(parent.traceId);
    expect(keeper.recordingOf({}, arrived)?.recording).toBe(first?.recording);
  });
});

describe("a recording per key", () => {
  it("holds all requests with that key, in a file from the first row on", () => {
    const keeper = keeping((headers) => headers["x-tenant"] as string | undefined);
    const one = request(keeper, { headers: { "x-tenant": "a" } });
    const two = request(keeper, { headers: { "x-tenant": "a" } });
    const other = request(keeper, { headers: { "x-tenant": "b" } });
    expect(two.recording).toBe(one.recording);
    expect(other.recording).not.toBe(one.recording);
    expect(existsSync(join(folder, "1 a.rrd"))).toBe(true);
    expect(keeper.recordingOf({}, ROOT_CONTEXT)).toBeUndefined();
    for (const { end } of [one, two, other]) end();
  });

  it("a function that throws leaves the request with the process (I1)", () => {
    const keeper = keeping(() => {
      throw new Error("no");
    });
    expect(keeper.recordingOf({}, ROOT_CONTEXT)).toBeUndefined();
  });
});

it("takes the first of a header that came several times", () => {
  const keeper = keeping((headers) => headers["x-tenant"]);
  const idOf = (tenant: string | readonly string[] | undefined) => {
    const own = keeper.recordingOf({ "x-tenant": tenant }, ROOT_CONTEXT);
    own?.release();
    return own?.recording.recordingId;
  };
  expect(idOf(["red", "blue"])).toBe(idOf("red"));
  expect(idOf("red")).toEqual(expect.any(String));
  expect(idOf([])).toBeUndefined();
  expect(idOf(undefined)).toBeUndefined();
});
