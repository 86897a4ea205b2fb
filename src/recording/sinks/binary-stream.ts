import { optionNames } from "../../option-names.ts";
import { refusedOption } from "../refused-option.ts";
import { Feed } from "./feed.ts";
import { RecordingSink, type SinkEnd } from "./recording-sink.ts";

export interface BinaryStreamOptions {
  /** Bytes that may wait to be read; beyond it the oldest temporal chunks are lost and counted. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** @internal */
export const BINARY_STREAM_OPTIONS = optionNames<BinaryStreamOptions>({ maxBytes: true });

const DEFAULT_MAX_BYTES = 256 << 20;

/**
 * A recording as bytes, in pieces that are RRD streams of their own; put one behind the other they are the whole recording (C20).
 * Made by `rec.binaryStream()`. Each piece can be given to `send_rrd` of the web viewer's channel.
 *
 *   for await (const bytes of rec.binaryStream()) socket.send(bytes);
 *
 * Ends when the recording is shut down or gets other sinks. Waiting for the next piece does not keep the process alive.
 */
export class BinaryStream implements AsyncIterable<Uint8Array> {
  readonly #feed: Feed;
  readonly #flush: () => Promise<void>;
  #isEnded = false;
  #wake: (() => void)[] = [];
  /** @internal */
  readonly sink: RecordingSink;

  /** @internal */
  constructor(flush: () => Promise<void>, { maxBytes = DEFAULT_MAX_BYTES }: BinaryStreamOptions = {}) {
    if (!(typeof maxBytes === "number" && maxBytes > 0)) throw refusedOption("maxBytes", "a number above 0", maxBytes);
    this.#flush = flush;
    this.#feed = new Feed(maxBytes, () => this.#awake());
    const end: SinkEnd = {
      flushed: async () => {},
      ended: async () => this.#end(),
      exiting: () => this.#end(),
    };
    this.sink = new RecordingSink({ target: this.#feed.spec.id, open: () => this.#feed.open(), end });
  }

  /**
   * What was recorded since the last time; undefined if that is nothing.
   * @param options.flush whether rows that wait for company are included. Default true.
   */
  async read(options?: { readonly flush?: boolean }): Promise<Uint8Array | undefined> {
    const { flush = true } = options ?? {};
    if (flush && !this.#isEnded) await this.#flush();
    return this.#feed.drain();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const isLast = this.#isEnded;
      const news = new Promise<void>((resolve) => this.#wake.push(resolve));
      const bytes = await this.#feed.drain();
      if (bytes !== undefined) yield bytes;
      else if (isLast) return;
      else await news;
    }
  }

  /** The same for the web's streams. A reader that is slow makes bytes wait, up to `maxBytes`. */
  toReadableStream(): ReadableStream<Uint8Array> {
    const pieces = this[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      },
      { highWaterMark: 0 },
    );
  }

  #end(): void {
    this.#isEnded = true;
    this.#awake();
  }

  #awake(): void {
    for (const resolve of this.#wake.splice(0)) resolve();
  }
}
