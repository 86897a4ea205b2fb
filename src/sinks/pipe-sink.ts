import { ByteWriter } from "../bytes/byte-writer.ts";
import { RerunError } from "../errors.ts";
import { now as monotonicNow } from "../real-time.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { type FileLayer, nodeFiles } from "./file/file-layer.ts";
import type { LostMessage, OnLost, Patience, PipeSinkSpec, Sink, SinkStatus } from "./sink.ts";
import { rowsOf, SinkTally } from "./sink-tally.ts";

const STDOUT: PipeSinkSpec = { kind: "pipe", path: "stdout", fd: 1 };

/** What waits for a reader that is slower than we are; then messages are lost, and counted (I3, I7). */
const MAX_QUEUED_BYTES = 64 << 20;

/** A pipe that is full is tried again after so long, in milliseconds. */
const RETRY_MILLIS = 5;

/** How long the end of a recording holds its thread up, at most, for a reader that takes nothing, in milliseconds. */
const LAST_WAIT_MILLIS = 2000;

/** An ending process waits so many times as long for one that takes a little now and then, as for a writer (docs/decisions/0009). */
const EXIT_TIMES = 30;

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
  /** When its reader last took something. */
  #takenAt = 0;
  #state: SinkStatus["state"] = "open";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;
  closed: Promise<void> | undefined;
  #sayClosed: () => void = () => {};

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

  /** Open for good once its time is over: it must not seem delivered to the one who waits, whose deadline is the same. */
  async flush(deadlineMillis: number): Promise<void> {
    const end = this.#position;
    const deadline = monotonicNow() + deadlineMillis;
    this.#writeOut();
    while (this.#doneAt < end) {
      if (monotonicNow() >= deadline) await new Promise<never>(() => {});
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      this.#writeOut();
    }
    if (this.#state !== "open" && this.#tally.error !== undefined) throw this.#tally.error;
  }

  flushSync(): void {
    this.#writeOut();
  }

  finalize(): void {
    if (this.#state === "open") this.#writer.finish();
  }

  get fd(): number {
    return this.#spec.fd;
  }

  /** What nobody has taken is lost then. Without `patience` its recordings go on elsewhere: it waits in the background. */
  close(patience?: Patience): void {
    if (this.#isEnded) return;
    clearTimeout(this.#timer);
    if (patience !== undefined) {
      this.#waitForReader(patience);
      this.#end();
      return;
    }
    this.closed ??= new Promise((resolve) => {
      this.#sayClosed = resolve;
    });
    const deadline = monotonicNow() + LAST_WAIT_MILLIS;
    const offer = (): void => {
      if (this.#writeOut() || monotonicNow() >= deadline) this.#end();
      else this.#timer = setTimeout(offer, RETRY_MILLIS).unref();
    };
    this.#state = "closed";
    offer();
  }

  /** Descriptor 1 is not ours, it stays open. */
  #end(): void {
    this.#isEnded = true;
    this.#state = "closed";
    if (this.#pending.length > 0) this.#tally.error = new RerunError("ERR_RERUN_SINK", "nobody has read it to its end");
    for (const message of this.#pending.splice(0)) this.#tally.lose(message);
    this.#forget();
    if (this.#spec !== STDOUT) this.#close();
    this.#sayClosed();
  }

  #waitForReader({ millis, isExit }: Patience): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const start = monotonicNow();
    const deadline = start + Math.min(millis, LAST_WAIT_MILLIS);
    const limit = start + EXIT_TIMES * LAST_WAIT_MILLIS;
    while (!this.#writeOut()) {
      const end = isExit ? Math.min(Math.max(deadline, this.#takenAt + LAST_WAIT_MILLIS), limit) : deadline;
      if (monotonicNow() >= end) return;
      Atomics.wait(pause, 0, 0, RETRY_MILLIS);
    }
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
        this.#takenAt = monotonicNow();
      }
      this.#pending = [];
    } catch (error) {
      this.#pending = this.#pending.filter(({ end }) => end > this.#doneAt);
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      this.#state = "failing";
      this.#tally.error = error instanceof Error ? error : new Error(String(error));
      for (const message of this.#pending.splice(0)) this.#tally.lose(message);
    }
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#doneAt = this.#position;
    this.#written = 0;
    this.#queue.reset();
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
