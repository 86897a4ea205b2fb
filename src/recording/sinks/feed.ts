import { RerunError } from "../../errors.ts";
import { type FeedChannel, openFeedChannel } from "../../sinks/feed-channel.ts";
import type { FeedSinkSpec } from "../../sinks/sink.ts";
import { processTransport } from "../process/process-pipeline.ts";
import { newRecordingId } from "../recording-id.ts";

/**
 * The program's end of a feed sink: takes the bytes that wait in the writer, and is told when there are some. It never keeps the
 * process alive.
 */
export class Feed {
  readonly spec: FeedSinkSpec;
  readonly #onNews: () => void;
  #channel: FeedChannel | undefined;
  #isOver = false;

  /** @param maxBytes that may wait in the writer; beyond it the oldest temporal chunks are lost and counted. */
  constructor(maxBytes: number, onNews: () => void) {
    this.spec = { kind: "feed", id: `otel-rerun ${newRecordingId()}`, maxBytes };
    this.#onNews = onNews;
  }

  /**
   * Listens from now on.
   * @throws RerunError ERR_RERUN_CLOSED if its recording has ended, or left it
   */
  open(): FeedSinkSpec {
    if (this.#isOver) {
      throw new RerunError("ERR_RERUN_CLOSED", "this sink has ended with its recording; make a new one");
    }
    if (this.#channel !== undefined) return this.spec;
    const channel = openFeedChannel(this.spec.id);
    channel.onmessage = () => this.#onNews();
    this.#channel = channel;
    return this.spec;
  }

  /** What has come since the last time, as an RRD stream that others may follow; undefined if that is nothing. */
  async drain(): Promise<Uint8Array | undefined> {
    if (this.#channel === undefined || this.#isOver) return undefined;
    return (await processTransport().request({ type: "drain-feed", id: this.spec.id })).bytes;
  }

  /** The same before it returns. */
  drainSync(): Uint8Array | undefined {
    if (this.#channel === undefined || this.#isOver) return undefined;
    return processTransport().requestSync({ type: "drain-feed", id: this.spec.id }).bytes;
  }

  /** The last bytes were taken. */
  close(): void {
    this.#isOver = true;
    this.#channel?.close();
  }
}
