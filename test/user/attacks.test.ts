import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect as connectHttp2, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder } from "./run.ts";
import { type Served, serve } from "./served.ts";

const cli = join(inject("consumers").plain, "node_modules/otel-rerun/dist/cli.cjs");
const TOKEN = "a-secret";
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const JSON_TYPE = { "content-type": "application/json", ...AUTHORIZED };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf", ...AUTHORIZED };
const GZIP = { "content-encoding": "gzip" };
const MIB = 1 << 20;

type Body = NonNullable<RequestInit["body"]>;

const bomb = gzipSync(Buffer.alloc(300 * MIB)); // 300 KB
/** 32 million messages without content. */
const empties = gzipSync(Buffer.alloc(60 * MIB, Buffer.from([0x0a, 0])));
const emptyObjects = gzipSync(`{"resourceSpans":[${"{},".repeat(18 * MIB)}{}]}`);

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));
const portOf = (url: string) => Number(new URL(url).port);

describeWithOracle("serve among clients that mean harm", () => {
  const folder = freshFolder();
  const path = join(folder, "run.rrd");
  let served: Served;
  let isOver = false;
  /** Names of spans that were answered with a success. */
  const taken: string[] = [];
  let senders: Promise<unknown>;

  beforeAll(async () => {
    served = await serve(cli, ["-o", path, "--token", TOKEN], folder);
    senders = Promise.all([sendAllTheTime("http"), sendAllTheTime("grpc")]);
  });
  afterAll(() => served?.process.kill("SIGKILL"));

  const url = () => `${served.http}/v1/traces`;
  async function post(body: Body, headers: Record<string, string>): Promise<number> {
    return (await fetch(url(), { method: "POST", body, headers, duplex: "half" } as RequestInit)).status;
  }

  /** One gRPC call of these bytes; its status, or what the connection ended with. */
  function call(frame: Buffer, headers: Record<string, string> = {}): Promise<string> {
    return new Promise((resolve) => {
      const session = connectHttp2(served.grpc);
      const end = (status: unknown) => {
        session.destroy();
        resolve(String(status));
      };
      session.once("error", (error) => end((error as NodeJS.ErrnoException).code));
      const stream = session.request({
        ":method": "POST",
        ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "content-type": "application/grpc",
        te: "trailers",
        ...AUTHORIZED,
        ...headers,
      });
      let status: unknown;
      const look = (found: Record<string, unknown>) => (status ??= found["grpc-status"]);
      stream.on("response", look).on("trailers", look);
      stream.once("error", (error) => end(status ?? error.message)).once("close", () => end(status));
      stream.resume();
      // piece by piece, as the other side takes it
      Readable.from(piecesOf(frame)).pipe(stream);
    });
  }

  /** As SDKs do: what is not answered with a success is sent again. */
  async function sendAllTheTime(kind: "http" | "grpc"): Promise<void> {
    for (let i = 0; !isOver; i++) {
      const name = `${kind} ${i}`;
      while (!(await sendSpan(kind, name).catch(() => false))) await pause(100);
      taken.push(name);
      await pause(20);
    }
  }
  async function sendSpan(kind: "http" | "grpc", name: string): Promise<boolean> {
    const id = `${kind === "http" ? "a" : "b"}${name.replace(/\D/g, "").padStart(15, "0")}`;
    if (kind === "http") {
      const span = {
        traceId: id + id,
        spanId: id,
        name,
        startTimeUnixNano: "1700000000000000001",
        endTimeUnixNano: "1700000000000000002",
      };
      return (await post(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }), JSON_TYPE)) === 200;
    }
    const spanId = Buffer.from(id, "hex");
    const times = Buffer.concat([Buffer.from([0x39]), nanoseconds(1n), Buffer.from([0x41]), nanoseconds(2n)]);
    const span = Buffer.concat([
      field(1, Buffer.concat([spanId, spanId])),
      field(2, spanId),
      field(5, Buffer.from(name)),
      times,
    ]);
    return (await call(framed(field(1, field(2, field(2, span)))))) === "0";
  }

  it("garbage, on both ports", async () => {
    for (const port of [portOf(served.http), portOf(served.grpc)]) {
      for (let i = 0; i < 100; i++) quiet(port).end(Buffer.from([0, 255, i, 13, 10, 13, 10]));
    }
    expect(await post("{nonsense", JSON_TYPE)).toBe(400);
    expect(await post(Buffer.alloc(1000, 0xff), PROTOBUF_TYPE)).toBe(400);
    expect(await post(Buffer.alloc(1000, 0xff), { ...PROTOBUF_TYPE, ...GZIP })).toBe(400);
    expect(await call(framed(Buffer.alloc(1000, 0xff)))).toBe("3");
    expect(await call(Buffer.alloc(3))).toBe("3");
    expect(await call(framed(Buffer.alloc(10), 1), { "grpc-encoding": "gzip" })).toBe("3");
    expect(await call(framed(Buffer.alloc(10)), { "grpc-encoding": "snappy" })).toBe("12");
    expect(await call(framed(Buffer.alloc(10)), { ":path": "/nothing/Here" })).toBe("12");
  });

  it("no token", async () => {
    expect(await post("{}", { ...JSON_TYPE, authorization: "Bearer wrong" })).toBe(401);
    expect(await call(framed(Buffer.alloc(0)), { authorization: "" })).toBe("16");
  });

  it("clients that are cut off in the middle", async () => {
    for (let i = 0; i < 200; i++) {
      const http = quiet(portOf(served.http));
      http.write(
        `POST /v1/traces HTTP/1.1\r\nhost: x\r\n${headerLines(JSON_TYPE)}content-length: 100000\r\n\r\n{"resourceSpans":[`,
      );
      const session = connectHttp2(served.grpc).on("error", () => {});
      const stream = session.request({ ":method": "POST", ":path": "/x", "content-type": "application/grpc" });
      stream.on("error", () => {}).write(Buffer.alloc(1000));
      setTimeout(() => {
        http.destroy();
        stream.close(constants.NGHTTP2_CANCEL);
        session.destroy();
      }, i % 50);
    }
    await pause(100);
  });

  it("bodies of 100 MiB", async () => {
    const large = Buffer.alloc(100 * MIB, " ");
    expect(await post(large, JSON_TYPE)).toBe(413);
    let pieces = 100;
    const pull = (controller: ReadableStreamDefaultController) => {
      if (pieces-- > 0) controller.enqueue(large.subarray(0, MIB));
      else controller.close();
    };
    expect(await post(new ReadableStream({ pull }), JSON_TYPE)).toBe(413);
    expect(await call(framed(large))).toBe("8");
  });

  it("gzip bombs, and millions of empty messages, one by one and sixty at once", async () => {
    expect(await post(bomb, { ...JSON_TYPE, ...GZIP })).toBe(413);
    expect(await post(empties, { ...PROTOBUF_TYPE, ...GZIP })).toBe(413);
    expect(await post(emptyObjects, { ...JSON_TYPE, ...GZIP })).toBe(413);
    expect(await call(framed(empties, 1), { "grpc-encoding": "gzip" })).toBe("8");
    const attacks = Array.from({ length: 10 }, () => [
      post(bomb, { ...JSON_TYPE, ...GZIP }),
      post(bomb, { ...PROTOBUF_TYPE, ...GZIP }),
      post(empties, { ...PROTOBUF_TYPE, ...GZIP }),
      post(emptyObjects, { ...JSON_TYPE, ...GZIP }),
      call(framed(bomb, 1), { "grpc-encoding": "gzip" }),
      call(framed(empties, 1), { "grpc-encoding": "gzip" }),
    ]);
    const answers = await Promise.all(attacks.flat());
    // too large, or too much at once: come again
    expect(answers.filter((answer) => ![413, 429, "8"].includes(answer))).toEqual([]);
  });

  it("slow ones, and ten thousand connections", async () => {
    const limit = execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
    const count = Math.min(10_000, limit === "unlimited" ? 10_000 : Number(limit) - 1000);
    const sockets: Socket[] = [];
    for (let i = 0; i < count; i++) {
      const socket = quiet(portOf(i % 2 === 0 ? served.http : served.grpc));
      if (i % 4 === 0) socket.write("POST /v1/traces HTTP/1.1\r\nhost: x\r\nx-slow: ");
      if (i % 40 === 2)
        socket.write(`POST /v1/traces HTTP/1.1\r\nhost: x\r\n${headerLines(JSON_TYPE)}content-length: 9999\r\n\r\n`);
      sockets.push(socket);
      if (i % 500 === 0) await pause(10);
    }
    const sessions = Array.from({ length: 100 }, () => connectHttp2(served.grpc).on("error", () => {}));
    const streams = sessions.map((session) => {
      const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        ...AUTHORIZED,
      });
      return stream.on("error", () => {});
    });
    const before = taken.length;
    for (let beat = 0; beat < 20; beat++) {
      for (const socket of sockets) if (!socket.destroyed) socket.write("x");
      for (const stream of streams) if (!stream.destroyed) stream.write(Buffer.from([0]));
      await pause(100);
    }
    // both senders got through meanwhile
    const since = () => taken.slice(before);
    await expect.poll(() => since().some((name) => name.startsWith("http")), { timeout: 60_000 }).toBe(true);
    await expect.poll(() => since().some((name) => name.startsWith("grpc")), { timeout: 60_000 }).toBe(true);
    for (const socket of sockets) socket.destroy();
    for (const session of sessions) session.destroy();
  });

  it("and everything that was answered with a success is there, once; memory was bounded; it ends", async () => {
    isOver = true;
    await senders;
    const status = process.platform === "linux" ? readFileSync(`/proc/${served.process.pid}/status`, "utf8") : "";
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
    console.info(`${taken.length} spans were taken meanwhile; peak memory ${peak.toFixed(0)} MiB`);
    expect(peak).toBeLessThan(1024);
    // somebody who does not let go
    connectHttp2(served.grpc)
      .on("error", () => {})
      .request({ ":method": "POST", ":path": "/x", ...AUTHORIZED })
      .on("error", () => {});
    quiet(portOf(served.http)).write("POST /v1/traces HTTP/1.1\r\n");
    await pause(100);
    expect(await served.end(), served.output()).toBe(0);
    expectVerified(path);
    const stores = dump(path, "/spans").filter(
      ({ kind, applicationId }) => kind === "recording" && !applicationId.endsWith(" requests"),
    );
    const names = stores.flatMap((store) => values(store, "/spans", "name")).map(String);
    const all = new Set(names);
    expect(taken.filter((name) => !all.has(name))).toEqual([]);
    expect(taken.length).toBeGreaterThan(10);
  });
});

function quiet(port: number): Socket {
  return connect(port, "127.0.0.1").on("error", () => {});
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}

function framed(message: Buffer, flag = 0): Buffer {
  const frame = Buffer.alloc(5);
  frame[0] = flag;
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1 << 16) yield bytes.subarray(at, at + (1 << 16));
}

/** A length-delimited field of a small message. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function nanoseconds(offset: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(1_700_000_000_000_000_000n + offset);
  return bytes;
}
