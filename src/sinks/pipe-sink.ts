import { ByteWriter } from "../bytes/byte-writer.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { type FileLayer, nodeFiles } from "./file-layer.ts";
import type { LostMessage, OnLost, PipeSinkSpec, Sink, SinkStatus } from "./sink.ts";
import { rowsOf, SinkTally } from "./sink-tally.ts";

const STDOUT: PipeSinkSpec = { kind: "pipe", path: "stdout", fd: 1 };

/** What waits for a reader that is slower than we are; then messages are lost, and counted (I3, I7). */
const MAX_QUEUED_BYTES = 64 << 20;

/** A pipe that is full is tried again after so long, in milliseconds. */
const RETRY_MILLIS = 5;

/** How long an ending process waits for a reader of the pipe that takes nothing, in milliseconds. */
const LAST_WAIT_MILLIS = 2000;

/** A message that waits, and where it ends in the stream. */
interface Pending extends LostMessage {
  readonly end: number;
}

/**
 * A pipe or a device as an RRD stream, above all the standard output, for `node app.js | rerun -`. Written by descriptor: the stream
 * object belongs to the application's thread, and what it has not written is lost on `process.exit`. A reader that is slow or does
 * not read holds nobody up: what it has not taken waits here, and an ending process waits for it as long as it takes something.
 */
export class PipeSink implements Sink {
  readonly #spec: PipeSinkSpec;
  readonly #files: FileLayer;
  readonly #tally: SinkTally;
  readonly #writer: RrdFileWriter;
  #queue = new ByteWriter(64 << 10);
  #pending: Pending[] = [];
  #written = 0;
  /** Of the stream: bytes that were queued, and those that were written or given up. */
  #position = 0;
  #doneAt = 0;
  #state: SinkStatus["state"] = "open";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(spec: PipeSinkSpec = STDOUT, onLost?: OnLost, files: FileLayer = nodeFiles) {
    this.#spec = spec;
    this.#tally = new SinkTally(onLost);
    this.#files = files;
    const queue = (bytes: Uint8Array): void => {
      this.#queue.raw(bytes);
      this.#position += bytes.length;
    };
    this.#writer = new RrdFileWriter(queue, { writeFooter: true });
  }

  get status(): SinkStatus {
    const status = this.#tally.status(this.#spec === STDOUT ? "stdout" : "pipe", this.#state);
    return { ...status, queuedBytes: this.#queued, overflow: "drop-newest" };
  }

  write(message: LogMessage): void {
    if (this.#state !== "open" || this.#queued > MAX_QUEUED_BYTES) {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
      return;
    }
    this.#tally.took(message);
    this.#writer.write(message);
    this.#pending.push({ store: message.store, rows: rowsOf(message), end: this.#position });
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

  /** What nobody has taken is lost now. Descriptor 1 is not ours, it stays open. */
  close(): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    let deadline = performance.now() + LAST_WAIT_MILLIS;
    for (let seen = this.#doneAt; !this.#writeOut() && performance.now() < deadline; seen = this.#doneAt) {
      if (this.#doneAt > seen) deadline = performance.now() + LAST_WAIT_MILLIS;
      Atomics.wait(pause, 0, 0, RETRY_MILLIS);
    }
    clearTimeout(this.#timer);
    this.#state = "closed";
    for (const message of this.#pending.splice(0)) this.#tally.lose(message);
    if (this.#spec !== STDOUT) this.#close();
  }

  get #queued(): number {
    return this.#queue.position - this.#written;
  }

  /** False: the pipe is full, and there is more. */
  #writeOut(): boolean {
    try {
      while (this.#queued > 0) {
        const written = this.#files.write(this.#spec.fd, this.#queue.bytes, this.#written, this.#queued);
        this.#written += written;
        this.#doneAt += written;
      }
      this.#pending = [];
    } catch (error) {
      this.#pending = this.#pending.filter(({ end }) => end > this.#doneAt);
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      this.#state = "failing";
      this.#tally.error = error instanceof Error ? error : new Error(String(error));
      for (const message of this.#pending.splice(0)) this.#tally.lose(message);
    }
    this.#doneAt = this.#position;
    this.#written = 0;
    this.#queue.reset();
    return true;
  }

  #close(): void {
    try {
      this.#files.close(this.#spec.fd);
    } catch {
      // the other end is gone
    }
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
