import { warnOnce } from "../warnings.ts";
import { Feed } from "./feed.ts";
import type { SinkEnd } from "./recording-sink.ts";

export interface FeedConsumer {
  /** Takes bytes; the next come when the promise resolves. */
  take(bytes: Uint8Array): void | Promise<void>;
  /** There are no more. */
  end?(): void;
}

/**
 * Gives the bytes of a feed to a function, one after another.
 *
 *   news ─▶ drain ─▶ take ─┐          while the consumer is busy they wait in the writer, where they are bounded
 *             ▲────────────┘
 *
 * I1: what the consumer throws is warned about once, and goes nowhere else.
 */
export class FeedPump implements SinkEnd {
  readonly feed: Feed;
  readonly #consumer: FeedConsumer;
  #running: Promise<void> | undefined;
  #isAgain = false;
  #isOver = false;

  constructor(maxBytes: number, consumer: FeedConsumer) {
    this.feed = new Feed(maxBytes, () => void this.flushed());
    this.#consumer = consumer;
  }

  /** Resolves when the consumer has taken all that is there now. */
  flushed(): Promise<void> {
    this.#isAgain = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async ended(): Promise<void> {
    await this.flushed();
    this.#end();
  }

  exiting(): void {
    const bytes = this.feed.drainSync();
    if (bytes !== undefined) void this.#give(bytes);
    this.#end();
  }

  async #run(): Promise<void> {
    while (this.#isAgain) {
      this.#isAgain = false;
      for (let bytes = await this.feed.drain(); bytes !== undefined; bytes = await this.feed.drain()) {
        await this.#give(bytes);
      }
    }
  }

  /** The consumer is called before this returns, and its error is nobody else's. */
  async #give(bytes: Uint8Array): Promise<void> {
    try {
      await this.#consumer.take(bytes);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      warnOnce(`feed ${text}`, `a sink of the application has thrown, and ${bytes.length} bytes are lost: ${text}`);
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.feed.close();
    this.#consumer.end?.();
  }
}
