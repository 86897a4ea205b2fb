import { describe, expect, it } from "vitest";
import { type Span, SpanKind } from "../../../../src/telemetry/model.ts";
import { segmentSpanId } from "../../../../src/telemetry/segment-id.ts";
import { spansOf } from "../../../../src/telemetry/span-rows.ts";
import { FakeHost, logRecord, MS, recordingOf, SECOND, span, T0 } from "../telemetry.ts";

describe("the span table", () => {
  it("holds every span whole: what is read back is what was recorded", () => {
    const { end, rows } = recordingOf();
    const whole: Span = span("00000000000000aa", {
      parentSpanId: "bb",
      kind: 1,
      endTime: T0 + 1_234_567n,
      status: { code: 2, message: "boom" },
      attributes: { "http.route": "/x", n: 1.5, list: ["a", "b"], "http.response.status_code": 500 },
      events: [{ name: "exception", time: T0 + 5n, attributes: { "exception.type": "E" } }],
      links: [{ traceId: "t2", spanId: "s2", attributes: { why: "batch" } }],
    });
    end(whole);
    const [row] = rows("/spans");
    const chunk = {
      entityPath: "/spans",
      numRows: 1,
      timelines: Object.entries(row?.times ?? {}).map(([name, time]) => ({ name, get: () => time })),
      components: Object.entries(row?.values ?? {}).map(([name, value]) => ({ name, get: () => [value] })),
    };
    expect([...spansOf(chunk)]).toEqual([whole]);
    expect(row?.times).toEqual({ log_time: T0, elapsed: 0n, span_no: 0n });
    expect(row?.values).toMatchObject({ "http.route": "/x", "http.response.status_code": "500", "db.query.text": "" });
  });

  it("gets a row for each segment, as a child with the id that both sides compute", () => {
    const { end, rows, host } = recordingOf();
    const segments = ["json", "handler"].map((name, i) => ({
      name,
      startTime: T0 + BigInt(i) * MS,
      endTime: T0 + BigInt(i + 1) * MS,
      status: { code: 0 as const },
      attributes: {},
    }));
    end(span("00000000000000aa", { segments }));
    end(span("00000000000000bb", { traceId: "t2", parentSpanId: segmentSpanId("00000000000000aa", 1) }));
    const table = rows("/spans").map(({ values }) => [values.name, values.span_id, values.parent_span_id]);
    expect(table).toEqual([
      ["00000000000000aa", "00000000000000aa", ""],
      ["json", segmentSpanId("00000000000000aa", 0), "00000000000000aa"],
      ["handler", segmentSpanId("00000000000000aa", 1), "00000000000000aa"],
      ["00000000000000bb", "00000000000000bb", segmentSpanId("00000000000000aa", 1)],
    ]);
    expect(host.counts.spans).toBe(4);
  });

  it("keeps the order in which spans ended, numbered (I5)", () => {
    const { end, rows } = recordingOf();
    for (let i = 0; i < 100; i++) end(span(`s${i}`, { traceId: `t${i}`, startTime: T0 - BigInt(i) }));
    expect(rows("/spans").map(({ values, times }) => [values.span_id, times.span_no])).toEqual(
      Array.from({ length: 100 }, (_, i) => [`s${i}`, BigInt(i)]),
    );
  });
});

describe("processes that share a recording", () => {
  it("have lanes, metrics and resources of their own and numbers that do not meet", () => {
    const { end, rows, metric, close } = recordingOf({ instance: "shop_2", slot: 2 });
    end(span("a", { kind: SpanKind.server }));
    const point = { name: "nodejs.eventloop.delay.p99", unit: "s", attributes: {}, resource: span("a").resource };
    metric({ ...point, time: T0, data: { type: "gauge", value: 0.02 } });
    close();
    expect(rows("/requests/shop_2/01")).not.toHaveLength(0);
    expect(rows("/metrics/shop_2/nodejs/eventloop/nodejs.eventloop.delay.p99").at(-1)?.values).toEqual({
      "Scalars:scalars": 20,
    });
    expect(rows("/metrics/shop_2/http/requests")).not.toHaveLength(0);
    expect(rows("/__properties/resource_shop_2")[0]?.values["service.name"]).toBe("shop");
    expect(rows("/spans")[0]?.times.span_no).toBe(2n << 32n);
    expect(rows("/latency/a")).not.toHaveLength(0);
  });
});

describe("the dashboard", () => {
  it("is written before the first row, unless it is not wanted", () => {
    const written = recordingOf().host;
    expect(written.told.slice(0, 3).map((line) => line.replace(/\/.*/, ""))).toEqual([
      "open blueprint shop",
      "activate blueprint shop",
      "close blueprint shop",
    ]);
    expect(recordingOf({ blueprint: false }).host.told).toEqual([]);
  });
});

describe("logs, events and exceptions", () => {
  it("are rows at their own times with the ids of their span", () => {
    const { end, log, rows, host } = recordingOf();
    log(logRecord("sold", { time: T0 + 3n, severityNumber: 17, traceId: "t1", spanId: "a" }));
    const exception = {
      "exception.type": "E",
      "exception.message": "no stock",
      "exception.stacktrace": "E: no stock\n    at f (a.js:1:1)",
    };
    const events = [
      { name: "cache miss", time: T0 + 1n, attributes: { key: "k" } },
      { name: "exception", time: T0 + 2n, attributes: exception },
    ];
    end(span("a", { events }));
    expect(rows("/logs/shop")[0]).toMatchObject({
      times: { log_time: T0 + 3n },
      values: { "TextLog:text": "sold", "TextLog:level": "ERROR", "Log:trace_id": "t1", "Log:span_id": "a" },
    });
    expect(rows("/logs/events")[0]?.values["TextLog:text"]).toBe("cache miss key=k [a]");
    expect(rows("/logs/exceptions")[0]?.values["TextLog:text"]).toBe("E: no stock  [a]\n    at f (a.js:1:1)");
    expect(host.counts.logs).toBe(1);
  });

  it("an event that comes both ways, of a span and as a log record, has one row; others with its name have theirs", () => {
    const { end, log, rows, traceRows } = recordingOf();
    const event = (time: bigint) => ({ name: "cache miss", time, attributes: {} });
    const record = (time: bigint, part = {}) =>
      log(logRecord("cache miss", { eventName: "cache miss", traceId: "t1", spanId: "a", time, ...part }));
    record(T0 + 1n); // bridged from the span, before it ends
    record(T0 + 3n);
    record(T0 + 1n, { spanId: "b" });
    record(T0 + 1n, { eventName: "cache hit" });
    end(span("a", { kind: 1, events: [event(T0 + 1n), event(T0 + 2n)] }));
    record(T0 + 2n); // bridged into a log, afterwards
    const timesOf = (seen: { times: Readonly<Record<string, bigint>> }[]) => seen.map(({ times }) => times.log_time);
    expect(timesOf(rows("/logs/shop"))).toEqual([T0 + 1n, T0 + 3n, T0 + 1n, T0 + 1n]);
    expect(timesOf(rows("/logs/events"))).toEqual([T0 + 2n]);
    const inTrace = [...traceRows("t1", "/logs/shop"), ...traceRows("t1", "/logs/events")];
    expect(timesOf(inTrace).filter((time) => time === T0 + 1n)).toHaveLength(3); // of a, of b, and the hit
  });

  it("share an entity beyond the cap of services; a service cannot take the name of another entity", () => {
    const { log, rows } = recordingOf();
    const of = (service: string) => logRecord("x", { resource: { attributes: { "service.name": service } } });
    log(of("events"));
    for (let i = 0; i < 25; i++) log(of(`s${i}`));
    expect(rows("/logs/events_2")).toHaveLength(1);
    expect(rows("/logs/_other")).toHaveLength(6);
  });
});

describe("the summary", () => {
  it("has routes, exceptions, and what is not in the recording", () => {
    const host = new FakeHost();
    host.stats_ = {
      rowsDropped: { encode: 3 },
      sinks: [{ kind: "file", state: "open", messages: 0, bytes: 0, lostMessages: 0, lostRows: 0, removedRows: 7 }],
    };
    const { end, start, close, summary, rows } = recordingOf({}, host);
    const attributes = { "exception.type": "E", "exception.message": "no | stock" };
    end(span("a", { name: "GET /a", status: { code: 2 }, events: [{ name: "exception", time: T0, attributes }] }));
    end(span("b", { name: "GET /a", traceId: "t2" }));
    start(span("c", { traceId: "t3" }));
    end(span("old", { traceId: "t4", startTime: 1n, endTime: 2n }));
    close();
    const text = summary();
    expect(text).toContain("# shop");
    expect(text).toContain("| GET /a | 2 |");
    expect(text).toContain("E: no \\| stock");
    expect(text).toContain("rows dropped: encode 3");
    expect(text).toContain("segments that are gone, by the size limit or by somebody else: 7");
    expect(text).toContain("more than an hour away from the rest, in the span table only: 1");
    expect(text).toContain("spans that were open at the end: 1");
    expect(text).toContain("about:recording?app_id=shop%20requests&recording_id=t1");
    expect(rows("/__properties/recorder")[0]?.values).toMatchObject({
      "Recorder:rows_dropped": 3,
      "Recorder:rows_removed": 7,
    });
  });

  it("is written after a second, then every ten seconds when there is something new, and at the end", () => {
    const { end, tick, rows, close } = recordingOf();
    const at: number[] = [];
    let written = 0;
    for (let second = 0; second <= 60; second++) {
      if (second < 25) end(span(`s${second}`, { traceId: `t${second}`, startTime: T0 + BigInt(second) * SECOND }));
      tick(T0 + BigInt(second) * SECOND);
      const now = rows("/summary").length;
      if (now > written) at.push(second);
      written = now;
    }
    expect(at).toEqual([1, 11, 21, 31]);
    close();
    expect(rows("/summary")).toHaveLength(5);
  });
});

it("draws the requests that were answered, and errors, per second, and idle time as 0", () => {
  const { end, rows, close } = recordingOf();
  const ended = (second: number, code: 0 | 2, kind: SpanKind = SpanKind.server) => {
    const startTime = T0 + BigInt(second) * SECOND;
    end(span(`${second}${Math.random()}`, { traceId: `${Math.random()}`, startTime, kind, status: { code } }));
  };
  ended(0, 0);
  ended(0, 2);
  ended(5, 0);
  for (const kind of [SpanKind.internal, SpanKind.client, SpanKind.consumer]) ended(5, 2, kind);
  close();
  const points = (path: string) =>
    rows(path)
      .filter(({ values }) => "Scalars:scalars" in values)
      .map(({ times, values }) => [Number(((times.log_time ?? 0n) - T0) / SECOND), values["Scalars:scalars"]]);
  expect(points("/metrics/http/requests")).toEqual([
    [-1, 0],
    [0, 2],
    [1, 0],
    [4, 0],
    [5, 1],
  ]);
  expect(points("/metrics/http/errors").map(([, value]) => value)).toEqual([0, 1, 0, 0, 0]);
});

it("draws percentiles and buckets of how long requests took, of the first second, then of five at a time", () => {
  const { end, close, rows } = recordingOf();
  const ended = (seconds: number, duration: number, kind: SpanKind = SpanKind.server) => {
    const endTime = T0 + BigInt(Math.round(seconds * 1000)) * (SECOND / 1000n);
    const startTime = endTime - BigInt(duration) * (SECOND / 1000n);
    end(span(`${kind} at ${seconds} of ${duration}`, { kind, traceId: `${seconds} ${duration}`, startTime, endTime }));
  };
  for (let i = 0; i < 98; i++) ended(i / 100, 10 + (i % 3));
  ended(0.98, 900);
  ended(0.99, 950);
  for (const kind of [SpanKind.internal, SpanKind.client, SpanKind.consumer]) ended(1.5, 5000, kind);
  ended(2, 10);
  ended(6.9, 10);
  ended(7, 10);
  close();
  const points = (name: string) =>
    rows(`/metrics/duration/requests/${name}`)
      .filter(({ values }) => "Scalars:scalars" in values)
      .map(({ times, values }) => [
        Number((times.log_time ?? 0n) - T0) / Number(SECOND),
        Number(values["Scalars:scalars"]),
      ]);
  expect(points("p50").map(([at]) => at)).toEqual([-0.01, 1.99, 6.99]);
  for (const [, p50 = 0] of points("p50")) expect(Math.abs(p50 - 11)).toBeLessThan(1.5);
  const [[, p99 = 0] = []] = points("p99");
  expect(p99).toBeGreaterThan(790);
  expect(p99).toBeLessThan(1000);
  const [bars] = rows("/histogram/requests").filter(({ values }) => "BarChart:values" in values);
  expect(Array.from(bars?.values["BarChart:values"] as Float64Array).reduce((sum, count) => sum + count, 0)).toBe(100);
});

it("lets the line fall to 0 when no more requests come, not only when there are some again", () => {
  const { end, rows, tick } = recordingOf();
  end(span("only", { kind: SpanKind.server }));
  tick(T0 + 5n * SECOND);
  const points = rows("/metrics/http/requests").filter(({ values }) => "Scalars:scalars" in values);
  expect(points.map(({ values }) => values["Scalars:scalars"])).toEqual([0, 1, 0]);
});

it("shows spans that are open at the end, in lane and table, as unfinished", () => {
  const { start, end, close, rows, traceRows } = recordingOf();
  start(span("open", { kind: 1 }));
  start(span("inner", { parentSpanId: "open" }));
  end(span("done", { parentSpanId: "open" }));
  close();
  expect(rows("/requests/01").map(({ values }) => values["StateChange:state"])).toContain("open …");
  expect(rows("/spans").map(({ values }) => [values.name, values.status])).toEqual([
    ["done", "UNSET"],
    ["open", "UNFINISHED"],
    ["inner", "UNFINISHED"],
  ]);
  const bars = traceRows("t1", /^\/trace\//).filter(({ values }) => "StateChange:state" in values);
  expect(bars.map(({ path, values }) => `${path} ${values["StateChange:state"]}`)).toEqual([
    "/trace/01-open open …",
    "/trace/01.01-done done 10.0 ms",
    "/trace/01.01-done ",
    "/trace/01.02-inner inner …",
  ]);
});

it("stays bounded under 100,000 traces that never end, and says what it gave up (I7)", () => {
  const { start, close, summary, host } = recordingOf({ blueprint: false });
  for (let i = 0; i < 100_000; i++) start(span(`s${i}`, { traceId: `t${i}`, startTime: T0 + BigInt(i) }));
  // a lane is free again when its span is given up: no lane is lost for ever
  expect(host.rows.length).toBeGreaterThan(0);
  close();
  expect(summary()).toContain("open traces 90000");
  expect(summary()).toContain("spans that were open at the end: 10000");
  expect(host.told.filter((line) => line.startsWith("open recording")).length).toBe(50);
});
