import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import { checkRecording } from "../../recording/checked-arguments.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import type { Destination } from "../destination.ts";
import { RecordingDestination } from "../recording-destination.ts";
import type { TelemetryCounts } from "../tally.ts";
import { Budget } from "./budget.ts";
import { Connections } from "./connections.ts";
import { grpcHandler } from "./grpc-handler.ts";
import { httpHandler } from "./http-handler.ts";
import { ReceiverIntake } from "./intake.ts";

export interface OtlpReceiverOptions {
  /** Address to listen on. Default 127.0.0.1: only programs of this machine. */
  readonly host?: string;
  /** Of OTLP/HTTP. Default 4318; 0: any free one; false: none. */
  readonly httpPort?: number | false;
  /** Of OTLP/gRPC. Default 4317; 0: any free one; false: none. */
  readonly grpcPort?: number | false;
  /** Clients must send `authorization: Bearer <token>`. Default: none is asked for. */
  readonly token?: string | undefined;
  /** Bytes of a request as it comes. Default 16 MiB. */
  readonly maxRequestBytes?: number;
  /** Bytes of a request unpacked. Default 64 MiB. */
  readonly maxUnpackedBytes?: number;
  /** Bytes of all requests that are being received; beyond, clients are told to come again. Default 128 MiB. */
  readonly maxPendingBytes?: number;
  /** Of both protocols together; beyond, those make room that are idle. Default 4096. */
  readonly maxConnections?: number;
  /** A trace is recorded when nothing came of it for so long: its parts come from several programs. Default 2000. */
  readonly idleMillis?: number;
}

const DEFAULTS = {
  host: "127.0.0.1",
  httpPort: 4318,
  grpcPort: 4317,
  maxRequestBytes: 16 << 20,
  maxUnpackedBytes: 64 << 20,
  maxPendingBytes: 128 << 20,
  maxConnections: 4096,
  idleMillis: 2000,
} as const;

const NAMES = optionNames<OtlpReceiverOptions>({
  host: true,
  httpPort: true,
  grpcPort: true,
  token: true,
  maxRequestBytes: true,
  maxUnpackedBytes: true,
  maxPendingBytes: true,
  maxConnections: true,
  idleMillis: true,
});

/** A client that is slower than this is cut off; of gRPC see its handler. */
const REQUEST_MILLIS = 30_000;

/** Connections without requests. */
const IDLE_CONNECTION_MILLIS = 120_000;

const MAX_STREAMS = 32;

/** How long answers may take at the end. */
const CLOSING_MILLIS = 2000;

/**
 * Takes OTLP from any OpenTelemetry SDK and puts it into a recording.
 *
 *   const receiver = new OtlpReceiver(rec);
 *   await receiver.listen();             // 127.0.0.1, HTTP on 4318 and gRPC on 4317
 *   …
 *   await receiver.close();              // what was taken is in the recording; it stays open
 */
export class OtlpReceiver {
  readonly #options: Required<Omit<OtlpReceiverOptions, "token">>;
  readonly #intake: ReceiverIntake;
  readonly #http: Server;
  readonly #grpc: Http2Server;
  readonly #connections: Connections;
  readonly #sessions = new Set<ServerHttp2Session>();
  #closed: Promise<void> | undefined;

  /** @throws RerunError ERR_RERUN_ARGUMENT for what is no recording, and for an option that there is not */
  constructor(recording: RecordingStream | Destination, given: OtlpReceiverOptions = {}) {
    const options = checkedOptions("OtlpReceiver", given, NAMES);
    this.#options = { ...DEFAULTS, ...options };
    const { maxRequestBytes, maxUnpackedBytes, maxPendingBytes, maxConnections, idleMillis } = this.#options;
    if (!isDestination(recording)) checkRecording("OtlpReceiver", recording);
    const destination = isDestination(recording) ? recording : new RecordingDestination(recording);
    this.#intake = new ReceiverIntake(destination, idleMillis);
    const handlerOptions = {
      intake: this.#intake,
      budget: new Budget(maxPendingBytes),
      limits: { packed: maxRequestBytes, unpacked: maxUnpackedBytes },
      token: options.token,
    };
    this.#http = createServer(
      { requestTimeout: REQUEST_MILLIS, headersTimeout: REQUEST_MILLIS, connectionsCheckingInterval: 5000 },
      httpHandler(handlerOptions),
    );
    this.#grpc = createHttp2Server({ settings: { maxConcurrentStreams: MAX_STREAMS } }, grpcHandler(handlerOptions));
    this.#connections = new Connections(maxConnections);
    this.#http.on("connection", (socket) => this.#connections.opened(socket));
    this.#http.prependListener("request", (request, response) => this.#connections.busy(request.socket, response));
    let accepted: Socket;
    this.#grpc.prependListener("connection", (socket) => {
      accepted = socket;
      this.#connections.opened(socket);
    });
    // it comes while the connection is told of
    this.#grpc.on("session", (session) => this.#watch(session, accepted));
  }

  /** What was received so far. */
  get counts(): TelemetryCounts {
    return this.#intake.counts;
  }

  /** Port of OTLP/HTTP while listening. */
  get httpPort(): number | undefined {
    return (this.#http.address() as AddressInfo | null)?.port;
  }

  /** Port of OTLP/gRPC while listening. */
  get grpcPort(): number | undefined {
    return (this.#grpc.address() as AddressInfo | null)?.port;
  }

  /** @throws RerunError ERR_RERUN_ARGUMENT when a port is taken or the address is none of this machine. */
  async listen(): Promise<void> {
    const { host, httpPort, grpcPort } = this.#options;
    try {
      if (httpPort !== false) await listening(this.#http, httpPort, host);
      if (grpcPort !== false) await listening(this.#grpc, grpcPort, host);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Answers what has begun, takes no more, and hands over what waits. Harmless when repeated. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const ended = [ending(this.#http), ending(this.#grpc)];
    this.#http.closeIdleConnections();
    for (const session of this.#sessions) session.close();
    // a session that is closing waits for its peer, even when it is destroyed
    const patience = setTimeout(() => this.#connections.destroy(), CLOSING_MILLIS);
    await Promise.all(ended);
    clearTimeout(patience);
    this.#intake.close();
  }

  #watch(session: ServerHttp2Session, socket: Socket): void {
    this.#sessions.add(session);
    session.once("close", () => this.#sessions.delete(session));
    session.on("stream", (stream) => this.#connections.busy(socket, stream));
    session.setTimeout(IDLE_CONNECTION_MILLIS, () => socket.destroy());
    session.on("error", () => socket.destroy());
  }
}

function listening(server: Server | Http2Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `cannot listen on ${host}:${port}: ${cause.message}; choose another port or address`;
      reject(new RerunError("ERR_RERUN_ARGUMENT", message, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

function ending(server: Server | Http2Server): Promise<void> {
  return new Promise((resolve) => {
    if (server.listening) server.close(() => resolve());
    else resolve();
  });
}

function isDestination(value: RecordingStream | Destination): value is Destination {
  return typeof value === "object" && value !== null && "trace" in value && "point" in value;
}
