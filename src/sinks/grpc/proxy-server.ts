import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { RerunError } from "../../errors.ts";
import { MessageProxyService } from "../../rrd/proto/rerun/sdk_comms/v1alpha1/sdk_comms_pb.ts";
import type { GrpcServerSpec } from "../sink.ts";
import { createGuard, type Guard } from "./allowed-request.ts";
import { foreignProxyMessage } from "./foreign-message.ts";
import type { ProxyMessage } from "./message-history.ts";
import type { ReaderQueue } from "./reader-queue.ts";

/** What a server asks the sink behind it. */
export interface ProxyHost {
  /** A viewer has come. */
  join(): ReaderQueue;
  leave(reader: ReaderQueue): void;
  /** Somebody else logs to this proxy. */
  take(message: ProxyMessage): void;
}

export interface ProxyServer {
  readonly port: number;
  /** Takes no more connections; resolves when those that are there have ended, or were cut after `graceMillis`. */
  close(graceMillis: number): Promise<void>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** How an HTTP/2 connection begins, by prior knowledge. */
const PREFACE = Buffer.from("PRI * HTTP/2.0");

const CASES = {
  "store-info": "setStoreInfo",
  arrow: "arrowMsg",
  activation: "blueprintActivationCommand",
} as const;

/**
 * The official proxy's service on one port (rrd-format §6.1):
 *
 *   connection ─ "PRI *" ─▶ HTTP/2    gRPC, of SDKs and native viewers
 *              └ else ────▶ HTTP/1.1  gRPC-web, of viewers in a browser
 *
 * I11: only who `Guard` allows; sizes are limited, and nothing compressed is accepted, so there is no second size.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if the port is taken or the host is not of this machine.
 */
export async function listenProxy(spec: GrpcServerSpec, host: ProxyHost): Promise<ProxyServer> {
  const guard = createGuard(spec.host, spec.corsAllowOrigin);
  const adapter = connectNodeAdapter({
    routes: (router) => routes(router, host),
    connect: false,
    acceptCompression: [],
    readMaxBytes: spec.maxMessageBytes,
  });
  const listener = (request: Request, response: Response): void => {
    if (isAnswered(request, response, guard)) return;
    adapter(request, response as Parameters<typeof adapter>[1]);
  };
  const sessions = new Set<ServerHttp2Session>();
  const http1 = createHttp1Server(listener);
  const http2 = createHttp2Server(listener);
  http2.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {});
    session.on("close", () => sessions.delete(session));
  });
  const sockets = new Set<Socket>();
  const server = createTcpServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.add(socket);
    socket.unref();
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.once("readable", () => {
      const head: Buffer | null = socket.read();
      if (head === null) return socket.destroy();
      socket.unshift(head);
      const isHttp2 = head.subarray(0, PREFACE.length).equals(PREFACE.subarray(0, head.length));
      (isHttp2 ? http2 : http1).emit("connection", socket);
    });
  });
  server.unref();
  const port = await listen(() => server.listen(spec.port, spec.host.replace(/^\[|\]$/g, "")), server);
  return {
    port,
    async close(graceMillis) {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      http1.closeIdleConnections();
      for (const session of sessions) session.close();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMillis);
      timer.unref();
      await ended;
      clearTimeout(timer);
    },
  };

  function listen(start: () => void, on: typeof server): Promise<number> {
    return new Promise((resolve, reject) => {
      on.once("error", (cause: NodeJS.ErrnoException) => reject(refused(spec, cause)));
      on.once("listening", () => resolve((on.address() as AddressInfo).port));
      start();
    });
  }
}

function routes(router: ConnectRouter, host: ProxyHost): void {
  router.service(MessageProxyService, {
    async writeMessages(requests) {
      for await (const { logMsg } of requests) {
        const message = foreignProxyMessage(logMsg);
        if (typeof message === "string") throw new ConnectError(message, Code.InvalidArgument);
        host.take(message);
      }
      return {};
    },
    async *readMessages(_, { signal }) {
      const reader = host.join();
      signal.addEventListener("abort", () => reader.leave());
      try {
        for await (const { kind, payload } of reader.read()) {
          yield { logMsg: { msg: { case: CASES[kind], value: payload as Uint8Array<ArrayBuffer> } } };
        }
      } finally {
        host.leave(reader);
      }
    },
    // tables are not proxied, but a viewer in a browser asks and goes away when it is refused
    async *readTables(_, { signal }) {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  });
}

/** Refusals and preflights; false if the request is for the service. */
function isAnswered(request: Request, response: Response, guard: Guard): boolean {
  const { origin } = request.headers;
  if (!guard.allowsHost(request.headers) || !guard.allowsOrigin(origin)) {
    response.writeHead(403);
    response.end();
    return true;
  }
  if (origin !== undefined) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", "grpc-status, grpc-message");
    response.setHeader("vary", "origin");
  }
  if (request.method !== "OPTIONS") return false;
  response.writeHead(204, {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type, x-grpc-web, x-user-agent, grpc-timeout",
    "access-control-max-age": "7200",
  });
  response.end();
  return true;
}

function refused({ host, port }: GrpcServerSpec, cause: NodeJS.ErrnoException): RerunError {
  const advice: Record<string, string> = {
    EADDRINUSE: `port ${port} is taken; choose another, or 0 for any`,
    EACCES: `port ${port} may not be used; choose one above 1023`,
    EADDRNOTAVAIL: "that is no address of this machine; use 127.0.0.1",
    ENOTFOUND: "that is no address of this machine; use 127.0.0.1",
  };
  return new RerunError("ERR_RERUN_ARGUMENT", `cannot serve on ${host}: ${advice[cause.code ?? ""] ?? cause.message}`, {
    cause,
  });
}
