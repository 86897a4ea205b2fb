import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import * as rr from "../../../src/index.ts";
import { openRrd } from "../../../src/reader.ts";

/** The entities of a recording, with how many rows each has. */
async function entities(bytes: Uint8Array): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const reader = await openRrd(bytes);
  for await (const { entityPath, numRows } of reader.chunks({ kind: "recording" })) {
    found.set(entityPath, (found.get(entityPath) ?? 0) + numRows);
  }
  return found;
}

describe("a recording as the exporter of logs and metrics", () => {
  it("takes the log records of an SDK, and goes on when the SDK is shut down", async () => {
    const rec = new rr.RecordingStream("shop");
    const memory = rec.memoryRecording();
    const provider = new LoggerProvider({
      processors: [new BatchLogRecordProcessor({ exporter: rec.logRecordExporter() })],
    });
    const logger = provider.getLogger("shop");
    for (let n = 0; n < 1_000; n++) logger.emit({ body: `log ${n}` });
    await provider.shutdown();
    logger.emit({ body: "late" });
    rec.log("after", new rr.Scalars(1));
    await rec.flush({ timeoutMillis: 60_000 });
    const found = await entities(memory.drainAsBytes());
    const logs = [...found].filter(([path]) => path.startsWith("/logs/")).map(([, rows]) => rows);
    expect(logs).toEqual([1_000]);
    expect(found.get("/after")).toBe(1);
  });

  it("draws counters, and both kinds of histogram", async () => {
    const rec = new rr.RecordingStream("shop");
    const memory = rec.memoryRecording();
    const exporter = rec.metricExporter();
    expect(exporter.selectAggregationTemporality()).toBe(1);
    expect(rec.metricExporter({ temporality: "delta" }).selectAggregationTemporality()).toBe(0);
    const provider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })],
      views: [{ instrumentName: "fine", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const meter = provider.getMeter("shop");
    const [coarse, fine] = [
      meter.createHistogram("coarse", { unit: "ms" }),
      meter.createHistogram("fine", { unit: "ms" }),
    ];
    meter.createCounter("orders").add(3);
    for (let n = 1; n <= 1_000; n++) {
      coarse.record(n);
      fine.record(n);
    }
    await provider.forceFlush();
    await provider.shutdown();
    await rec.flush({ timeoutMillis: 60_000 });
    const paths = [...(await entities(memory.drainAsBytes())).keys()].join("\n");
    for (const name of ["coarse", "fine"]) {
      expect(paths).toMatch(new RegExp(`^/histogram/${name}`, "m"));
      expect(paths).toMatch(new RegExp(`^/metrics/.*${name}`, "m"));
    }
    expect(paths).toMatch(/^\/metrics\/.*orders/m);
  });

  it("as free functions: of the active recording, or nothing without one", () => {
    const recording = new rr.RecordingStream("shop");
    expect(rr.logRecordExporter({ recording })).toBeDefined();
    expect(rr.metricExporter({ recording, temporality: "delta" })?.selectAggregationTemporality()).toBe(0);
    expect([rr.logRecordExporter(), rr.metricExporter()]).toEqual([undefined, undefined]);
  });

  it("fails by the callback after shutdown, and ends nothing else", async () => {
    const rec = new rr.RecordingStream("shop");
    const exporter = rec.logRecordExporter();
    await exporter.shutdown();
    const results: rr.ExportResult[] = [];
    exporter.export([], (result) => results.push(result));
    expect(results).toMatchObject([{ code: 1, error: { code: "ERR_RERUN_CLOSED" } }]);
    rec.logRecordExporter().export([], (result) => results.push(result));
    expect(results[1]).toEqual({ code: 0 });
  });
});
