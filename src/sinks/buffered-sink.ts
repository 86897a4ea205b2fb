import type { LogMessage } from "../rrd/log-message.ts";
import type { OnLost, Sink, SinkStatus } from "./sink.ts";
import { ownedMessage, rowsOf, SinkTally } from "./sink-tally.ts";

const DEFAULT_MAX_BYTES = 256 << 20;

/**
 * Keeps messages in memory until somebody takes them: what a recording has before its first sink, and a memory recording.
 *
 * At the limit the oldest chunks of temporal data go first and are counted as lost (I3, I7); store infos, blueprints and static
 * chunks stay, because what comes later cannot be read without them.
 */
export class BufferedSink implements Sink {
  readonly isLive: boolean;
  readonly #kind: string;
  readonly #maxBytes: number;
  readonly #tally: SinkTally;
  #messages: LogMessage[] = [];
  #bytes = 0;
  #state: SinkStatus["state"] = "open";

  /** @param maxBytes of payload. Default 256 MiB. */
  constructor(onLost?: OnLost, maxBytes: number = DEFAULT_MAX_BYTES, kind = "buffered", isLive = false) {
    this.isLive = isLive;
    this.#kind = kind;
    this.#maxBytes = maxBytes;
    this.#tally = new SinkTally(onLost);
  }

  get status(): SinkStatus {
    return { ...this.#tally.status(this.#kind, this.#state), queuedBytes: this.#bytes };
  }

  write(message: LogMessage): void {
    if (this.#state === "closed") {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      return;
    }
    this.#tally.took(message);
    this.#messages.push(ownedMessage(message));
    this.#bytes += message.payload.length;
    if (this.#bytes > this.#maxBytes) this.#makeRoom();
  }

  takeBacklog(): readonly LogMessage[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    return messages;
  }

  async flush(): Promise<void> {}
  flushSync(): void {}
  finalize(): void {}

  /** What was not taken is lost now. */
  close(): void {
    this.#state = "closed";
    for (const message of this.takeBacklog()) {
      if (message.kind === "arrow") this.#tally.lose({ store: message.store, rows: rowsOf(message) });
    }
  }

  /** Frees an eighth at a time, so that a full buffer is not searched for every message. */
  #makeRoom(): void {
    const target = this.#maxBytes - this.#maxBytes / 8;
    this.#messages = this.#messages.filter((message) => {
      const stays =
        this.#bytes <= target || message.kind !== "arrow" || message.isStatic || message.store.kind === "blueprint";
      if (!stays) {
        this.#bytes -= message.payload.length;
        this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      }
      return stays;
    });
  }
}
