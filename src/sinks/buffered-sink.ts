import type { LogMessage } from "../rrd/log-message.ts";
import type { BufferBudget } from "./buffer-budget.ts";
import type { OnLost, OverflowPolicy, Sink, SinkStatus } from "./sink.ts";
import { isData, ownedMessage, rowsOf, SinkTally } from "./sink-tally.ts";

const DEFAULT_MAX_BYTES = 256 << 20;

export interface BufferedSinkOptions {
  /** Of payload. Default 256 MiB. */
  readonly maxBytes?: number | undefined;
  /** What several buffers share, beside the limit that each has. */
  readonly budget?: BufferBudget | undefined;
  /** Default "buffered". */
  readonly kind?: string | undefined;
  readonly isLive?: boolean | undefined;
  /** Default "drop-oldest". */
  readonly overflow?: OverflowPolicy | undefined;
}

/**
 * Keeps messages in memory until somebody takes them: what a recording has before its first sink, and a memory recording.
 *
 * At the limit the oldest chunks of temporal data go first, or what comes next of them, and are counted as lost (I3, I7). Static chunks
 * go only where there is nothing else; store infos and blueprints stay, because what comes later cannot be read without them.
 */
export class BufferedSink implements Sink {
  readonly isLive: boolean;
  readonly #kind: string;
  readonly #maxBytes: number;
  readonly #overflow: OverflowPolicy;
  readonly #budget: BufferBudget | undefined;
  readonly #tally: SinkTally;
  #messages: LogMessage[] = [];
  #bytes = 0;
  #rows = 0;
  #state: SinkStatus["state"] = "open";

  constructor(onLost?: OnLost, options: BufferedSinkOptions = {}) {
    this.isLive = options.isLive ?? false;
    this.#kind = options.kind ?? "buffered";
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#overflow = options.overflow ?? "drop-oldest";
    this.#budget = options.budget;
    this.#tally = new SinkTally(onLost);
  }

  get status(): SinkStatus {
    return {
      ...this.#tally.status(this.#kind, this.#state),
      queuedMessages: this.#messages.length,
      queuedBytes: this.#bytes,
      overflow: this.#overflow,
    };
  }

  get heldRows(): number {
    return this.#rows;
  }

  write(message: LogMessage): void {
    if (this.#state === "closed" || this.#isRefused(message)) {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      return;
    }
    this.#tally.took(message);
    this.#messages.push(ownedMessage(message));
    this.#rows += rowsOf(message);
    this.#add(message.payload.length);
    const excess = Math.max(this.#bytes - this.#maxBytes, this.#budget?.excess ?? 0);
    if (excess > 0) this.#makeRoom(this.#bytes - excess - this.#maxBytes / 8);
  }

  takeBacklog(): readonly LogMessage[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#rows = 0;
    this.#add(-this.#bytes);
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

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.#budget?.add(bytes);
  }

  #isRefused(message: LogMessage): boolean {
    return (
      this.#overflow === "drop-newest" && this.#bytes + message.payload.length > this.#maxBytes && isDisposable(message)
    );
  }

  /** An eighth more than needed is freed, so that a full buffer is not searched for every message. */
  #makeRoom(target: number): void {
    this.#drop(target, isDisposable);
    if (this.#bytes > this.#maxBytes) this.#drop(target, isData);
  }

  #drop(target: number, goes: (message: LogMessage) => boolean): void {
    this.#messages = this.#messages.filter((message) => {
      const stays = this.#bytes <= target || !goes(message);
      if (!stays) {
        this.#add(-message.payload.length);
        this.#rows -= rowsOf(message);
        this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      }
      return stays;
    });
  }
}

/** Others can be read without it. */
function isDisposable(message: LogMessage): boolean {
  return isData(message) && !message.isStatic;
}
