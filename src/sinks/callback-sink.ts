import type { LogMessage } from "../rrd/log-message.ts";
import type { OnLost, Sink, SinkStatus } from "./sink.ts";
import { rowsOf, SinkTally } from "./sink-tally.ts";

/** Hands every message to a function. A throw is kept as the sink's error and the message counted as lost. */
export class CallbackSink implements Sink {
  readonly #callback: (message: LogMessage) => void;
  readonly #tally: SinkTally;
  #state: SinkStatus["state"] = "open";

  constructor(callback: (message: LogMessage) => void, onLost?: OnLost) {
    this.#callback = callback;
    this.#tally = new SinkTally(onLost);
  }

  get status(): SinkStatus {
    return this.#tally.status("callback", this.#state);
  }

  write(message: LogMessage): void {
    try {
      if (this.#state === "closed") {
        this.#tally.lose({ store: message.store, rows: rowsOf(message) });
        return;
      }
      this.#callback(message);
      this.#tally.took(message);
      this.#state = "open";
    } catch (error) {
      this.#state = "failing";
      this.#tally.error = error instanceof Error ? error : new Error(String(error));
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
    }
  }

  async flush(): Promise<void> {}
  flushSync(): void {}
  finalize(): void {}

  close(): void {
    this.#state = "closed";
  }
}
