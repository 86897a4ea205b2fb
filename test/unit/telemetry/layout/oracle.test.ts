import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RecordKind } from "../../../../src/pipeline/record.ts";
import { openRrd } from "../../../../src/reader.ts";
import { createExpander } from "../../../../src/telemetry/layout/expander.ts";
import { writeLogRecord } from "../../../../src/telemetry/log-codec.ts";
import { mergeRecordings } from "../../../../src/telemetry/merge.ts";
import { writeMetricPoint } from "../../../../src/telemetry/metric-codec.ts";
import { OriginWriter } from "../../../../src/telemetry/origins.ts";
import { writeSpan } from "../../../../src/telemetry/span-codec.ts";
import { type DumpedStore, describeWithOracle, dump, expectVerified, values } from "../../../oracle.ts";
import { recording } from "../../pipeline/recorded.ts";
import { logRecord, MS, SECOND, shop, span, T0 } from "../telemetry.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-layout-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The bytes of a run with requests, errors, logs and metrics, as the inline transport writes them. */
function recorded(instance?: string, slot = 0): Uint8Array {
  const telemetry = instance === undefined ? {} : { instance, slot };
  const { transport, toMemory, flush, bytes } = recording({ createExpander }, { telemetry });
  toMemory();
  const origins = new OriginWriter((value) => transport.define({ type: "telemetry", recording: 1, value }));
  const resource = { attributes: { ...shop.attributes, "service.name": instance ?? "shop", "process.pid": 7 } };
  origins.resource(resource);
  origins.scope(span("").scope);
  for (let i = 0; i < 40; i++) {
    const traceId = `${slot}${i}`.padStart(32, "0");
    const startTime = T0 + BigInt(i) * 100n * MS;
    const part = { traceId, startTime, resource, kind: 1 as const, name: i % 2 ? "GET /a" : "POST /b" };
    const fails = i % 10 === 0;
    const exception = { name: "exception", time: startTime, attributes: { "exception.message": "boom" } };
    const query = { ...span(`q${slot}${i}`, part), parentSpanId: `r${slot}${i}`, kind: 2 as const, name: "SELECT" };
    const root = span(`r${slot}${i}`, {
      ...part,
      ...(fails ? { status: { code: 2 as const }, events: [exception] } : {}),
    });
    const one = logRecord("sold", { time: startTime, traceId, spanId: root.spanId, resource, scope: root.scope });
    for (const [kind, write] of [
      [RecordKind.log, (writer) => writeLogRecord(writer, one, origins)],
      [RecordKind.spanEnd, (writer) => writeSpan(writer, query, origins)],
      [RecordKind.spanEnd, (writer) => writeSpan(writer, root, origins)],
    ] as [RecordKind, (writer: ReturnType<typeof transport.begin>) => void][]) {
      const writer = transport.begin(kind, 1);
      write(writer);
      transport.end(writer);
    }
  }
  for (let i = 0; i < 4; i++) {
    const writer = transport.begin(RecordKind.metric, 1);
    const data = { type: "histogram", isDelta: true, count: 3, bounds: [0.1, 1], counts: [1, 1, i] } as const;
    const time = T0 + BigInt(i) * SECOND;
    writeMetricPoint(writer, { name: "job.duration", unit: "s", time, attributes: {}, resource, data }, origins);
    transport.end(writer);
  }
  transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
  flush();
  return bytes();
}

describeWithOracle("a run with telemetry", () => {
  const path = join(folder, "run.rrd");
  let stores: DumpedStore[];

  beforeAll(() => {
    writeFileSync(path, recorded());
    stores = dump(path);
  });

  it("is verified by the official CLI (I10)", () => {
    expectVerified(path);
  });

  it("has a process, its traces and a dashboard for each kind", () => {
    const kinds = stores.map(({ kind, applicationId }) => `${kind} ${applicationId}`);
    expect(kinds.filter((kind) => kind === "recording app")).toHaveLength(1);
    expect(kinds.filter((kind) => kind.startsWith("blueprint")).sort()).toEqual([
      "blueprint app",
      "blueprint app requests",
    ]);
    expect(kinds.filter((kind) => kind === "recording app requests").length).toBeGreaterThan(3);
  });

  it("has every span, log and percentile for the official SDK", () => {
    const run = stores.find(
      ({ applicationId, kind }) => applicationId === "app" && kind === "recording",
    ) as DumpedStore;
    expect(values(run, "/spans", "span_id")).toHaveLength(80);
    expect(values(run, "/logs/shop", "TextLog:text")).toHaveLength(40);
    expect(values(run, "/logs/exceptions", "TextLog:text")).toHaveLength(4);
    expect(values(run, "/latency/GET_a", "Scalars:scalars")).toHaveLength(20);
    expect(values(run, "/metrics/duration/job.duration/p99", "Scalars:scalars")).toHaveLength(4);
    expect(values(run, "/histogram/job.duration", "BarChart:values")).not.toHaveLength(0);
    expect(String(values(run, "/summary", "TextDocument:text").at(-1))).toContain("**40** requests, **4** failed");
    expect(values(run, "/__properties/recorder", "Recorder:rows_dropped")).toEqual([0]);
  });

  it("of two processes is one when merged: summary, lanes and traces of both", async () => {
    const parts = ["shop_0", "stock_1"].map((name, slot) => ({
      name,
      open: () => openRrd(recorded(name, slot)),
    }));
    const merged = join(folder, "merged.rrd");
    await mergeRecordings(parts, merged);
    expectVerified(merged);
    const all = dump(merged);
    const run = all.find(({ applicationId, kind }) => applicationId === "app" && kind === "recording") as DumpedStore;
    expect(values(run, "/spans", "span_id")).toHaveLength(160);
    const summary = String(values(run, "/summary", "TextDocument:text").at(-1));
    expect(summary).toContain("# shop\\_0, stock\\_1");
    expect(summary).toContain("**80** requests, **8** failed");
    const entities = new Set(run.chunks.map(({ entity }) => entity));
    for (const lane of ["/requests/shop_0/01", "/requests/stock_1/01"]) expect(entities).toContain(lane);
    expect(all.filter(({ applicationId, kind }) => kind === "blueprint" && applicationId === "app")).toHaveLength(1);
    expect(
      all.filter(({ applicationId, kind }) => kind === "recording" && applicationId === "app requests").length,
    ).toBeGreaterThan(6);
  });
});
