import type { LogMessage } from "../rrd/log-message.ts";
import { BufferedSink } from "../sinks/buffered-sink.ts";
import { Prelude } from "../sinks/prelude.ts";
import type { LostMessage, Sink, SinkSpec, SinkStatus } from "../sinks/sink.ts";
import type { SinkPool } from "../sinks/sink-pool.ts";

const PROPERTIES = "/__properties";

/**
 * Where the messages of a recording and of the stores beside it go: a buffer until there is a sink, then every sink.
 *
 *   message ─▶ buffer ─ set-sinks ─▶ file
 *                                 └▶ memory, …      each on its own: the error of one does not touch the others
 */
export class Output {
  /** The recording whose sinks these are. */
  readonly owner: number;
  readonly #pool: SinkPool;
  readonly #onOverflow: (lost: LostMessage) => void;
  readonly #prelude = new Prelude(({ summary }) => summary.entityPath.startsWith(PROPERTIES));
  #sinks: readonly Sink[];
  #specs: readonly SinkSpec[] = [];
  #isClosed = false;

  constructor(pool: SinkPool, owner: number, onOverflow: (lost: LostMessage) => void) {
    this.#pool = pool;
    this.owner = owner;
    this.#onOverflow = onOverflow;
    this.#sinks = [new BufferedSink(onOverflow)];
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get sinkCount(): number {
    return this.#sinks.length;
  }

  /** All sinks are watched live: rows should not wait. */
  get isLive(): boolean {
    return this.#sinks.every((sink) => sink.isLive === true);
  }

  get statuses(): readonly SinkStatus[] {
    return this.#specs.length === 0 ? [] : this.#sinks.map((sink) => sink.status);
  }

  /** Of a sink that cannot write now. */
  get error(): Error | undefined {
    return this.statuses.find((status) => status.state === "failing")?.error;
  }

  send(message: LogMessage): void {
    this.#prelude.observe(message);
    for (const sink of this.#sinks) sink.write(message);
  }

  /**
   * Replaces the sinks. What was buffered goes to the new ones in order (C06); where nothing is buffered they begin with store
   * infos and properties. Old sinks are flushed, and finalised by their last user. None at all: a buffer again.
   */
  setSinks(specs: readonly SinkSpec[]): void {
    const old = this.#sinks;
    const oldSpecs = this.#specs;
    this.#sinks =
      specs.length === 0 ? [new BufferedSink(this.#onOverflow)] : specs.map((spec) => this.#pool.acquire(spec));
    this.#specs = specs;
    const fresh = this.#sinks.filter((sink) => !old.includes(sink));
    const backlog = old.flatMap((sink) => (this.#sinks.includes(sink) ? [] : (sink.takeBacklog?.() ?? [])));
    const hand = (message: LogMessage): void => {
      for (const sink of fresh) sink.write(message);
    };
    if (backlog.length > 0) backlog.forEach(hand);
    else this.#prelude.replay(hand);
    this.#release(old, oldSpecs);
  }

  /** Nothing more comes for now. */
  drained(): void {
    for (const sink of this.#sinks) sink.drained?.();
  }

  flushSync(): void {
    for (const sink of this.#sinks) sink.flushSync();
  }

  /** Rejects with the first error, when every sink has had its time. */
  async flush(deadlineMillis: number): Promise<void> {
    const results = await Promise.allSettled(this.#sinks.map((sink) => sink.flush(deadlineMillis)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#release(this.#sinks, this.#specs);
  }

  #release(sinks: readonly Sink[], specs: readonly SinkSpec[]): void {
    for (const sink of sinks) sink.flushSync();
    if (specs.length === 0) for (const sink of sinks) sink.close();
    for (const spec of specs) this.#pool.release(spec);
  }
}
