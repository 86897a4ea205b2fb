import { ByteWriter } from "../bytes/byte-writer.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { type FileLayer, nodeFiles } from "./file-layer.ts";
import type { OnLost, Sink, SinkStatus } from "./sink.ts";
import { rowsOf, SinkTally } from "./sink-tally.ts";

const STDOUT = 1;

/** What waits for a reader that is slower than we are; then messages are lost, and counted (I3, I7). */
const MAX_QUEUED_BYTES = 64 << 20;

/** A pipe that is full is tried again after so long, in milliseconds. */
const RETRY_MILLIS = 5;

/** How long an ending process waits for the reader of the pipe, in milliseconds. */
const LAST_WAIT_MILLIS = 2000;

/**
 * The standard output as an RRD stream, for `node app.js | rerun -`. Written by descriptor: the stream object belongs to the
 * application's thread, and what it has not written is lost on `process.exit`.
 */
export class StdoutSink implements Sink {
  readonly #files: FileLayer;
  readonly #tally: SinkTally;
  readonly #writer: RrdFileWriter;
  #queue = new ByteWriter(64 << 10);
  #written = 0;
  #position = 0;
  #state: SinkStatus["state"] = "open";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onLost?: OnLost, files: FileLayer = nodeFiles) {
    this.#tally = new SinkTally(onLost);
    this.#files = files;
    const sink = this;
    this.#writer = new RrdFileWriter(
      {
        write(bytes) {
          sink.#queue.raw(bytes);
          sink.#position += bytes.length;
        },
        get position() {
          return sink.#position;
        },
      },
      { writeFooter: true },
    );
  }

  get status(): SinkStatus {
    return { ...this.#tally.status("stdout", this.#state), queuedBytes: this.#queued };
  }

  write(message: LogMessage): void {
    if (this.#state !== "open" || this.#queued > MAX_QUEUED_BYTES) {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      return;
    }
    this.#tally.took(message);
    this.#writer.write(message);
  }

  drained(): void {
    if (!this.#writeOut()) this.#timer ??= this.#retry();
  }

  async flush(deadlineMillis: number): Promise<void> {
    const deadline = performance.now() + deadlineMillis;
    while (!this.#writeOut() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }

  flushSync(): void {
    this.#writeOut();
  }

  finalize(): void {
    if (this.#state === "open") this.#writer.finish();
  }

  /** Descriptor 1 is not ours, it stays open. */
  close(): void {
    const deadline = performance.now() + LAST_WAIT_MILLIS;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#writeOut() && performance.now() < deadline) Atomics.wait(pause, 0, 0, RETRY_MILLIS);
    clearTimeout(this.#timer);
    this.#state = "closed";
  }

  get #queued(): number {
    return this.#queue.position - this.#written;
  }

  /** False: the pipe is full, and there is more. */
  #writeOut(): boolean {
    try {
      while (this.#queued > 0) {
        this.#written += this.#files.write(STDOUT, this.#queue.bytes, this.#written, this.#queued);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      this.#state = "failing";
      this.#tally.error = error instanceof Error ? error : new Error(String(error));
    }
    this.#written = 0;
    this.#queue.reset();
    return true;
  }

  #retry(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timer = undefined;
      this.drained();
    }, RETRY_MILLIS);
    timer.unref?.();
    return timer;
  }
}
