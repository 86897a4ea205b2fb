import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ExportTraceServiceRequestSchema } from "../../../src/bridges/otlp/proto/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts";
import { detectFormat } from "../../../src/bridges.ts";
import { convertToFile, rowsOf, spansIn } from "./converted.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const T0 = 1_700_000_000_123_456_789n;

interface Part {
  readonly [key: string]: unknown;
}

/** OTLP JSON with one span. */
function otlp(span: Part = {}, service: string | undefined = "shop"): Part {
  const attributes = service === undefined ? [] : [{ key: "service.name", value: { stringValue: service } }];
  const whole = {
    traceId: TRACE,
    spanId: "b7ad6b7169203331",
    name: "GET /cart",
    kind: 2,
    startTimeUnixNano: String(T0),
    endTimeUnixNano: String(T0 + 1_000_000n),
    ...span,
  };
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "s" }, spans: [whole] }] }] };
}

async function onlySpan(json: unknown) {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  const { path, result } = await convertToFile(Buffer.from(text));
  const [span] = await spansIn(path);
  return { span: span!, result, path };
}

describe("OTLP JSON", () => {
  it.each([
    ["a bare number beyond 2^53", JSON.stringify(otlp({ startTimeUnixNano: 0 })).replace('Nano":0', `Nano":${T0}`)],
    ["text", JSON.stringify(otlp())],
    [
      "two halves",
      JSON.stringify(otlp({ startTimeUnixNano: { low: Number(T0 & 0xffffffffn) | 0, high: Number(T0 >> 32n) } })),
    ],
  ])("times as %s lose no nanosecond", async (_, text) => {
    expect((await onlySpan(text)).span.startTime).toBe(T0);
  });

  it.each([
    ["SPAN_KIND_CLIENT", 2],
    ["client", 2],
    ["3", 2],
    [3, 2],
    [0, 0],
    ["SPAN_KIND_WHATEVER", 0],
  ])("kind %j", async (kind, expected) => {
    expect((await onlySpan(otlp({ kind }))).span.kind).toBe(expected);
  });

  it("values of every type arrive", async () => {
    const attributes = [
      { key: "text", value: { stringValue: "a" } },
      { key: "int", value: { intValue: "42" } },
      { key: "big", value: { intValue: "9007199254740993" } },
      { key: "double", value: { doubleValue: 0.1 } },
      { key: "bool", value: { boolValue: false } },
      { key: "list", value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: "b" }] } } },
      { key: "map", value: { kvlistValue: { values: [{ key: "k", value: { boolValue: true } }] } } },
      { key: "bytes", value: { bytesValue: "AAE=" } },
      { key: "__proto__", value: { stringValue: "mine" } },
      { key: "empty", value: {} },
    ];
    const { span } = await onlySpan(otlp({ attributes }));
    expect(span.attributes).toMatchObject({
      text: "a",
      int: 42,
      big: "9007199254740993",
      double: 0.1,
      bool: false,
      list: [1, "b"],
      map: { k: true },
      bytes: "AAE=",
      empty: null,
    });
    expect(Object.keys(span.attributes)).toContain("__proto__");
  });

  it("ids that are no ids stay text; short ones are filled up and stay findable", async () => {
    const odd = await onlySpan(otlp({ traceId: "req2025-8g" }));
    expect(odd.span.traceId).toBe("req2025-8g");
    expect(odd.result.notes).toEqual(["opaque ids: 1"]);
    const short = await onlySpan(otlp({ traceId: "ABC123" }));
    expect(short.span.traceId).toBe("abc123".padStart(32, "0"));
    expect(short.span.attributes).toEqual({ "source.trace_id": "ABC123" });
  });

  it("a span without a start is kept in the table, untimed", async () => {
    const { path, result } = await onlySpan(otlp({ startTimeUnixNano: "0" }));
    const [row] = await rowsOf(path, "/spans");
    expect(row).toMatchObject({ name: "GET /cart", span_no: 0n });
    expect(row).not.toHaveProperty("log_time");
    expect(result).toMatchObject({ spans: 1, notes: ["spans without a start: 1"] });
    expect(result.startTime).toBe(T0 + 1_000_000n);
  });

  it("a span without ids is kept in the table", async () => {
    const { path, result } = await onlySpan(otlp({ traceId: "", spanId: "" }));
    expect(await rowsOf(path, "/spans")).toHaveLength(1);
    expect(result).toMatchObject({ spans: 1, traces: 0, notes: ["spans without a trace id: 1"] });
  });

  it("a span without a service has an unknown one", async () => {
    const { path } = await onlySpan(otlp({}, ""));
    expect(await rowsOf(path, "/spans")).toMatchObject([{ service: "unknown_service" }]);
  });

  it("thousands of spans deep is no depth", async () => {
    const id = (n: number) => n.toString(16).padStart(16, "0");
    const spans = Array.from({ length: 5000 }, (_, n) => ({
      traceId: TRACE,
      spanId: id(n + 1),
      ...(n === 0 ? {} : { parentSpanId: id(n) }),
      name: `s${n}`,
      startTimeUnixNano: String(T0),
      endTimeUnixNano: String(T0),
    }));
    const { result, path } = await onlySpan({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(result.spans).toBe(5000);
    expect(await rowsOf(path, "/spans")).toHaveLength(5000);
  });

  it("circles are cut at the earliest, and all spans are there", async () => {
    const span = (spanId: string, parentSpanId: string, start: bigint) => ({
      traceId: TRACE,
      spanId,
      parentSpanId,
      name: spanId,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 5n),
    });
    const spans = [
      span("000000000000000a", "000000000000000b", T0 + 2n),
      span("000000000000000b", "000000000000000a", T0),
    ];
    const { path, result } = await onlySpan({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(result.notes).toEqual(["spans that were their own ancestors, drawn as roots: 1"]);
    const [row] = await rowsOf(path, "/trace/01-000000000000000b", TRACE);
    expect(row).toBeDefined();
    expect(await rowsOf(path, "/trace/01.01-000000000000000a", TRACE)).not.toEqual([]);
  });

  it("a batch without spans is nothing to convert, and says so", async () => {
    await expect(convertToFile(Buffer.from('{"resourceSpans":[]}'))).rejects.toMatchObject({
      code: "ERR_RERUN_FORMAT",
    });
  });
});

describe("how files come", () => {
  const text = JSON.stringify(otlp());

  it("gzip, also of several members", async () => {
    const packed = Buffer.concat([gzipSync(`${text}\n`), gzipSync(`${text}\n`)]);
    expect(detectFormat(packed)).toEqual({ format: "otlp-json", compression: "gzip" });
    expect((await convertToFile(packed)).result.spans).toBe(2);
  });

  it("gzip that is cut off is an error that says so", async () => {
    const packed = gzipSync(text).subarray(0, 60);
    await expect(convertToFile(packed)).rejects.toMatchObject({ message: expect.stringContaining("cut off") });
  });

  /** A frame of one block that is stored as it is. */
  const zstd = (bytes: Buffer): Buffer => {
    const block = (bytes.length << 3) | 1;
    const header = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, block & 255, (block >> 8) & 255, block >> 16];
    return Buffer.concat([Buffer.from(header), bytes]);
  };

  it("zstd, also of several frames, and cut off", async () => {
    const packed = Buffer.concat([zstd(Buffer.from(`${text}\n`)), zstd(Buffer.from(`${text}\n`))]);
    expect(detectFormat(packed)).toEqual({ format: "otlp-json", compression: "zstd" });
    expect((await convertToFile(packed)).result.spans).toBe(2);
    await expect(convertToFile(packed.subarray(0, 60))).rejects.toMatchObject({ code: "ERR_RERUN_FORMAT" });
  });

  it.each([
    ["nothing", "", "empty"],
    ["null", "null", "no JSON object"],
    ["a number", "123", "no JSON object"],
    ["text", "hello\nworld\n", "no JSON object"],
    ["an object of something else", '{"a":1}', "not telemetry"],
    ["half a file", text.slice(0, 40), "ends in the middle"],
    ["an image", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "neither JSON nor"],
    ["the console of Python", '{"name":"x","context":{"trace_id":"0x1","span_id":"0x2"}}', "Python"],
    ["Go's stdouttrace", '{"Name":"x","SpanContext":{"TraceID":"1","SpanID":"2"}}', "stdouttrace"],
  ])("%s is refused with what it is", async (_, input, reason) => {
    await expect(convertToFile(Buffer.from(input))).rejects.toMatchObject({
      code: "ERR_RERUN_FORMAT",
      message: expect.stringContaining(reason),
    });
  });

  it("an async iterable of any chunks", async () => {
    async function* chunks() {
      for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
    }
    expect((await convertToFile(chunks())).result.spans).toBe(1);
  });

  it("a file that is not there", async () => {
    await expect(convertToFile("/nowhere/traces.json")).rejects.toMatchObject({ code: "ERR_RERUN_FILE" });
  });
});

describe("OTLP protobuf", () => {
  const message = (spans: number, padding = 0) =>
    Buffer.from(
      toBinary(
        ExportTraceServiceRequestSchema,
        create(ExportTraceServiceRequestSchema, {
          resourceSpans: [
            {
              resource: {
                attributes: [{ key: "service.name", value: { value: { case: "stringValue", value: "shop" } } }],
              },
              scopeSpans: [
                {
                  spans: Array.from({ length: spans }, (_, n) => ({
                    traceId: Buffer.from(TRACE, "hex"),
                    spanId: Buffer.from((n + 1).toString(16).padStart(16, "0"), "hex"),
                    name: "x".repeat(padding + 1),
                    startTimeUnixNano: T0,
                    endTimeUnixNano: T0 + 5n,
                  })),
                },
              ],
            },
          ],
        }),
      ),
    );
  const varint = (length: number) => {
    const bytes: number[] = [];
    for (; length > 127; length >>>= 7) bytes.push((length & 127) | 128);
    return Buffer.from([...bytes, length]);
  };
  const be32 = (length: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length);
    return bytes;
  };
  const framed = (length: (bytes: number) => Buffer, ...messages: Buffer[]) =>
    Buffer.concat(messages.flatMap((one) => [length(one.length), one]));

  it.each([
    ["single", message(3), undefined],
    ["single", Buffer.concat([message(2), message(1)]), undefined],
    ["varint", framed(varint, message(1), message(2, 300)), undefined],
    ["be32", framed(be32, message(1), message(2, 300)), undefined],
    ["be32", framed(be32, message(1, 70_000), message(2, 70_000)), undefined],
  ])("%s framing", async (framing, bytes) => {
    expect(detectFormat(bytes)).toEqual({ format: "otlp-protobuf", framing });
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    }
    for (const input of [bytes, chunks()]) expect((await convertToFile(input)).result.spans).toBe(3);
  });

  it("messages that are packed one by one, of protobuf and of JSON", async () => {
    const bytes = framed(be32, gzipSync(message(1)), gzipSync(message(1)), gzipSync(JSON.stringify(otlp())));
    expect((await convertToFile(bytes)).result).toMatchObject({ spans: 3, skipped: 0 });
  });

  it("a tail that is cut is told by its offset", async () => {
    const bytes = framed(be32, message(1), message(2));
    const { result } = await convertToFile(bytes.subarray(0, -5));
    expect(result).toMatchObject({ spans: 1, skipped: 1, problems: [{ offset: 4 + message(1).length }] });
  });

  it("a message beyond the limit is left out, the others are not", async () => {
    const bytes = framed(be32, message(1), message(1, 100_000), message(1));
    const { result } = await convertToFile(bytes, { maxPieceBytes: 50_000 });
    expect(result).toMatchObject({ spans: 2, skipped: 1 });
  });
});

describe("Jaeger and Zipkin", () => {
  it("microseconds with a fraction are rounded to the nanosecond", async () => {
    const span = { traceID: "1", spanID: "2", operationName: "x", startTime: 1700000000123456, duration: 0 };
    const text = JSON.stringify({ data: [{ traceID: "1", spans: [span], processes: {} }] });
    const { span: read } = await onlySpan(text.replace('"duration":0', '"duration":1025396.9999999999'));
    expect(read.endTime - read.startTime).toBe(1_025_397_000n);
  });

  it("an exception of OpenTracing is one of OpenTelemetry", async () => {
    const fields = [
      { key: "event", value: "error" },
      { key: "error.kind", value: "TypeError" },
      { key: "message", value: "no" },
      { key: "stack", value: "TypeError: no\n    at a" },
    ];
    const span = {
      traceID: "1",
      spanID: "2",
      operationName: "x",
      startTime: 1700000000123456,
      logs: [{ timestamp: 1700000000123457, fields }],
    };
    const { path, result } = await onlySpan([span]);
    expect(result.exceptions).toBe(1);
    expect(await rowsOf(path, "/logs/exceptions")).toMatchObject([{ "TextLog:text": "TypeError: no  [x]\n    at a" }]);
  });

  it("Zipkin without endpoint, timestamp or duration", async () => {
    const { path, result } = await onlySpan([
      { traceId: "1", id: "2", name: "a" },
      { traceId: "1", id: "3", timestamp: 1700000000000000 },
    ]);
    expect(result).toMatchObject({ spans: 2, traces: 1 });
    const rows = await rowsOf(path, "/spans");
    expect(rows.map(({ service, duration_ms }) => [service, duration_ms])).toEqual([
      ["unknown_service", 0],
      ["unknown_service", 0],
    ]);
  });
});
