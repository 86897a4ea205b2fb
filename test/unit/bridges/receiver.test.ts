import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { fromBinary, fromJson, toBinary } from "@bufbuild/protobuf";
import { context, SpanKind, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
} from "../../../src/bridges/otlp/proto/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts";
import { OtlpReceiver, type OtlpReceiverOptions } from "../../../src/bridges.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { describeWithOracle, expectVerified } from "../../oracle.ts";
import { newFile, rowsOf, spansIn } from "./converted.ts";

let path: string;
let recording: RecordingStream;
let receiver: OtlpReceiver;

async function start(options: OtlpReceiverOptions = {}): Promise<void> {
  receiver = new OtlpReceiver(recording, { httpPort: 0, grpcPort: 0, idleMillis: 100, ...options });
  await receiver.listen();
}

/** Ends the receiver and the recording, as `serve` does. */
async function end(): Promise<void> {
  await receiver.close();
  await recording.shutdown({ timeoutMillis: 60_000 });
}

const http = (part: string): string => `http://127.0.0.1:${receiver.httpPort}/v1/${part}`;

beforeEach(() => {
  path = newFile();
  recording = new RecordingStream("received");
  recording.save(path);
});
afterEach(end);

/** The exporters' own ten seconds are too few on a machine that is busy with other tests. */
const PATIENCE = 60_000;

async function sendSpans(exporter: SpanExporter, service: string, count: number): Promise<void> {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, { maxExportBatchSize: 64, maxQueueSize: 10_000, exportTimeoutMillis: PATIENCE }),
    ],
  });
  const tracer = provider.getTracer("test");
  for (let i = 0; i < count; i += 2) {
    const root = tracer.startSpan("GET /cart", { kind: SpanKind.SERVER });
    tracer.startSpan("SELECT", { kind: SpanKind.CLIENT }, trace.setSpan(context.active(), root)).end();
    root.end();
  }
  await provider.forceFlush();
  await provider.shutdown();
}

describe("exporters of the OpenTelemetry SDK", () => {
  it("at once over protobuf, JSON and gRPC, plain and packed, lose nothing", async () => {
    await start();
    const gzip = "gzip" as never;
    await Promise.all([
      sendSpans(new ProtobufExporter({ timeoutMillis: PATIENCE, url: http("traces") }), "protobuf", 500),
      sendSpans(
        new ProtobufExporter({ timeoutMillis: PATIENCE, url: http("traces"), compression: gzip }),
        "protobuf-gzip",
        500,
      ),
      sendSpans(new JsonExporter({ timeoutMillis: PATIENCE, url: http("traces") }), "json", 500),
      sendSpans(
        new JsonExporter({ timeoutMillis: PATIENCE, url: http("traces"), compression: gzip }),
        "json-gzip",
        500,
      ),
      sendSpans(
        new GrpcExporter({ timeoutMillis: PATIENCE, url: `http://127.0.0.1:${receiver.grpcPort}` }),
        "grpc",
        500,
      ),
      sendSpans(
        new GrpcExporter({ timeoutMillis: PATIENCE, url: `http://127.0.0.1:${receiver.grpcPort}`, compression: gzip }),
        "grpc-gzip",
        500,
      ),
    ]);
    expect(receiver.counts).toMatchObject({ spans: 3000, traces: 1500 });
    await end();
    const spans = await spansIn(path);
    expect(spans).toHaveLength(3000);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(3000);
    for (const service of receiver.counts.services) {
      expect(spans.filter(({ resource }) => resource.attributes["service.name"] === service)).toHaveLength(500);
    }
  });

  it("logs and metrics", async () => {
    await start();
    const resource = resourceFromAttributes({ "service.name": "shop" });
    const logs = new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: http("logs") }) })],
    });
    logs.getLogger("l").emit({ body: "paid", severityNumber: 9, attributes: { amount: 3 } });
    await logs.forceFlush();
    const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: http("metrics") }) });
    const metrics = new MeterProvider({ resource, readers: [reader] });
    metrics.getMeter("m").createGauge("queue.length").record(7);
    metrics.getMeter("m").createHistogram("http.server.request.duration", { unit: "s" }).record(0.2);
    await metrics.forceFlush();
    expect(receiver.counts).toMatchObject({ logs: 1, metrics: 2, dataPoints: 2 });
    await Promise.all([logs.shutdown(), metrics.shutdown()]);
    await end();
    expect(await rowsOf(path, "/logs/shop")).toMatchObject([{ "TextLog:text": "paid", "TextLog:level": "INFO" }]);
    const gauge = (await rowsOf(path, "/metrics/queue/length/queue.length")).filter((row) => "Scalars:scalars" in row);
    expect(gauge.map((row) => row["Scalars:scalars"])).toContain(7);
  });

  it("a trace over two services becomes one waterfall", async () => {
    await start({ idleMillis: 30_000 });
    const exporters = ["front", "back"].map((service) => ({ service, memory: new InMemorySpanExporter() }));
    const [front, back] = exporters.map(({ service, memory }) =>
      new BasicTracerProvider({
        resource: resourceFromAttributes({ "service.name": service }),
        spanProcessors: [new SimpleSpanProcessor(memory)],
      }).getTracer("t"),
    );
    const call = front!.startSpan("call", { kind: SpanKind.CLIENT });
    const remote = trace.setSpanContext(context.active(), { ...call.spanContext(), isRemote: true });
    back!.startSpan("answer", { kind: SpanKind.SERVER }, remote).end();
    call.end();
    for (const { memory } of exporters.reverse()) {
      const body = JsonTraceSerializer.serializeRequest(memory.getFinishedSpans())!;
      const { status } = await post("traces", Buffer.from(body));
      expect(status).toBe(200);
    }
    await end();
    const { traceId } = call.spanContext();
    expect(await rowsOf(path, "/trace/01.01-answer", traceId)).not.toEqual([]);
  });
});

const JSON_TYPE = { "content-type": "application/json" };
const SPAN = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  name: "x",
  startTimeUnixNano: "1700000000000000000",
  endTimeUnixNano: "1700000000000000001",
};
const GOOD = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] });

async function post(part: string, body: Uint8Array | string, headers: Record<string, string> = JSON_TYPE) {
  const response = await fetch(http(part), { method: "POST", body: body as NonNullable<RequestInit["body"]>, headers });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

describe("what is refused", () => {
  it.each([
    ["garbage", "traces", "{nonsense", JSON_TYPE, 400],
    ["garbage of protobuf", "traces", "\xff\xff\xff", { "content-type": "application/x-protobuf" }, 400],
    ["a list", "traces", "[]", JSON_TYPE, 400],
    ["text, which a page of a foreign origin may send", "traces", GOOD, { "content-type": "text/plain" }, 415],
    ["an unknown path", "nothing", GOOD, JSON_TYPE, 404],
    ["an unknown encoding", "traces", GOOD, { ...JSON_TYPE, "content-encoding": "br" }, 400],
  ])("%s", async (_, part, body, headers, status) => {
    await start();
    const answer = await post(part, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toBe("");
    expect((await post("traces", GOOD)).body).toBe("{}");
  });

  it("more bytes than allowed, packed or unpacked", async () => {
    await start({ maxRequestBytes: 100_000, maxUnpackedBytes: 200_000 });
    const large = Buffer.alloc(150_000, " ");
    expect((await post("traces", large)).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(50 << 20));
    expect(bomb.length).toBeLessThan(100_000);
    expect((await post("traces", bomb, { ...JSON_TYPE, "content-encoding": "gzip" })).status).toBe(413);
    // without a length, as a stream
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(large.subarray(0, 50_000)) });
    const streamed = { method: "POST", body: endless, headers: JSON_TYPE, duplex: "half" } as RequestInit;
    expect((await fetch(http("traces"), streamed)).status).toBe(413);
    const grpc = new GrpcExporter({ timeoutMillis: PATIENCE, url: `http://127.0.0.1:${receiver.grpcPort}` });
    await expect(sendSpans(grpc, "x".repeat(150_000), 2)).rejects.toBeDefined();
    expect(receiver.counts.spans).toBe(0);
    expect((await post("traces", GOOD)).status).toBe(200);
  });

  it("a client that sends all of it before it reads has the answer", async () => {
    await start({ maxRequestBytes: 100_000 });
    const client = connect(receiver.httpPort as number, "127.0.0.1").on("error", () => {});
    const lines = ["POST /v1/traces HTTP/1.1", "host: x", "content-type: application/json", "content-length: 1000000"];
    client.write(`${lines.join("\r\n")}\r\n\r\n`);
    for (let i = 0; i < 10; i++) {
      await setTimeout(20);
      client.write(Buffer.alloc(100_000, " "));
    }
    expect(await text(client)).toMatch(/^HTTP\/1.1 413 /);
  });

  it("too much at once, with the time to come again", async () => {
    await start({ maxPendingBytes: 1000 });
    const { port, ended } = openRequest(900);
    expect(port).toBeGreaterThan(0);
    await setTimeout(100);
    const answer = await post("traces", GOOD);
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("1");
    const { status, details } = await grpcStatus();
    expect(status).toBe("8");
    expect(Buffer.from(details, "base64").toString("latin1")).toContain("google.rpc.RetryInfo");
    ended();
    await setTimeout(100);
    expect((await post("traces", GOOD)).status).toBe(200);
  });

  it("who has no token", async () => {
    await start({ token: "secret" });
    for (const authorization of ["", "Bearer wrong", "Basic secret"]) {
      expect((await post("traces", GOOD, { ...JSON_TYPE, authorization })).status).toBe(401);
    }
    expect((await post("traces", GOOD, { ...JSON_TYPE, authorization: "Bearer secret" })).status).toBe(200);
    expect((await grpcStatus()).status).toBe("16");
    const exporter = new ProtobufExporter({
      timeoutMillis: PATIENCE,
      url: http("traces"),
      headers: { authorization: "Bearer secret" },
    });
    await sendSpans(exporter, "shop", 2);
    expect(receiver.counts.spans).toBe(3);
  });

  it("records without a time, as a partial success", async () => {
    await start();
    const { status, body } = await post("logs", JSON.stringify(UNTIMED));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ partialSuccess: { rejectedLogRecords: "1" } });
  });

  it("records without a time, as a partial success of protobuf, over HTTP and gRPC", async () => {
    await start();
    const message = toBinary(ExportLogsServiceRequestSchema, fromJson(ExportLogsServiceRequestSchema, UNTIMED));
    const response = await fetch(http("logs"), {
      method: "POST",
      body: message,
      headers: { "content-type": "application/x-protobuf" },
    });
    const answers = [new Uint8Array(await response.arrayBuffer()), await grpcAnswer("logs.v1.LogsService", message)];
    for (const answer of answers) {
      const { partialSuccess } = fromBinary(ExportLogsServiceResponseSchema, answer);
      expect(partialSuccess).toMatchObject({ rejectedLogRecords: 1n, errorMessage: expect.stringContaining("time") });
    }
  });
});

/** Two log records, one of them without a time. */
const UNTIMED = {
  resourceLogs: [
    {
      scopeLogs: [
        {
          logRecords: [
            { body: { stringValue: "a" } },
            { timeUnixNano: "1700000000000000000", body: { stringValue: "b" } },
          ],
        },
      ],
    },
  ],
};

/** The message that a call is answered with. */
async function grpcAnswer(service: string, message: Uint8Array): Promise<Uint8Array> {
  const session = connectHttp2(`http://127.0.0.1:${receiver.grpcPort}`);
  const stream = session.request({
    ":method": "POST",
    ":path": `/opentelemetry.proto.collector.${service}/Export`,
    "content-type": "application/grpc",
    te: "trailers",
  });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([head, message]));
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  session.destroy();
  return Buffer.concat(pieces).subarray(5);
}

/** A request that has begun and does not end. */
function openRequest(bytes: number): { readonly port: number; ended(): void } {
  const port = receiver.httpPort!;
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n`);
  socket.write(Buffer.alloc(bytes, " "));
  return { port, ended: () => socket.destroy() };
}

async function grpcStatus(): Promise<{ readonly status: string; readonly details: string }> {
  const session = connectHttp2(`http://127.0.0.1:${receiver.grpcPort}`);
  const stream = session.request({
    ":method": "POST",
    ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.write(Buffer.alloc(200)); // which does not end
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
  session.destroy();
  return { status: String(headers["grpc-status"]), details: String(headers["grpc-status-details-bin"] ?? "") };
}

describe("clients that misbehave harm nothing", () => {
  it("cut off in the middle, garbage on both ports, a thousand connections", async () => {
    await start({ maxConnections: 200 });
    const sockets: Socket[] = [];
    for (let i = 0; i < 1000; i++) {
      const socket = connect(i % 2 === 0 ? receiver.httpPort! : receiver.grpcPort!, "127.0.0.1");
      socket.on("error", () => {});
      if (i % 3 === 0) socket.write(Buffer.from([0, 1, 2, 3, 255, 254]));
      if (i % 3 === 1) socket.write("POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc");
      sockets.push(socket);
    }
    await setTimeout(300);
    for (const socket of sockets) socket.destroy();
    const session = connectHttp2(`http://127.0.0.1:${receiver.grpcPort}`);
    session.on("error", () => {});
    const stream = session.request(
      { ":method": "POST", ":path": "/x", "content-type": "application/grpc" },
      { endStream: false },
    );
    stream.on("error", () => {});
    stream.write(Buffer.alloc(1000, 255));
    await setTimeout(100);
    session.destroy();
    await expect
      .poll(async () => (await post("traces", GOOD).catch(() => undefined))?.status, { timeout: 10_000 })
      .toBe(200);
    await sendSpans(
      new GrpcExporter({ timeoutMillis: PATIENCE, url: `http://127.0.0.1:${receiver.grpcPort}` }),
      "shop",
      2,
    );
    expect(receiver.counts.spans).toBeGreaterThanOrEqual(3);
  });

  it("a port that is taken is an error that names it", async () => {
    await start();
    const second = new OtlpReceiver(recording, { httpPort: receiver.httpPort!, grpcPort: false });
    await expect(second.listen()).rejects.toMatchObject({
      code: "ERR_RERUN_ARGUMENT",
      message: expect.stringContaining(String(receiver.httpPort)),
    });
  });

  it("only this machine is listened to, unless told otherwise", async () => {
    await start();
    const reached = await new Promise((resolve) => {
      const socket = connect(receiver.httpPort!, "127.0.0.2");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

describeWithOracle("judged by the official tools", () => {
  it("what was received is a valid recording", async () => {
    await start();
    await sendSpans(
      new GrpcExporter({ timeoutMillis: PATIENCE, url: `http://127.0.0.1:${receiver.grpcPort}` }),
      "shop",
      100,
    );
    await end();
    expectVerified(path);
  });
});
