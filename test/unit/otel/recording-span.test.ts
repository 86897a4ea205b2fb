import {
  type Attributes,
  context,
  type Exception,
  type Link,
  ROOT_CONTEXT,
  type Sampler,
  SamplingDecision,
  type Span,
  type SpanContext,
  type SpanOptions,
  type SpanStatus,
  type TimeInput,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { BasicTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { spanFromReadable } from "../../../src/otel/sdk/from-readable-span.ts";
import type { SpanLimits } from "../../../src/otel/tracer/span-limits.ts";
import type { Span as ModelSpan } from "../../../src/telemetry/model.ts";
import { fakeRecording } from "./fake-recording.ts";
import { recorded } from "./recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("./fake-recorder.ts"));
const { RecordingTracerProvider } = await import("../../../src/otel/tracer/recording-tracer-provider.ts");

/** One call on a span, by name. */
type Call =
  | ["setAttribute", string, unknown]
  | ["setAttributes", Record<string, unknown>]
  | ["addEvent", string, Record<string, unknown> | TimeInput | undefined, TimeInput | undefined]
  | ["addLink", Link]
  | ["addLinks", Link[]]
  | ["setStatus", SpanStatus]
  | ["updateName", string]
  | ["recordException", Exception, TimeInput]
  | ["end", TimeInput | undefined];

interface Program {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: SpanContext | undefined;
  readonly limits: Partial<SpanLimits>;
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: readonly Call[];
  readonly end: TimeInput;
}

const hex = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(""));

const key = fc.constantFrom("", "a", "b", "c", "http.route", "ключ");
const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.double(),
  fc.boolean(),
  fc.array(fc.option(fc.string({ maxLength: 12 })), { maxLength: 4 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.constantFrom(null, undefined, 1n, {}, [1, "mixed"], new Date(0), () => 1),
);
const attributes = fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true });
/** Where the SDK makes an empty object of a single key with no value; we leave the object out. */
const linkAttributes = attributes.map((given) => withoutUndefined(given) as Attributes);
/** Times far from now, so that both sides read them as given, whatever their clocks say. */
const time: fc.Arbitrary<TimeInput> = fc.oneof(
  fc.integer({ min: 1_600_000_000_000, max: 1_700_000_000_000 }),
  fc.integer({ min: 1_600_000_000_000, max: 1_700_000_000_000 }).map((millis) => new Date(millis)),
  fc.tuple(fc.integer({ min: 1_600_000_000, max: 1_700_000_000 }), fc.integer({ min: 0, max: 999_999_999 })),
);
const spanContext: fc.Arbitrary<SpanContext> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  traceFlags: fc.constantFrom(0, 1),
  isRemote: fc.boolean(),
});
const link: fc.Arbitrary<Link> = fc.record({ context: spanContext, attributes: linkAttributes });
const exception: fc.Arbitrary<Exception> = fc.oneof(
  fc.constantFrom<Exception>(
    "text",
    "",
    new TypeError("wrong type"),
    { code: 42, message: "numbered" },
    { name: "Bare" },
  ),
  fc.record({ name: fc.string({ minLength: 1 }), message: fc.string(), stack: fc.string() }),
);
const status = fc.record({
  code: fc.constantFrom(0, 1, 2),
  message: fc.constantFrom(undefined, "bad", 7 as unknown as string),
}) as fc.Arbitrary<SpanStatus>;

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.constant("setAttribute" as const), key, value),
  fc.tuple(fc.constant("setAttributes" as const), attributes),
  fc.tuple(fc.constant("addEvent" as const), fc.string(), attributes, time),
  fc.tuple(fc.constant("addEvent" as const), fc.string(), time, fc.constant(undefined)),
  fc.tuple(fc.constant("addEvent" as const), fc.string(), time, time),
  fc.tuple(fc.constant("addLink" as const), link),
  fc.tuple(fc.constant("addLinks" as const), fc.array(link, { maxLength: 3 })),
  fc.tuple(fc.constant("setStatus" as const), status),
  fc.tuple(fc.constant("updateName" as const), fc.string()),
  fc.tuple(fc.constant("recordException" as const), exception, time),
  { weight: 1, arbitrary: fc.tuple(fc.constant("end" as const), time) },
);
/** `OTEL_TRACES_SAMPLER` and limits. A trace id that each side draws for itself gets a ratio that does not depend on it. */
const environment = (hasTraceId: boolean): fc.Arbitrary<Record<string, string>> =>
  fc.record(
    {
      OTEL_TRACES_SAMPLER: fc.constantFrom(
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
        "junk",
      ),
      OTEL_TRACES_SAMPLER_ARG: hasTraceId
        ? fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }).map(String), fc.constantFrom("", "junk", "2", "-1"))
        : fc.constantFrom("0", "1", "junk"),
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: fc.constantFrom("0", "1", "3", "junk"),
      OTEL_ATTRIBUTE_COUNT_LIMIT: fc.constantFrom("2", "junk"),
      OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: fc.constantFrom("1", "4", "junk"),
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: fc.constantFrom("3", "junk"),
      OTEL_SPAN_EVENT_COUNT_LIMIT: fc.constantFrom("0", "1", "junk"),
      OTEL_SPAN_LINK_COUNT_LIMIT: fc.constantFrom("0", "1", "junk"),
      OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT: fc.constantFrom("1", "junk"),
      OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: fc.constantFrom("1", "junk"),
    },
    { requiredKeys: [] },
  );
const limit = fc.constantFrom(0, 1, 2, 128);
const base: fc.Arbitrary<Omit<Program, "environment">> = fc.record({
  name: fc.string(),
  options: fc.record(
    {
      kind: fc.integer({ min: 0, max: 4 }),
      attributes: attributes as fc.Arbitrary<Attributes>,
      links: fc.array(link, { maxLength: 3 }),
      startTime: time,
      root: fc.boolean(),
    },
    { requiredKeys: ["startTime"] },
  ),
  parent: fc.option(spanContext, { nil: undefined }),
  limits: fc.record(
    {
      attributeCountLimit: limit,
      attributeValueLengthLimit: fc.constantFrom(1, 5),
      eventCountLimit: limit,
      linkCountLimit: limit,
      attributePerEventCountLimit: limit,
      attributePerLinkCountLimit: limit,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Partial<SpanLimits>>,
  calls: fc.array(call, { maxLength: 12 }),
  end: time,
});

const program: fc.Arbitrary<Program> = base.chain((steps) =>
  environment(steps.parent !== undefined && steps.options.root !== true).map((given) => ({
    ...steps,
    environment: given,
  })),
);

/** Makes both sides with these variables set. */
function inEnvironment<T>(variables: Readonly<Record<string, string>>, make: () => T): T {
  for (const [name, text] of Object.entries(variables)) vi.stubEnv(name, text);
  try {
    return make();
  } finally {
    vi.unstubAllEnvs();
  }
}

function run(tracer: Tracer, { name, options, parent, calls, end }: Program): Span {
  const parentContext = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const span = tracer.startSpan(name, options, parentContext);
  for (const [method, ...args] of calls) Reflect.apply(span[method] as (...args: unknown[]) => unknown, span, args);
  span.end(end);
  return span;
}

/** All that an inspector of a span can see, but the random ids. */
function visible(span: Span): unknown {
  const readable = span as Span & ReadableSpan;
  return {
    isRecording: span.isRecording(),
    flags: span.spanContext().traceFlags,
    hasParentsTrace: span.spanContext().traceId === readable.parentSpanContext?.traceId,
    ...(readable.resource === undefined
      ? undefined
      : {
          name: readable.name,
          kind: readable.kind,
          parent: readable.parentSpanContext,
          startTime: readable.startTime,
          endTime: readable.endTime,
          duration: readable.duration,
          ended: readable.ended,
          status: readable.status,
          attributes: readable.attributes,
          events: readable.events,
          links: readable.links,
          scope: readable.instrumentationScope.name,
          droppedAttributesCount: readable.droppedAttributesCount,
          droppedEventsCount: readable.droppedEventsCount,
          droppedLinksCount: readable.droppedLinksCount,
        }),
  };
}

/** What the model says of a span, but ids and resource, which differ by design. */
function comparable(span: ModelSpan): unknown {
  const { traceId: _traceId, spanId: _spanId, resource: _resource, ...rest } = span;
  return { ...rest, events: span.events.map(({ name, time: at, attributes: about }) => ({ name, at, about })) };
}

describe("RecordingSpan beside the span of sdk-trace-base", () => {
  const recording = fakeRecording();
  beforeEach(() => {
    recorded(recording).spans.length = 0;
  });

  it("the same calls give the same fields, and the same span in the recording", () => {
    fc.assert(
      fc.property(program, (steps) => {
        recorded(recording).spans.length = 0;
        const [our, their] = inEnvironment(steps.environment, () => [
          new RecordingTracerProvider({ recording, spanLimits: steps.limits }).getTracer("t"),
          new BasicTracerProvider({ spanLimits: steps.limits }).getTracer("t"),
        ]);
        const [ours, theirs] = [run(our as Tracer, steps), run(their as Tracer, steps)];
        expect(withoutUndefined(visible(ours))).toEqual(withoutUndefined(visible(theirs)));
        const [span] = recorded(recording).spans;
        if (span === undefined) {
          expect(theirs.spanContext().traceFlags).toBe(0);
        } else {
          expect(comparable(span)).toEqual(comparable(spanFromReadable(theirs as Span & ReadableSpan)));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives an application's sampler the attributes a span may hold, and takes those it adds", () => {
    const seen: unknown[] = [];
    const sampler = {
      shouldSample: (...[, , , , given]: Parameters<Sampler["shouldSample"]>) => {
        seen.push({ ...given });
        given.changed = "by the sampler";
        return { decision: SamplingDecision.RECORD_AND_SAMPLED, attributes: { added: 1 } };
      },
    };
    const given = { kept: 1, dropped: {} } as unknown as Attributes;
    for (const provider of [
      new RecordingTracerProvider({ recording, sampler }),
      new BasicTracerProvider({ sampler }),
    ]) {
      const span = provider.getTracer("t").startSpan("sampled", { attributes: given });
      expect((span as unknown as ReadableSpan).attributes).toEqual({ kept: 1, changed: "by the sampler", added: 1 });
    }
    expect(seen).toEqual([{ kept: 1 }, { kept: 1 }]);
    expect(given).toEqual({ kept: 1, dropped: {} });
  });

  it("ends once, in the recording too", () => {
    const span = new RecordingTracerProvider({ recording }).getTracer("t").startSpan("once");
    span.end();
    span.end();
    span.setAttribute("late", 1);
    expect(recorded(recording).spans.map(({ name, attributes }) => [name, attributes])).toEqual([["once", {}]]);
  });

  it("measures durations by the monotonic clock, in the wall clock's time", async () => {
    const before = BigInt(Date.now() - 20) * 1_000_000n;
    const span = new RecordingTracerProvider({ recording }).getTracer("t").startSpan("timed");
    await new Promise((done) => setTimeout(done, 20));
    span.addEvent("in the middle");
    span.end();
    const after = BigInt(Date.now() + 20) * 1_000_000n;
    const [timed] = recorded(recording).spans as [ModelSpan];
    expect(timed.startTime > before && timed.endTime < after).toBe(true);
    expect(Number(timed.endTime - timed.startTime)).toBeGreaterThan(19e6);
    const [event] = timed.events as [ModelSpan["events"][number]];
    expect(event.time >= timed.startTime && event.time <= timed.endTime).toBe(true);
  });

  it("takes whatever a program without types gives, and records what can be read of it (I1)", () => {
    const tracer = new RecordingTracerProvider({ recording }).getTracer(Symbol("t") as never);
    const throwing = (key: string, rest = {}) =>
      Object.defineProperty({ ...rest }, key, { enumerable: true, get: () => expect.unreachable() });
    const proxy = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error("no keys");
        },
      },
    );
    const there = { context: { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 } };
    const junk = [undefined, null, {}, { context: undefined }, { context: { traceId: 5, spanId: null } }];
    const values: unknown[] = [
      undefined,
      null,
      5,
      "text",
      Symbol("s"),
      {},
      [],
      proxy,
      throwing("a"),
      Object.create(null),
    ];
    for (const value of values) {
      const span = tracer.startSpan(value as never, value as never);
      span.setAttributes(value as never).setAttribute(value as never, value as never);
      span.addEvent(value as never, value as never, value as never).addLinks(value as never);
      span.setStatus(value as never).updateName(value as never);
      span.recordException(value as never);
      span.recordException(throwing("stack", { name: "E" }) as never);
      span.end(value as never);
      tracer.startSpan("given", { attributes: value, links: value, startTime: value, kind: value } as never).end();
    }
    tracer.startSpan("null", null as never, null as never).end();
    expect(tracer.startActiveSpan("no function", undefined as never)).toBe(undefined);
    const links = [...junk, there] as Link[];
    const span = tracer.startSpan("links", { links, attributes: throwing("a", { b: 1 }) });
    span.addLinks(links);
    span.addLink(undefined as never);
    span.end();

    const { spans } = recorded(recording);
    expect(spans).toHaveLength(2 * values.length + 2);
    for (const { name, events, scope } of spans) {
      expect([name, scope.name, ...events.map((event) => event.name)].map((text) => typeof text)).not.toContain(
        "symbol",
      );
    }
    const last = spans.at(-1);
    expect(last?.links).toHaveLength(2);
    expect(last?.droppedLinks).toBe(2 * junk.length + 1);
    expect(last?.attributes).toEqual({ b: 1 });
  });

  it.each([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, -1e300, 1e300, [1e30, 0]])(
    "keeps a span with the time %s",
    (time) => {
      const tracer = new RecordingTracerProvider({ recording }).getTracer("t");
      const span = tracer.startSpan("odd", { startTime: time as TimeInput });
      span.addEvent("e", {}, time as TimeInput);
      span.end(time as TimeInput);
      const [odd] = recorded(recording).spans as [ModelSpan];
      for (const at of [odd.startTime, odd.endTime, odd.events[0]?.time ?? 0n]) expect(BigInt.asIntN(64, at)).toBe(at);
    },
  );

  it("startActiveSpan takes options and a context, and returns what the function returns", () => {
    const tracer = new RecordingTracerProvider({ recording }).getTracer("t");
    expect(tracer.startActiveSpan("a", () => 1)).toBe(1);
    expect(tracer.startActiveSpan("b", { kind: 2 }, () => 2)).toBe(2);
    expect(tracer.startActiveSpan("c", { kind: 2 }, context.active(), (span) => span.isRecording())).toBe(true);
  });
});

/** `undefined` and a key that is not there are the same to a reader. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : withoutUndefined(item)));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, withoutUndefined(item)]),
  );
}
