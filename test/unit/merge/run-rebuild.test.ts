import { beforeEach, expect, it } from "vitest";
import { TextDocument } from "../../../src/archetypes/generated/text-document.ts";
import type { ExpanderHost, StoreHandle } from "../../../src/pipeline/expander.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import type { MergeLayout } from "../../../src/telemetry/merge/merge-layout.ts";
import { isRead, RunRebuild } from "../../../src/telemetry/merge/run-rebuild.ts";
import type { RowChunk } from "../../../src/telemetry/span-rows.ts";

const run: StoreHandle = {
  id: { kind: "recording", applicationId: "shop", recordingId: "run" },
  isAnnounced: false,
};
const trace: StoreId = { kind: "recording", applicationId: "shop requests", recordingId: "t1" };

/** What the host was told, e.g. `log recording shop /summary`; rows of a blueprint are left out. */
let told: string[];
const tell = (what: string, { kind, applicationId }: StoreId, more = "") =>
  told.push(`${what} ${kind} ${applicationId} ${more}`.trim());

const host: ExpanderHost = {
  openStore: (id) => {
    tell("open", id);
    return { id, isAnnounced: false };
  },
  sendSame: () => {
    throw new Error("not needed");
  },
  log: ({ id }, entityPath) => id.kind === "recording" && tell("log", id, entityPath),
  flush: () => {},
  activate: ({ id }, { makeActive, makeDefault }) => tell("activate", id, `${makeActive} ${makeDefault}`),
  repeatStoreInfo: ({ id }) => tell("repeat", id),
  bringToFront: ({ id }) => tell("front", id),
  closeStore: ({ id }) => tell("close", id),
  count: () => {},
  stats: () => {
    throw new Error("not needed");
  },
};

/** Draws the ids of spans and the texts of logs. */
const layout: MergeLayout = {
  openRun: (log) => {
    const seen: string[] = [];
    return {
      addSpan: ({ spanId }) => seen.push(spanId),
      addNotable: ({ recordingId }) => seen.push(recordingId),
      finish: () => log(`/summary(${seen})`, [], new TextDocument("")),
    };
  },
  writeTrace: (log, { spans, logs }) => {
    for (const { spanId } of spans) log(`/trace/${spanId}`, [], new TextDocument(""));
    for (const { body } of logs) log(`/logs/${body}`, [], new TextDocument(""));
  },
};

function chunk(entityPath: string, rows: readonly Record<string, string>[]): RowChunk {
  const names = Object.keys(rows[0] ?? {});
  return {
    entityPath,
    numRows: rows.length,
    timelines: [{ name: "log_time", get: (row) => BigInt(row) }],
    components: names.map((name) => ({ name, get: (row) => [rows[row]?.[name]] })),
  };
}

beforeEach(() => {
  told = [];
});

it("draws a trace from the spans and logs of all processes, and the run's own rows last", () => {
  const rebuild = new RunRebuild(host, run, [trace], layout);
  rebuild.read(chunk("/spans", [{ trace_id: "t1", span_id: "a" }]));
  rebuild.read(chunk("/spans", [{ trace_id: "t2", span_id: "other" }]));
  rebuild.read(chunk("/spans", [{ trace_id: "t1", span_id: "b" }]));
  rebuild.read(chunk("/logs/inventory", [{ "Log:trace_id": "t1", "TextLog:text": "sold" }]));
  rebuild.finish();
  expect(told).toEqual([
    "open blueprint shop requests",
    "activate blueprint shop requests false true",
    "close blueprint shop requests",
    "open recording shop requests",
    "log recording shop requests /trace/a",
    "log recording shop requests /trace/b",
    "log recording shop requests /logs/sold",
    "close recording shop requests",
    "log recording shop /summary(a,other,b,t1)",
    "front recording shop",
  ]);
});

it("writes one dashboard for all processes of the run, not active and before the run: viewers take it as the default", () => {
  new RunRebuild(host, run, [], layout).writeDashboard(["shop_1", "inventory_2"]);
  expect(told).toEqual([
    "open blueprint shop",
    "activate blueprint shop false true",
    "close blueprint shop",
    "repeat recording shop",
  ]);
});

it.each([
  ["/spans", true],
  ["/logs/shop", true],
  ["/logs/events", false],
  ["/logs/exceptions", false],
  ["/latency/GET_x", false],
])("reads %s: %s (events come with their spans)", (entityPath, expected) => {
  expect(isRead(entityPath)).toBe(expected);
});
