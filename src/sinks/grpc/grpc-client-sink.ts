import { RerunError } from "../../errors.ts";
import { now as monotonicNow } from "../../real-time.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import type { GrpcSinkSpec, OnLost, Patience, Sink, SinkStatus } from "../sink.ts";
import { rowsOf, SinkTally } from "../sink-tally.ts";
import { timerMillis } from "../within.ts";
import { parseProxyUrl } from "./proxy-address.ts";
import type { ConnectToProxy, ProxyConnection } from "./proxy-connection.ts";
import { ReplayWindow } from "./replay-window.ts";

/** Pauses between attempts grow from the first to the last of these, in milliseconds. */
const FIRST_PAUSE_MILLIS = 100;
const LAST_PAUSE_MILLIS = 2000;

/** What an ending process gives to a first attempt that has not failed yet. */
const FIRST_ATTEMPT_MILLIS = 500;

/** What a sink that is replaced gets to deliver the rest, in the background. */
const GOODBYE_MILLIS = 2000;

/** Nothing gets anywhere in less, and a timer may come as much too early. */
const LEAST_GOODBYE_MILLIS = 5;

interface Waiter {
  /** Messages that have to be taken. */
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One WriteMessages. */
interface Call {
  isOver: boolean;
  last: LogMessage | undefined;
  /** For one message. */
  readonly isSingle: boolean;
}

/**
 * Sends to a proxy, for as long as it takes.
 *
 *   write ─▶ window ─▶ WriteMessages ══▶ proxy       one call until somebody flushes; its answer then says that all was taken
 *              ▲ rewind                              (the protocol has no other acknowledgement, rrd-format §6.2)
 *              └── connection lost: pause, connect, prelude and window once more (C27); same chunk ids, so viewers show them once
 *
 * I1: nothing here waits, throws or keeps the process alive. I3, I7: the window is bounded; what falls out unsent is counted.
 */
export class GrpcClientSink implements Sink {
  readonly isLive = true;
  readonly closed: Promise<void>;
  readonly #spec: GrpcSinkSpec;
  readonly #tally: SinkTally;
  readonly #window: ReplayWindow;
  readonly #connect: ConnectToProxy;
  readonly #startedAt = monotonicNow();
  #connection: "connecting" | "connected" | "lost" = "connecting";
  #open: ProxyConnection | undefined;
  #hasFailed = false;
  #isClosed = false;
  /** Somebody has flushed, and the proxy did not say that it took everything: nobody knows of what was sent since. */
  #isUnanswered = false;
  /** Taken by the proxy for certain. */
  #acknowledged = 0;
  /** The call ends when so many are sent; −1: it goes on. */
  #endsAt = -1;
  #waiters: Waiter[] = [];
  #wake: (() => void) | undefined;
  #sayClosed: () => void = () => {};

  constructor(spec: GrpcSinkSpec, onLost?: OnLost, connect: ConnectToProxy = connectLazily) {
    this.#spec = spec;
    this.#tally = new SinkTally(onLost);
    this.#connect = connect;
    this.#window = new ReplayWindow(spec.maxBufferedBytes, (message) => {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
    });
    this.closed = new Promise((resolve) => {
      this.#sayClosed = resolve;
    });
    void this.#run();
  }

  get status(): SinkStatus {
    const status = this.#tally.status("grpc", this.#isClosed ? "closed" : "open");
    const { byteLength: queuedBytes } = this.#window;
    const queuedMessages = this.#isClosed ? 0 : this.#window.total - this.#acknowledged;
    return { ...status, queuedMessages, queuedBytes, overflow: "drop-oldest", connection: this.#connection };
  }

  write(message: LogMessage): void {
    if (this.#isClosed) {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      return;
    }
    this.#tally.took(message);
    this.#window.add(message);
    this.#wake?.();
  }

  flush(deadlineMillis: number, isExit = false): Promise<void> {
    const target = this.#window.total;
    if (this.#acknowledged >= target || this.#isClosed) return Promise.resolve();
    const patience = Math.min(deadlineMillis, this.#patience(isExit));
    if (patience <= 0) return Promise.reject(this.#unreachable());
    return new Promise((resolve, reject) => {
      const forget = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      let timer = unreferenced(() => {
        // it was there once: the deadline of the whole flush decides
        if (this.#connection !== "connecting") timer = unreferenced(forget, deadlineMillis - patience);
        else {
          forget();
          reject(this.#unreachable());
        }
      }, patience);
      const settle = (act: () => void) => () => {
        clearTimeout(timer);
        act();
      };
      const waiter = { target, resolve: settle(resolve), reject: (error: Error) => settle(() => reject(error))() };
      this.#waiters.push(waiter);
      this.#endsAt = target;
      this.#wake?.();
    });
  }

  /** A socket cannot be written to without the event loop. */
  flushSync(): void {}

  finalize(): void {}

  /** Whoever has no patience left is told at once what is lost; later nobody listens. */
  close({ millis }: Partial<Patience> = {}): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isUnanswered = this.#endsAt > this.#acknowledged;
    this.#endsAt = this.#window.total;
    this.#wake?.();
    const goodbye = Math.min(millis ?? GOODBYE_MILLIS, GOODBYE_MILLIS);
    if (this.#connection === "connected" && goodbye >= LEAST_GOODBYE_MILLIS) unreferenced(() => this.#end(), goodbye);
    else this.#end();
  }

  /** How long a proxy that was never reached is waited for, in milliseconds. */
  #patience(isExit: boolean): number {
    if (this.#connection !== "connecting") return Number.POSITIVE_INFINITY;
    if (!isExit) return this.#spec.connectTimeoutMillis;
    return this.#hasFailed ? 0 : FIRST_ATTEMPT_MILLIS - (monotonicNow() - this.#startedAt);
  }

  async #run(): Promise<void> {
    let pause = FIRST_PAUSE_MILLIS;
    while (!this.#isClosed) {
      let connection: ProxyConnection | undefined;
      try {
        connection = await this.#connect(parseProxyUrl(this.#spec.url));
        if (this.#isClosed) break;
        this.#open = connection;
        this.#connection = "connected";
        this.#tally.error = undefined;
        pause = FIRST_PAUSE_MILLIS;
        await this.#converse(connection);
      } catch (error) {
        this.#failed(error);
      } finally {
        this.#open = undefined;
        connection?.close();
      }
      if (this.#isClosed) break;
      await new Promise<void>((resolve) => unreferenced(resolve, pause * (0.75 + Math.random() / 2)));
      pause = Math.min(pause * 2, LAST_PAUSE_MILLIS);
    }
    this.#end();
  }

  /** Until the connection fails, or there is nothing more to say. */
  async #converse(connection: ProxyConnection): Promise<void> {
    let prelude = this.#window.rewind();
    let isLost = false;
    /** So many messages are sent in a call of their own. */
    let singles = 0;
    void connection.closed.then(() => {
      isLost = true;
      this.#wake?.();
    });
    for (;;) {
      // no call stands open while there is nothing to say: a process that just ends breaks none off
      while (!isLost && !this.#isClosed && this.#window.position >= this.#window.total) await this.#news();
      if (isLost) throw new Error("the connection was closed");
      const call: Call = { isOver: false, last: undefined, isSingle: singles > 0 };
      singles -= call.isSingle ? 1 : 0;
      const from = this.#window.position;
      try {
        await connection.write(this.#messages(prelude, call));
      } catch (error) {
        const { last } = call;
        if (!(error instanceof RerunError) || last === undefined) throw error;
        this.#tally.error = error;
        // which of many was refused is not said, nor where the proxy stopped: once more, each alone until it is found
        singles = this.#window.position - from > 1 ? this.#window.goBackTo(from) : 0;
        if (singles === 0) this.#tally.lose({ store: last.store, rows: rowsOf(last) });
      } finally {
        call.isOver = true;
        this.#wake?.();
      }
      prelude = [];
      this.#acknowledge();
      if (this.#isClosed && this.#acknowledged >= this.#window.total) return;
    }
  }

  async *#messages(prelude: readonly LogMessage[], call: Call): AsyncGenerator<LogMessage> {
    yield* prelude;
    while (!call.isOver) {
      if (this.#endsAt >= 0 && this.#window.position >= this.#endsAt) return;
      const message = this.#window.take();
      if (message === undefined) await this.#news();
      else {
        call.last = message;
        yield message;
        if (call.isSingle) return;
      }
    }
  }

  /** Resolves when something is written, or has to be looked at again. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #acknowledge(): void {
    this.#acknowledged = Math.max(this.#acknowledged, this.#window.position);
    const waiters = this.#waiters;
    this.#waiters = waiters.filter(({ target }) => target > this.#acknowledged);
    for (const { target, resolve } of waiters) if (target <= this.#acknowledged) resolve();
    if (!this.#isClosed) this.#endsAt = this.#waiters.at(-1)?.target ?? -1;
  }

  #failed(cause: unknown): void {
    this.#tally.error = cause instanceof Error ? cause : new Error(String(cause));
    this.#hasFailed = true;
    if (this.#connection === "connected") this.#connection = "lost";
  }

  #end(): void {
    this.#isClosed = true;
    this.#window.close(this.#isUnanswered ? this.#acknowledged : this.#window.total);
    this.#open?.close();
    for (const { reject } of this.#waiters.splice(0)) reject(this.#unreachable());
    this.#sayClosed();
  }

  #unreachable(): RerunError {
    const { message = "no answer yet" } = this.#tally.error ?? {};
    return new RerunError(
      "ERR_RERUN_SINK",
      `nothing could be sent to ${this.#spec.url}: ${message}. Start a viewer (\`rerun\`) there; what was recorded waits, up to ${this.#spec.maxBufferedBytes} bytes`,
      { cause: this.#tally.error },
    );
  }
}

/** HTTP/2 and gRPC are loaded by those that use them: they take longer than all the rest. */
const connectLazily: ConnectToProxy = async (address) => {
  const { connectToProxy } = await import("./proxy-connection.ts");
  return connectToProxy(address);
};

function unreferenced(callback: () => void, millis: number): ReturnType<typeof setTimeout> | undefined {
  if (millis === Number.POSITIVE_INFINITY) return undefined;
  const timer = setTimeout(callback, timerMillis(millis));
  timer.unref?.();
  return timer;
}
