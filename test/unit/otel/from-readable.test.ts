import { describe, expect, it } from "vitest";
import { logRecordFromReadable } from "../../../src/otel/sdk/from-log-record.ts";
import { metricPointsFrom } from "../../../src/otel/sdk/from-metrics.ts";
import { spanFromReadable } from "../../../src/otel/sdk/from-readable-span.ts";
import { readableSpan } from "./readable-span.ts";

const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "00f067aa0ba902b7", traceFlags: 1 };
const resource = { attributes: { "service.name": "shop" } };
const scope = { name: "s" };

describe("spanFromReadable", () => {
  it("reads a span of SDK 2 and 3", () => {
    const span = readableSpan({
      parentSpanContext: { ...parent, isRemote: true },
      status: { code: 2, message: "no" },
      events: [{ name: "e", time: [1_700_000_000, 9], attributes: { n: 1 } }],
      links: [{ context: parent, attributes: { l: true } }],
      droppedEventsCount: 3,
    });
    expect(spanFromReadable(span)).toEqual({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      parentSpanId: parent.spanId,
      parentIsRemote: true,
      name: "GET /",
      kind: 1,
      startTime: 1_700_000_000_000_000_005n,
      endTime: 1_700_000_001_000_000_007n,
      status: { code: 2, message: "no" },
      attributes: {},
      events: [{ name: "e", time: 1_700_000_000_000_000_009n, attributes: { n: 1 } }],
      links: [{ traceId: parent.traceId, spanId: parent.spanId, attributes: { l: true } }],
      resource: { attributes: { "service.name": "shop" } },
      scope: { name: "http", version: "1.0" },
      droppedEvents: 3,
    });
  });

  it("leaves out links that lead nowhere, which SDKs keep", () => {
    const links = [{ context: parent }, undefined, {}, { context: undefined }, { context: { traceId: 5 } }];
    const span = readableSpan({ links: links as never });
    expect(spanFromReadable(span).links).toEqual([{ traceId: parent.traceId, spanId: parent.spanId, attributes: {} }]);
  });

  it("reads the parent and the scope where SDK 1 has them", () => {
    const span = readableSpan({
      parentSpanId: parent.spanId,
      instrumentationScope: undefined,
      instrumentationLibrary: { name: "old" },
    });
    expect(spanFromReadable(span)).toMatchObject({ parentSpanId: parent.spanId, scope: { name: "old" } });
  });

  it.each([undefined, "", "0000000000000000"])("takes %j as no parent", (parentSpanId) => {
    expect(spanFromReadable(readableSpan({ parentSpanId }))).not.toHaveProperty("parentSpanId");
  });

  it("keeps nested values and bytes of SDK 3, and drops what no recording can hold", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const attributes = {
      nested: { a: [1, { b: null }], drop: () => 1 },
      bytes: new Uint8Array([1, 2, 3]),
      date: new Date(0),
      big: 2n ** 60n,
      error: Object.assign(new Error("e"), { stack: "Error: e\n at f" }),
      function: () => 1,
      missing: undefined,
      throws: {
        get x() {
          throw new Error("no");
        },
      },
      ["__proto__"]: "a name like any other",
      circular,
    };
    const { attributes: converted } = spanFromReadable(readableSpan({ attributes }));
    const { circular: ended, ...rest } = converted;
    expect(rest).toEqual({
      nested: { a: [1, { b: null }] },
      bytes: "AQID",
      date: "1970-01-01T00:00:00.000Z",
      big: 2n ** 60n,
      error: "Error: e\n at f",
      ["__proto__"]: "a name like any other",
    });
    expect(JSON.stringify(ended)).toMatch(/^(\{"self":){8}"…"\}{8}$/);
  });

  it("never ends before it starts", () => {
    const { startTime, endTime } = spanFromReadable(readableSpan({ endTime: [0, 0] }));
    expect(endTime).toBe(startTime);
  });

  it("gives the same resource and scope objects for the same ones", () => {
    const [a, b] = [spanFromReadable(readableSpan({ resource })), spanFromReadable(readableSpan({ resource }))];
    expect(a.resource).toBe(b.resource);
  });

  it("reads a resource again when its detectors are done", async () => {
    const attributes: Record<string, unknown> = { early: 1 };
    let isPending = true;
    const late = {
      attributes,
      get asyncAttributesPending() {
        return isPending;
      },
      waitForAsyncAttributes: async () => {
        attributes.late = 2;
        isPending = false;
      },
    };
    expect(spanFromReadable(readableSpan({ resource: late })).resource.attributes).toEqual({ early: 1 });
    await new Promise(setImmediate);
    expect(spanFromReadable(readableSpan({ resource: late })).resource.attributes).toEqual({ early: 1, late: 2 });
  });
});

describe("logRecordFromReadable", () => {
  const record = {
    hrTime: [1_700_000_000, 1] as const,
    hrTimeObserved: [1_700_000_002, 1] as const,
    attributes: { a: 1 },
    resource,
    instrumentationScope: scope,
  };

  it("reads text, severity, event name and span", () => {
    const full = {
      ...record,
      body: "hello",
      severityNumber: 9,
      severityText: "INFO",
      eventName: "e",
      spanContext: parent,
    };
    expect(logRecordFromReadable(full)).toEqual({
      time: 1_700_000_000_000_000_001n,
      body: "hello",
      severityNumber: 9,
      severityText: "INFO",
      eventName: "e",
      traceId: parent.traceId,
      spanId: parent.spanId,
      attributes: { a: 1 },
      resource,
      scope,
    });
  });

  it("takes the time of observation when there is no other, and null as an empty body", () => {
    expect(logRecordFromReadable({ ...record, hrTime: [0, 0] })).toMatchObject({
      time: 1_700_000_002_000_000_001n,
      body: null,
    });
  });

  it("shares nothing with the record, which later processors may change", () => {
    const attributes = { list: [1] };
    const read = logRecordFromReadable({ ...record, attributes, body: { a: attributes } });
    attributes.list.push(2);
    expect(read).toMatchObject({ attributes: { list: [1] }, body: { a: { list: [1] } } });
  });
});

describe("metricPointsFrom", () => {
  const point = (value: unknown) => ({
    startTime: [1_700_000_000, 0] as const,
    endTime: [1_700_000_060, 0] as const,
    attributes: { route: "/" },
    value,
  });
  const read = (metric: object) => [
    ...metricPointsFrom({
      resource,
      scopeMetrics: [
        { scope, metrics: [{ descriptor: { name: "m", unit: "ms", description: "" }, ...metric } as never] },
      ],
    }),
  ];
  const common = {
    name: "m",
    unit: "ms",
    time: 1_700_000_060_000_000_000n,
    startTime: 1_700_000_000_000_000_000n,
    attributes: { route: "/" },
    resource,
  };

  it("reads gauges and sums", () => {
    expect(read({ dataPointType: 2, dataPoints: [point(1.5)] })).toEqual([
      { ...common, data: { type: "gauge", value: 1.5 } },
    ]);
    expect(
      read({ dataPointType: 3, aggregationTemporality: 0, isMonotonic: true, dataPoints: [point(2)] }),
    ).toMatchObject([{ data: { type: "sum", value: 2, isMonotonic: true, isDelta: true } }]);
  });

  it("reads histograms, without the infinities of an empty one", () => {
    const value = {
      count: 0,
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
      buckets: { boundaries: [1, 2], counts: [0, 0, 0] },
    };
    const [read1] = read({ dataPointType: 0, aggregationTemporality: 1, dataPoints: [point(value)] });
    expect(read1?.data).toEqual({
      type: "histogram",
      isDelta: false,
      count: 0,
      sum: 0,
      bounds: [1, 2],
      counts: [0, 0, 0],
    });
  });

  it("reads exponential histograms", () => {
    const value = {
      count: 3,
      sum: 6,
      scale: 1,
      zeroCount: 1,
      positive: { offset: 2, bucketCounts: [1, 1] },
      negative: { offset: 0, bucketCounts: [] },
    };
    expect(read({ dataPointType: 1, aggregationTemporality: 1, dataPoints: [point(value)] })[0]?.data).toEqual({
      type: "exponential-histogram",
      isDelta: false,
      count: 3,
      sum: 6,
      scale: 1,
      zeroCount: 1,
      positive: { offset: 2, counts: [1, 1] },
      negative: { offset: 0, counts: [] },
    });
  });

  it("leaves out points of a kind or shape it does not know", () => {
    expect(read({ dataPointType: 9, dataPoints: [point(1)] })).toEqual([]);
    expect(read({ dataPointType: 0, dataPoints: [point(1), point(null), point({ buckets: {} })] })).toEqual([]);
    expect(read({ dataPointType: 2, dataPoints: [point("text")] })).toEqual([]);
  });
});
