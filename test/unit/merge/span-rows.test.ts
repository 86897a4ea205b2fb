import { describe, expect, it } from "vitest";
import { logsOf, type RowChunk, spansOf } from "../../../src/telemetry/span-rows.ts";

function chunk(entityPath: string, rows: readonly Record<string, unknown>[]): RowChunk {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    entityPath,
    numRows: rows.length,
    timelines: [{ name: "log_time", get: (row) => BigInt(1000 + row) }],
    components: names.map((name) => ({
      name,
      get: (row) => (rows[row]?.[name] === undefined ? null : [rows[row][name]]),
    })),
  };
}

describe("a span of the table", () => {
  const row = {
    trace_id: "t",
    span_id: "s",
    parent_span_id: "p",
    service: "shop",
    name: "GET /x",
    kind: "SERVER",
    status: "ERROR",
    status_message: "boom",
    duration_ms: 1.5,
    scope: "@acme/db@1.2.3",
    attributes: '{"http.route":"/x"}',
    events: '[{"name":"exception","time":"1005","attributes":{"exception.type":"E"}}]',
    links: '[{"traceId":"t2","spanId":"s2","attributes":{}}]',
  };

  it("is read back whole", () => {
    expect([...spansOf(chunk("/spans", [row]))]).toEqual([
      {
        traceId: "t",
        spanId: "s",
        parentSpanId: "p",
        name: "GET /x",
        kind: 1,
        startTime: 1000n,
        endTime: 1_501_000n,
        resource: { attributes: { "service.name": "shop" } },
        scope: { name: "@acme/db", version: "1.2.3" },
        status: { code: 2, message: "boom" },
        attributes: { "http.route": "/x" },
        events: [{ name: "exception", time: 1005n, attributes: { "exception.type": "E" } }],
        links: [{ traceId: "t2", spanId: "s2", attributes: {} }],
      },
    ]);
  });

  it("keeps what can be read when something cannot (I8)", () => {
    const damaged = { ...row, attributes: "{", events: '[1, {"time":"soon"}]', duration_ms: null };
    expect([...spansOf(chunk("/spans", [damaged, { name: "no ids" }]))]).toMatchObject([
      { name: "GET /x", endTime: 1000n, attributes: {}, events: [{ name: "", time: 0n }] },
    ]);
  });
});

it("reads the log records of a trace back", () => {
  const rows = [
    {
      "TextLog:text": "sold",
      "TextLog:level": "WARN",
      "Log:trace_id": "t",
      "Log:span_id": "s",
      "Log:attributes": '{"n":1}',
    },
    { "TextLog:text": "outside of every trace" },
  ];
  expect([...logsOf(chunk("/logs/shop", rows), "shop")]).toMatchObject([
    { time: 1000n, body: "sold", severityNumber: 13, traceId: "t", spanId: "s", attributes: { n: 1 } },
  ]);
});
