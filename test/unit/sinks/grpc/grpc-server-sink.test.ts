import { createServer } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, type ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterEach, expect, it } from "vitest";
import { StoreIdSchema, StoreKind } from "../../../../src/rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import { ArrowMsgSchema } from "../../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { MessageProxyService } from "../../../../src/rrd/proto/rerun/sdk_comms/v1alpha1/sdk_comms_pb.ts";
import { GrpcClientSink } from "../../../../src/sinks/grpc/grpc-client-sink.ts";
import { GrpcServerSink } from "../../../../src/sinks/grpc/grpc-server-sink.ts";
import type { GrpcServerSpec } from "../../../../src/sinks/sink.ts";
import { BLUEPRINT, chunk, info, labelOf } from "./messages.ts";

const servers: GrpcServerSink[] = [];
const cleanUps: (() => void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  for (const server of servers.splice(0)) {
    server.close();
    await server.closed;
  }
});

const SPEC: GrpcServerSpec = {
  kind: "grpc-server",
  host: "127.0.0.1",
  port: 0,
  memoryLimitBytes: 1 << 20,
  playback: "oldest-first",
  corsAllowOrigin: ["https://*.example.com"],
  maxMessageBytes: 10_000,
};

async function serve(
  options: Partial<GrpcServerSpec> = {},
): Promise<{ sink: GrpcServerSink; baseUrl: string; port: number }> {
  const sink = new GrpcServerSink({ ...SPEC, ...options });
  servers.push(sink);
  const port = await sink.listen();
  return { sink, port, baseUrl: `http://127.0.0.1:${port}` };
}

type Protocol = "grpc" | "grpc-web";

/** Reads in the background; `seen` grows. */
function read(baseUrl: string, protocol: Protocol = "grpc"): { seen: string[]; done: Promise<unknown>; stop(): void } {
  const transport =
    protocol === "grpc" ? createGrpcTransport({ baseUrl }) : createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
  const controller = new AbortController();
  cleanUps.push(() => controller.abort());
  const seen: string[] = [];
  const done = (async () => {
    const stream = createClient(MessageProxyService, transport).readMessages({}, { signal: controller.signal });
    for await (const { logMsg } of stream) {
      const kind = (
        { setStoreInfo: "store-info", arrowMsg: "arrow", blueprintActivationCommand: "activation" } as const
      )[logMsg?.msg.case as "arrowMsg"];
      seen.push(labelOf({ kind, payload: logMsg?.msg.value as Uint8Array }));
    }
  })().catch((error: unknown) => error);
  return { seen, done, stop: () => controller.abort() };
}

it.each(["grpc", "grpc-web"] as const)(
  "%s: a late client gets what is persistent, static, temporal, then what comes (C21)",
  async (protocol) => {
    const { sink, baseUrl } = await serve();
    sink.write(info());
    sink.write(chunk("a0"));
    sink.write(chunk("fixed", { isStatic: true }));
    sink.write(info(BLUEPRINT));
    sink.write(chunk("layout", { store: BLUEPRINT }));
    sink.write(chunk("a1"));
    const { seen, done } = read(baseUrl, protocol);
    await expect.poll(() => seen.length).toBe(6);
    expect(seen).toEqual(["store-info", "store-info", "layout", "fixed", "a0", "a1"]);
    sink.write(chunk("live"));
    await sink.flush();
    await expect.poll(() => seen.at(-1)).toBe("live");
    expect(sink.status.readers).toBe(1);
    sink.close();
    expect(await done, "the stream ends in order").toBeUndefined();
    await sink.closed;
  },
);

it("newest-first turns static and temporal around, not what is persistent", async () => {
  const { sink, baseUrl } = await serve({ playback: "newest-first" });
  for (const message of [info(), info(BLUEPRINT), chunk("s0", { isStatic: true }), chunk("s1", { isStatic: true })]) {
    sink.write(message);
  }
  sink.write(chunk("a0"));
  sink.write(chunk("a1"));
  const { seen } = read(baseUrl);
  await expect.poll(() => seen).toEqual(["store-info", "store-info", "s1", "s0", "a1", "a0"]);
});

it("at the limit temporal chunks go first, then static ones, blueprints never (C21)", async () => {
  const { sink, baseUrl } = await serve({ memoryLimitBytes: 2000 });
  sink.write(info());
  sink.write(chunk("layout", { store: BLUEPRINT, bytes: 500 }));
  sink.write(chunk("fixed", { isStatic: true }));
  for (let i = 0; i < 100; i++) sink.write(chunk(`a${i}`));
  expect(sink.status.queuedBytes).toBeLessThanOrEqual(2000);
  const { seen } = read(baseUrl);
  await expect.poll(() => seen.at(-1)).toBe("a99");
  expect(seen.slice(0, 3)).toEqual(["store-info", "layout", "fixed"]);
  expect(seen.length).toBeLessThan(20);
  for (let i = 0; i < 100; i++) sink.write(chunk(`s${i}`, { isStatic: true }));
  const later = read(baseUrl);
  await expect.poll(() => later.seen.at(-1)).toBe("a99");
  expect(later.seen.slice(0, 2)).toEqual(["store-info", "layout"]);
  expect(later.seen).not.toContain("fixed");
});

it("without a history clients still get what comes", async () => {
  const { sink, baseUrl } = await serve({ memoryLimitBytes: 0 });
  sink.write(info());
  sink.write(chunk("before"));
  const { seen } = read(baseUrl);
  await expect.poll(() => sink.status.readers).toBe(1);
  sink.write(chunk("after"));
  await expect.poll(() => seen).toEqual(["store-info", "after"]);
});

it("others may log to it: our own client does, and its chunks keep their kind", async () => {
  const { sink, baseUrl, port } = await serve();
  const url = `rerun+http://127.0.0.1:${port}/proxy`;
  const client = new GrpcClientSink({ kind: "grpc", url, maxBufferedBytes: 1 << 20, connectTimeoutMillis: 1000 });
  cleanUps.push(() => client.close());
  client.write(info());
  await client.flush(5000);
  const { seen } = read(baseUrl);
  await expect.poll(() => seen).toEqual(["store-info"]);
  expect(sink.status.readers).toBe(1);
});

it("refuses what cannot be decoded, and messages above the limit (I11)", async () => {
  const { sink, baseUrl } = await serve();
  const client = createClient(MessageProxyService, createGrpcTransport({ baseUrl }));
  async function* one(value: Uint8Array<ArrayBuffer> | undefined) {
    yield value === undefined ? {} : { logMsg: { msg: { case: "arrowMsg" as const, value } } };
  }
  const codeOf = async (value: Uint8Array<ArrayBuffer> | undefined) =>
    await client.writeMessages(one(value)).then(
      () => "taken",
      (error: unknown) => (error as ConnectError).code,
    );
  expect(await codeOf(undefined)).toBe(Code.InvalidArgument);
  expect(await codeOf(Uint8Array.of(0xff, 0xff, 0xff))).toBe(Code.InvalidArgument);
  expect(await codeOf(new Uint8Array())).toBe(Code.InvalidArgument);
  expect(await codeOf(new Uint8Array(20_000))).toBe(Code.ResourceExhausted);
  const storeId = create(StoreIdSchema, { kind: StoreKind.RECORDING, recordingId: "theirs" });
  const good = toBinary(ArrowMsgSchema, create(ArrowMsgSchema, { storeId, isStatic: true }));
  expect(await codeOf(good as Uint8Array<ArrayBuffer>)).toBe("taken");
  const before = sink.status.queuedBytes;
  expect(before).toBe(good.length);
});

it("web pages: those of this machine, of rerun.io and those named may read, others not; foreign names are refused", async () => {
  const { baseUrl, port } = await serve();
  const path = `${baseUrl}/rerun.sdk_comms.v1alpha1.MessageProxyService/ReadMessages`;
  const preflight = (origin: string) => fetch(path, { method: "OPTIONS", headers: { origin } });
  for (const origin of [
    "http://localhost:5173",
    "http://127.0.0.1:9090",
    "https://app.rerun.io",
    "https://a.example.com",
  ]) {
    const { status, headers } = await preflight(origin);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    expect(headers.get("access-control-allow-headers")).toContain("x-grpc-web");
  }
  for (const origin of [
    "https://evil.example",
    "http://rerun.io",
    "https://notrerun.io",
    "null",
    "https://a.example.com.evil",
  ]) {
    expect((await preflight(origin)).status, origin).toBe(403);
  }
  const { request } = await import("node:http");
  const status = await new Promise((resolve) => {
    request(
      { port, host: "127.0.0.1", method: "POST", path: "/", headers: { host: `evil.example:${port}` } },
      (response) => resolve(response.statusCode),
    ).end();
  });
  expect(status).toBe(403);
});

it("a port in use is a typed error at the call", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
  );
  cleanUps.push(() => other.close());
  const sink = new GrpcServerSink({ ...SPEC, port });
  await expect(sink.listen()).rejects.toMatchObject({
    code: "ERR_RERUN_ARGUMENT",
    message: expect.stringContaining(`port ${port} is taken`),
  });
  sink.close();
  await sink.closed;
});

it("a client that leaves is forgotten", async () => {
  const { sink, baseUrl } = await serve();
  sink.write(info());
  const { seen, stop } = read(baseUrl);
  await expect.poll(() => seen.length).toBe(1);
  stop();
  await expect.poll(() => sink.status.readers).toBe(0);
  await sink.flush();
});
