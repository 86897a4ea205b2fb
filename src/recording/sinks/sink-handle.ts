import type { RecordingSink } from "./recording-sink.ts";

/**
 * One sink of a recording, as `rec.addSink` returns it:
 *
 *   await using live = rec.addSink(grpcSink());     until the end of the block
 */
export class SinkHandle implements AsyncDisposable {
  readonly sink: RecordingSink;
  readonly #remove: () => Promise<void>;

  /** @internal */
  constructor(sink: RecordingSink, remove: () => Promise<void>) {
    this.sink = sink;
    this.#remove = remove;
  }

  /**
   * Completes this sink and takes it away; the others go on. Resolves when a file has its footer. When it was the last one, what is
   * logged later waits for the next. Harmless when repeated, and when the recording has other sinks by now.
   */
  remove(): Promise<void> {
    return this.#remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#remove();
  }

  toString(): string {
    return String(this.sink);
  }
}
