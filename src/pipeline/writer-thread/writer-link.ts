import { clearTimeout, setTimeout } from "../../real-time.ts";
import type { WriterThread } from "./start-writer-thread.ts";
import type { FromWriter, ToWriter } from "./thread-messages.ts";

/**
 * A process that lives shorter than this never starts a thread (60–80 ms of another core, 3 ms of this one); it writes what it has
 * itself when it ends. A burst or a command that somebody waits for starts it at once.
 */
export const START_MILLIS = 100;

export interface WriterLinkOptions {
  readonly startMillis: number;
  /** Starts the writer thread, or joins that of another thread; may throw where threads are refused. */
  readonly start: () => WriterThread;
  /** It is time to start. */
  readonly onDue: () => void;
  readonly take: (message: FromWriter) => void;
  readonly onEnd: (error: Error | undefined) => void;
}

/** What a thread that logs has of the writer thread: nothing at first, then a line to it. */
export class WriterLink {
  readonly #options: WriterLinkOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  #thread: WriterThread | undefined;

  constructor(options: WriterLinkOptions) {
    this.#options = options;
    this.#timer = setTimeout(options.onDue, options.startMillis);
    this.#timer.unref?.();
  }

  get thread(): WriterThread | undefined {
    return this.#thread;
  }

  /** It hears what is posted; before, it will find what there is in the ring. */
  get isReady(): boolean {
    return this.#thread?.isReady === true;
  }

  /**
   * The ring is at rest: starts the thread, or tells it where the ring is. False: to be called again.
   * @throws as `start`
   */
  start(): boolean {
    if (this.#thread !== undefined) {
      this.#thread.settle();
      return this.#thread.isReady;
    }
    this.neverStart();
    const { start, take, onEnd } = this.#options;
    const thread = start();
    this.#thread = thread;
    thread.onMessage(take);
    thread.onEnd(onEnd);
    return true;
  }

  neverStart(): void {
    clearTimeout(this.#timer);
  }

  post(message: ToWriter): void {
    this.#thread?.post(message);
  }

  /** Hears what it has said, without a turn of the event loop. */
  receive(): void {
    for (let message = this.#thread?.receive(); message !== undefined; message = this.#thread?.receive()) {
      this.#options.take(message);
    }
  }

  /** Whether waiting for what it says keeps the process alive. */
  keepsAlive(keeps: boolean): void {
    this.#thread?.keepsAlive(keeps);
  }
}
