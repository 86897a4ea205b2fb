import type { ArrowMessage, LogMessage } from "../rrd/log-message.ts";
import type { LostMessage, OnLost, SinkStatus } from "./sink.ts";

/** Counts for a sink's status. */
export class SinkTally {
  messages = 0;
  bytes = 0;
  lostMessages = 0;
  lostRows = 0;
  error: Error | undefined;
  readonly #onLost: OnLost | undefined;

  constructor(onLost?: OnLost) {
    this.#onLost = onLost;
  }

  took(message: LogMessage): void {
    this.messages += 1;
    this.bytes += message.payload.length;
  }

  lose(message: LostMessage): void {
    this.lostMessages += 1;
    this.lostRows += message.rows;
    if (message.rows > 0) this.#onLost?.(message);
  }

  /** @param queuedBytes where the sink counts them. */
  status(kind: string, state: SinkStatus["state"], queuedBytes?: number): SinkStatus {
    const { messages, bytes, lostMessages, lostRows, error } = this;
    const status =
      queuedBytes === undefined
        ? { kind, state, messages, bytes, lostMessages, lostRows }
        : { kind, state, messages, bytes, lostMessages, lostRows, queuedBytes };
    return error === undefined ? status : { ...status, error };
  }
}

/** Rows of a recording: neither a layout, nor what says that there is one. */
export function isData(message: LogMessage): message is ArrowMessage {
  return message.kind === "arrow" && message.store.kind === "recording";
}

export function rowsOf(message: LogMessage): number {
  return message.kind === "arrow" ? message.summary.numRows : 0;
}

/** The message with memory of its own, for a sink that keeps it. */
export function ownedMessage<M extends LogMessage>(message: M): M {
  if (message.isOwned) return message;
  const { kind, store } = message;
  const payload = message.payload.slice();
  if (kind !== "arrow") return { kind, store, payload, isOwned: true } as M;
  // a literal: adding to what was spread takes V8's slow way
  const { isStatic, summary } = message;
  return { kind, store, payload, isStatic, summary, isOwned: true } as M & ArrowMessage;
}
