import { statSync } from "node:fs";
import { type Browser, chromium as engine } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveViewer } from "../../../src/page/viewer-server.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { openRrd } from "../../../src/reader.ts";
import { createExpander } from "../../../src/telemetry/layout/expander.ts";
import { writeLogRecord } from "../../../src/telemetry/log-codec.ts";
import { writeMetricPoint } from "../../../src/telemetry/metric-codec.ts";
import { OriginWriter } from "../../../src/telemetry/origins.ts";
import { writeSpan, writeSpanStart } from "../../../src/telemetry/span-codec.ts";
import { chromium, describeWithChromium, describeWithOracle, expectVerified } from "../../oracle.ts";
import { CHROMIUM_ARGUMENTS } from "../page/chromium-arguments.ts";
import { journaled } from "../pipeline/journaled.ts";
import { logRecord, MS, shop, span } from "./telemetry.ts";

/** What a process that ends is given by those that record with it (docs/durability.md). */
const EXIT_MILLIS = 10_000;
const STEP_SECONDS = 10;
const STEPS = 86_400 / STEP_SECONDS;
const GAUGES = 15;

/**
 * A server's whole day on a clock that is set forward: every ten seconds three requests of four spans, fifteen gauges and a
 * histogram, a log line each half minute.
 */
function day() {
  const run = journaled({ transport: { createExpander }, definition: { telemetry: {} } });
  const { transport, clock } = run;
  const origins = new OriginWriter((value) => transport.define({ type: "telemetry", recording: 1, value }));
  function record<T>(
    kind: RecordKind,
    value: T,
    write: (writer: never, value: T, origins: OriginWriter) => void,
  ): void {
    origins.resource(shop);
    origins.scope({ name: "test", version: "1.0.0" });
    const writer = transport.begin(kind, 1);
    write(writer as never, value, origins);
    transport.end(writer);
  }
  const wall = (): bigint => BigInt(clock.wall()) * MS;
  let spans = 0;
  const request = (no: number): void => {
    const traceId = no.toString(16).padStart(32, "0");
    const route = `GET /items/${no % 8}`;
    const took = BigInt(1 + ((no * 7919) % 400)) * MS;
    const root = span(`${traceId.slice(-14)}aa`, {
      traceId,
      name: route,
      kind: 1,
      startTime: wall(),
      endTime: wall() + took,
    });
    record(RecordKind.spanStart, root, writeSpanStart);
    for (let child = 0; child < 3; child++) {
      const spanId = `${traceId.slice(-14)}b${child}`;
      const part = span(spanId, {
        traceId,
        parentSpanId: root.spanId,
        name: `step ${child}`,
        startTime: wall(),
        endTime: wall() + took / 2n,
      });
      record(RecordKind.spanEnd, part, writeSpan);
    }
    record(RecordKind.spanEnd, no % 500 === 499 ? { ...root, status: { code: 2 as const } } : root, writeSpan);
    spans += 4;
  };
  for (let step = 0; step < STEPS; step++) {
    clock.advance(STEP_SECONDS * 1000);
    for (let no = 0; no < 3; no++) request(3 * step + no);
    for (let no = 0; no < GAUGES; no++) {
      const data = { type: "gauge", value: Math.sin(step / 50 + no) } as const;
      const point = { name: `process.gauge.${no}`, unit: "1", attributes: {}, resource: shop, time: wall(), data };
      record(RecordKind.metric, point, writeMetricPoint);
    }
    const counts = [step, step * 2, step];
    const data = {
      type: "histogram",
      isDelta: false,
      count: 4 * step,
      sum: step,
      bounds: [0.01, 0.1],
      counts,
    } as const;
    const histogram = {
      name: "http.server.request.duration",
      unit: "s",
      attributes: {},
      resource: shop,
      time: wall(),
      data,
    };
    record(RecordKind.metric, histogram, writeMetricPoint);
    if (step % 3 === 0) record(RecordKind.log, logRecord(`step ${step}`, { time: wall() }), writeLogRecord);
  }
  const before = run.stats();
  const closing = performance.now();
  const closed = transport.requestSync({ type: "close", recording: 1, timeoutMillis: EXIT_MILLIS });
  return { ...run, spans, before, closed, closeMillis: performance.now() - closing, after: run.stats() };
}

let run: ReturnType<typeof day>;
beforeAll(() => {
  run = day();
}, 180_000);
afterAll(() => run.remove());

it("a day of a server is 20,000 chunks at most, and all of it is there", async () => {
  const { before, after, spans, path, warnings } = run;
  expect(spans).toBe(4 * 3 * STEPS);
  expect(before.spans).toBe(spans);
  expect(after.rowsWritten).toBe(after.rowsAccepted);
  expect(after.rowsDropped).toEqual({});
  expect(after.chunksWritten).toBeLessThanOrEqual(20_000);
  expect(warnings).toEqual([]);
  const traces = new Set<unknown>();
  let rows = 0;
  const reader = await openRrd(path);
  for await (const { numRows, recording, components } of reader.chunks({ entityPath: "/spans" })) {
    if (recording.recordingId !== "rec") continue; // a notable trace, once more
    rows += numRows;
    const traceIds = components.find(({ component }) => component.endsWith("trace_id"));
    for (let row = 0; row < numRows; row++) traces.add(traceIds?.get(row)?.[0]);
  }
  expect(rows).toBe(spans);
  expect(traces.size).toBe(3 * STEPS);
  expect(reader.problems).toEqual([]);
  console.log(
    `a day: ${spans} spans, ${after.rowsWritten} rows, ${after.chunksWritten} chunks, ${(statSync(path).size / 1e6).toFixed(1)} MB, closed in ${run.closeMillis.toFixed(0)} ms`,
  );
});

it("its end writes the footer within the deadline of an exit", () => {
  expect(run.closed).toEqual({});
  expect(run.closeMillis).toBeLessThan(EXIT_MILLIS);
});

describeWithOracle("for the official tools", () => {
  it("it verifies, footer included (I10)", () => {
    expectVerified(run.path);
  }, 120_000);
});

describeWithChromium("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await engine.launch({ executablePath: chromium as string, args: CHROMIUM_ARGUMENTS });
  });
  afterAll(() => browser.close());

  it("the official viewer opens it on its dashboard", async () => {
    const server = await serveViewer({ files: [run.path] });
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForSelector("html[data-viewer=ready]", { state: "attached", timeout: 90_000 });
    const state = () =>
      page.evaluate("globalThis.otelRerun") as Promise<{
        readonly recordings: readonly { readonly recordingId: string }[];
        readonly active: string | undefined;
        readonly errors: readonly string[];
      }>;
    // the viewer draws in software and holds the page's only thread meanwhile
    await expect.poll(async () => (await state()).active, { timeout: 120_000 }).toBe("rec");
    expect((await state()).errors).toEqual([]);
    await server.close();
  }, 240_000);
});
