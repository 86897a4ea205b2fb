import { ByteWriter } from "../bytes/byte-writer.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { BufferedSink } from "./buffered-sink.ts";
import { type FeedChannel, openFeedChannel } from "./feed-channel.ts";
import type { FeedSinkSpec, OnLost, Sink, SinkStatus } from "./sink.ts";

/**
 * Bytes for the program itself. They wait here, where they are bounded, and the program is told once that there is something; it
 * takes all there is when it is ready for it.
 *
 *   write ─▶ buffer ──────── drain ───────▶ program
 *              └─ "there is something" ────▲            a BroadcastChannel: it reaches the other thread, and the own one too
 */
export class FeedSink implements Sink {
  readonly isLive = true;
  readonly #buffer: BufferedSink;
  readonly #channel: FeedChannel;
  #isAnnounced = false;

  constructor({ id, maxBytes }: FeedSinkSpec, onLost?: OnLost) {
    this.#buffer = new BufferedSink(onLost, { maxBytes, kind: "feed" });
    this.#channel = openFeedChannel(id);
  }

  get status(): SinkStatus {
    return this.#buffer.status;
  }

  write(message: LogMessage): void {
    this.#buffer.write(message);
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    this.#channel.postMessage("something");
  }

  /** What was written since the last time, as an RRD stream that others may follow; undefined if that is nothing. */
  drain(): Uint8Array | undefined {
    this.#isAnnounced = false;
    const messages = this.#buffer.takeBacklog();
    if (messages.length === 0) return undefined;
    const bytes = new ByteWriter(4096);
    // a footer in the middle would point to the wrong place (rrd-format §1.4)
    const writer = new RrdFileWriter((part) => bytes.raw(part), { writeFooter: false });
    for (const message of messages) writer.write(message);
    writer.finish();
    return bytes.written().slice();
  }

  /** What was not drained never will be. */
  discard(): void {
    this.#buffer.close();
  }

  async flush(): Promise<void> {}
  flushSync(): void {}
  finalize(): void {}

  /** What was not drained stays until it is: the recording has ended, its reader has not. */
  close(): void {
    this.#channel.close();
    this.#isAnnounced = true;
  }
}
