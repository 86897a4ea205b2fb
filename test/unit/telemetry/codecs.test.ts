import fc from "fast-check";
import { expect, it } from "vitest";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { readLogRecord, writeLogRecord } from "../../../src/telemetry/log-codec.ts";
import { readMetricPoint, writeMetricPoint } from "../../../src/telemetry/metric-codec.ts";
import type { AttributeValue, LogRecord, MetricPoint, Span } from "../../../src/telemetry/model.ts";
import { OriginReader, OriginWriter } from "../../../src/telemetry/origins.ts";
import { readSpan, writeSpan } from "../../../src/telemetry/span-codec.ts";

function through<T>(
  value: T,
  write: (writer: ByteWriter, value: T, origins: OriginWriter) => void,
  read: (reader: ByteReader, origins: OriginReader) => T,
): { read: T; rest: number } {
  const definitions = new OriginReader();
  const writer = new ByteWriter();
  write(writer, value, new OriginWriter((definition) => definitions.define(definition)));
  const reader = new ByteReader(writer.written());
  return { read: read(reader, definitions), rest: reader.remaining };
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const { value: attributeValue } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: "grapheme" }),
    fc.double(),
    fc.boolean(),
    int64,
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const key = fc.string().filter((text) => text !== "__proto__");
const attributes = fc.dictionary(key, attributeValue, { maxKeys: 4, noNullPrototype: true });
const name = fc.string({ minLength: 1, unit: "grapheme" });
const status = fc.record(
  { code: fc.constantFrom(0 as const, 1 as const, 2 as const), message: name },
  { requiredKeys: ["code"] },
);
const scope = fc.record({ name, version: name }, { requiredKeys: ["name"] });
const resource = fc.record({ attributes });
const positive = fc.integer({ min: 1, max: 1e6 });
/** No key is required. */
const optional: { requiredKeys: [] } = { requiredKeys: [] };

const spans = fc
  .tuple(
    fc.record({
      traceId: name,
      spanId: name,
      name,
      kind: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 4 as const),
      startTime: int64,
      endTime: int64,
      resource,
      scope,
      status,
      attributes,
      events: fc.array(fc.record({ name, time: int64, attributes }), { maxLength: 3 }),
      links: fc.array(fc.record({ traceId: name, spanId: name, attributes }), { maxLength: 3 }),
    }),
    fc.record(
      {
        parentSpanId: name,
        parentIsRemote: fc.constant(true as const),
        droppedAttributes: positive,
        droppedEvents: positive,
        droppedLinks: positive,
        segments: fc.array(fc.record({ name, startTime: int64, endTime: int64, status, attributes }), {
          minLength: 1,
          maxLength: 3,
        }),
      },
      optional,
    ),
  )
  .map(([required, more]): Span => ({ ...required, ...more }));

it("spans are read as they were written", () => {
  fc.assert(
    fc.property(spans, (span) => {
      expect(through(span, writeSpan, readSpan)).toEqual({ read: span, rest: 0 });
    }),
  );
});

const logs = fc
  .tuple(
    fc.record({ time: int64, body: attributeValue, attributes, scope, resource }),
    fc.record(
      {
        severityNumber: fc.integer({ min: 1, max: 24 }),
        severityText: name,
        eventName: name,
        traceId: name,
        spanId: name,
      },
      optional,
    ),
  )
  .map(([required, more]): LogRecord => ({ ...required, ...more }));

it("log records are read as they were written", () => {
  fc.assert(
    fc.property(logs, (log) => {
      expect(through(log, writeLogRecord, readLogRecord)).toEqual({ read: log, rest: 0 });
    }),
  );
});

const numbers = fc.array(fc.double({ noNaN: true }), { maxLength: 4 });
const counts = fc.array(fc.nat(), { maxLength: 4 });
const buckets = fc.record({ offset: fc.integer(), counts });
const data: fc.Arbitrary<MetricPoint["data"]> = fc.oneof(
  fc.record({ type: fc.constant("gauge" as const), value: fc.double() }),
  fc.record({
    type: fc.constant("sum" as const),
    value: fc.double(),
    isMonotonic: fc.boolean(),
    isDelta: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("histogram" as const),
    isDelta: fc.boolean(),
    count: fc.nat(),
    bounds: numbers,
    counts,
  }),
  fc.record({
    type: fc.constant("exponential-histogram" as const),
    isDelta: fc.boolean(),
    count: fc.nat(),
    scale: fc.integer({ min: -10, max: 20 }),
    zeroCount: fc.nat(),
    positive: buckets,
    negative: buckets,
  }),
);
const metrics = fc
  .tuple(
    fc.record({ name, unit: fc.string(), time: int64, attributes, resource, data }),
    fc.record({ description: name, startTime: fc.bigInt({ min: 1n, max: 2n ** 62n }) }, optional),
  )
  .map(([required, more]): MetricPoint => ({ ...required, ...more }));

it("metric points of all kinds are read as they were written", () => {
  fc.assert(
    fc.property(metrics, (point) => {
      expect(through(point, writeMetricPoint, readMetricPoint)).toEqual({ read: point, rest: 0 });
    }),
  );
});

it("values that contain themselves end, those that OpenTelemetry does not know are left out", () => {
  const circle: Record<string, unknown> = { big: 2n ** 64n, when: undefined, call: () => 1 };
  circle.self = circle;
  const span = { ...fc.sample(spans, { numRuns: 1, seed: 1 })[0], attributes: circle } as Span;
  const { read } = through(span, writeSpan, readSpan);
  expect(Object.keys(read.attributes)).toEqual(["big", "self"]);
  expect(read.attributes.big).toBe(String(2n ** 64n));
});
