import type { LogMessage } from "../../rrd/log-message.ts";
import type { GrpcServerSpec, OnLost, Sink, SinkStatus } from "../sink.ts";
import { ownedMessage, rowsOf, SinkTally } from "../sink-tally.ts";
import { MessageHistory, type ProxyMessage } from "./message-history.ts";
import { ownProxyMessage } from "./own-message.ts";
import type { ProxyHost, ProxyServer } from "./proxy-server.ts";
import { ReaderQueue } from "./reader-queue.ts";

/** What viewers get to read the end, in milliseconds. */
const GOODBYE_MILLIS = 1000;

/** Viewers at the same time. */
const MAX_READERS = 64;

/**
 * A proxy that viewers read from, as the one that the official viewer has inside.
 *
 *   write ───────────┬─▶ history ─ replay ─▶ queue ─▶ viewer that has just come
 *   others who log ──┘└─────────────────────▶ queue ─▶ viewer …            a slow one misses chunks, and slows nobody down
 */
export class GrpcServerSink implements Sink, ProxyHost {
  readonly isLive = true;
  readonly closed: Promise<void>;
  readonly #spec: GrpcServerSpec;
  readonly #tally: SinkTally;
  readonly #history: MessageHistory;
  readonly #readers = new Set<ReaderQueue>();
  #server: Promise<ProxyServer> | undefined;
  #state: SinkStatus["state"] = "open";
  #sayClosed: () => void = () => {};

  constructor(spec: GrpcServerSpec, onLost?: OnLost) {
    this.#spec = spec;
    this.#tally = new SinkTally(onLost);
    this.#history = new MessageHistory(spec.memoryLimitBytes);
    this.closed = new Promise((resolve) => {
      this.#sayClosed = resolve;
    });
  }

  get status(): SinkStatus {
    const status = this.#tally.status("grpc-server", this.#state);
    const { byteLength: queuedBytes } = this.#history;
    return { ...status, queuedBytes, overflow: "drop-oldest", readers: this.#readers.size };
  }

  /** Resolves with the port. Rejects with a RerunError, when it is taken. */
  async listen(): Promise<number> {
    // HTTP/2 and gRPC are loaded by those that use them: they take longer than all the rest
    this.#server ??= import("./proxy-server.ts").then(({ listenProxy }) => listenProxy(this.#spec, this));
    try {
      return (await this.#server).port;
    } catch (error) {
      this.#tally.error = error as Error;
      this.#state = "failing";
      throw error;
    }
  }

  write(message: LogMessage): void {
    if (this.#state !== "open") {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      return;
    }
    this.#tally.took(message);
    this.take(ownProxyMessage(ownedMessage(message)));
  }

  take(message: ProxyMessage): void {
    this.#history.add(message);
    for (const reader of this.#readers) reader.push(message);
  }

  join(): ReaderQueue {
    const reader = new ReaderQueue(this.#history.replay(this.#spec.playback));
    if (this.#state !== "open" || this.#readers.size >= MAX_READERS) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  leave(reader: ReaderQueue): void {
    this.#readers.delete(reader);
    reader.leave();
  }

  /** Viewers that are there have been given everything. */
  async flush(): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => reader.taken()));
  }

  /** A socket cannot be written to without the event loop. */
  flushSync(): void {}

  finalize(): void {}

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    for (const reader of this.#readers) reader.end();
    void this.#server?.then((server) => server.close(GOODBYE_MILLIS)).then(this.#sayClosed, this.#sayClosed);
    if (this.#server === undefined) this.#sayClosed();
  }
}
