import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import type { Expander, ExpanderHost, StoreHandle } from "../../../src/pipeline/expander.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { openRrd } from "../../../src/reader.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import { BlueprintActivationCommandSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { scalar } from "./harness.ts";
import { drained, recording, statsOf } from "./recorded.ts";

const one: AsComponents = { asComponentBatches: () => [{ spec: scalar, values: 1 }] };

/** A layout that does what the test says for each span. */
function expanding(onSpan: (host: ExpanderHost, store: StoreHandle) => void, part: Partial<Expander> = {}) {
  const warnings: string[] = [];
  const made = recording({
    onWarning: (text) => warnings.push(text),
    createExpander: (host) => ({
      open: () => {},
      define: () => {},
      record: (store) => onSpan(host, store),
      tick: () => {},
      summarize: () => {},
      close: () => {},
      forget: () => {},
      ...part,
    }),
  });
  made.toMemory();
  const span = (): void => {
    const record = made.transport.begin(RecordKind.spanEnd, 1);
    record.u32(42);
    made.transport.end(record);
  };
  return { ...made, span, warnings };
}

const frame = (value: number) => [{ timeline: { name: "frame", type: "sequence" as const }, value: BigInt(value) }];

it("gives the expander a reader that stands behind the header", () => {
  const seen: number[] = [];
  const { span, flush } = expanding(() => {}, { record: (_store, _kind, reader) => seen.push(reader.u32()) });
  span();
  flush();
  expect(seen).toEqual([42]);
});

it("opens a recording at its first telemetry, with the options of its definition, once", () => {
  const opened: unknown[] = [];
  const part = { open: (_: StoreHandle, options: unknown) => opened.push(options) };
  const { span, flush, log } = expanding(() => {}, part);
  log("/a", 1);
  flush();
  expect(opened).toEqual([]);
  span();
  span();
  flush();
  expect(opened).toEqual([undefined]);
});

it("writes rows with any order of times, counted as accepted and written", async () => {
  const { span, flush, transport } = expanding((host, store) => {
    host.log(store, "/b", [...frame(7), { timeline: { name: "alpha", type: "duration" }, value: 5n }], one);
    host.count(store, "spans", 1);
  });
  span();
  flush();
  expect(statsOf(transport)).toMatchObject({ rowsAccepted: 1, rowsWritten: 1, spans: 1 });
  const reader = await openRrd(drained(transport, 1));
  for await (const chunk of reader.chunks()) {
    const times = Object.fromEntries(chunk.timelines.map((timeline) => [timeline.name, timeline.get(0)]));
    expect([chunk.entityPath, times]).toEqual(["/b", { alpha: 5n, frame: 7n }]);
  }
});

it("collects rows of the layout up to 64 or a second before they become a chunk (trace-view §5)", () => {
  let no = 0;
  const { span, clock, transport } = expanding((host, store) => host.log(store, "/spans", frame(no++), one));
  const chunks = (): number => statsOf(transport).chunksWritten;
  for (let i = 0; i < 10; i++) {
    span();
    clock.advance(60);
    transport.requestSync({ type: "stats", recording: 1 });
  }
  expect(chunks()).toBe(0);
  clock.advance(500);
  span(); // the loop was blocked: the record itself finds the deadline passed
  expect(chunks()).toBe(1);
  for (let i = 0; i < 200; i++) {
    span();
    if (i % 10 === 0) clock.advance(60);
  }
  expect(chunks()).toBe(4);
});

describe("stores beside a recording", () => {
  it("write to its sinks, begin with store info and count for it", async () => {
    const { span, flush, transport } = expanding((host, store) => {
      const trace = host.openStore({ kind: "recording", applicationId: "app requests", recordingId: "trace" }, store);
      host.log(trace, "/spans", frame(1), one);
      host.closeStore(trace);
      host.repeatStoreInfo(store);
    });
    span();
    flush();
    expect(statsOf(transport)).toMatchObject({ rowsAccepted: 1, rowsWritten: 1 });
    const ids = (await openRrd(drained(transport, 1))).recordings().map(({ recordingId }) => recordingId);
    expect(new Set(ids)).toEqual(new Set(["rec", "trace"]));
  });

  it("give way to the recording again by the layout that was activated last for it, the user's own as well", async () => {
    const { span, flush, transport } = expanding((host, store) => {
      const blueprint = (applicationId: string, recordingId: string): void => {
        const layout = host.openStore({ kind: "blueprint", applicationId, recordingId }, store);
        host.activate(layout, { makeActive: false, makeDefault: true });
        host.closeStore(layout);
      };
      host.bringToFront(store);
      blueprint("app", "dashboard");
      blueprint("app", "own");
      blueprint("app requests", "dashboard");
      host.bringToFront(store);
    });
    span();
    flush();
    const told: string[] = [];
    for await (const message of (await openRrd(drained(transport, 1))).messages()) {
      const { kind, store, payload } = message;
      const isActive = kind === "activation" && fromBinary(BlueprintActivationCommandSchema, payload).makeActive;
      told.push(`${kind} ${store.applicationId}/${store.recordingId}${isActive ? " active" : ""}`);
    }
    expect(told.filter((line) => line.startsWith("activation"))).toEqual([
      "activation app/dashboard",
      "activation app/own",
      "activation app requests/dashboard",
      "activation app/own active",
    ]);
    expect(told.slice(-2)).toEqual(["store-info app/rec", "activation app/own active"]);
  });

  it("that are the same everywhere are made once, and sent and counted each time, with the same ids", async () => {
    let made = 0;
    const { span, flush, transport } = expanding((host, store) => {
      const id = { kind: "blueprint", applicationId: "app", recordingId: "layout" } as const;
      host.sendSame(id, store, "layout", (blueprint) => {
        made++;
        host.log(blueprint, "/viewport", [], one);
        host.log(blueprint, "/time_panel", frame(0), one);
        host.activate(blueprint, { makeActive: false, makeDefault: true });
      });
    });
    span();
    span();
    flush();
    expect(made).toBe(1);
    expect(statsOf(transport)).toMatchObject({ rowsAccepted: 4, rowsWritten: 4, chunksWritten: 4 });
    const seen: string[] = [];
    for await (const message of (await openRrd(drained(transport, 1))).messages()) {
      seen.push(message.kind === "arrow" ? Buffer.from(message.payload).toString("base64") : message.kind);
    }
    expect(seen).toHaveLength(8);
    expect(seen.slice(4)).toEqual(seen.slice(0, 4));
    expect([seen[0], seen[3]]).toEqual(["store-info", "activation"]);
  });
});

it("survives an expander that throws, tells once, and writes users' rows (I1)", () => {
  const boom = (): never => {
    throw new Error("boom");
  };
  const { span, log, flush, warnings, transport } = expanding(boom, { tick: boom, close: boom });
  span();
  span();
  log("/a", 1);
  flush();
  expect(warnings).toHaveLength(1);
  expect(statsOf(transport).rowsWritten).toBe(1);
});

it("announces a recording with its first chunk: viewers that hear of it look for a default blueprint, which must be there", async () => {
  const { span, flush, transport } = expanding((host, store) => {
    const blueprint = host.openStore({ kind: "blueprint", applicationId: "app", recordingId: "layout" }, store);
    host.log(blueprint, "/viewport", [], one);
    host.activate(blueprint, { makeActive: store.isAnnounced, makeDefault: true });
    host.log(store, "/a", frame(1), one);
  });
  span();
  flush();
  const kinds: string[] = [];
  for await (const { kind, store } of (await openRrd(drained(transport, 1))).messages())
    kinds.push(`${kind} of ${store.kind}`);
  expect(kinds).toEqual([
    "store-info of blueprint",
    "arrow of blueprint",
    "activation of blueprint",
    "store-info of recording",
    "arrow of recording",
  ]);
});

it("tells what is lost of a recording with telemetry, whose layout may have no counters (a request's), in the recording", async () => {
  const { span, flush, transport } = expanding((host, store) => host.log(store, "/b", frame(7), one));
  span();
  flush();
  transport.countDropped(1, "overflow", 3);
  transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
  const reader = await openRrd(drained(transport, 1));
  const lost: unknown[] = [];
  for await (const { components } of reader.chunks({ entityPath: "/__properties/recorder" })) {
    for (const column of components)
      if (column.component === "Recorder:rows_dropped_overflow") lost.push(column.get(0));
  }
  expect(lost).toEqual([[3n]]);
});
