import type { BatcherConfig } from "./batcher-config.ts";
import type { FlushReason } from "./recording-stats.ts";

/** A row was put to those of its entity that wait. */
export interface RowInserted {
  readonly entityPath: string;
  /** That wait now, this one included. */
  readonly numRows: number;
  /** Of these rows, in memory. */
  readonly byteLength: number;
}

/** Rows of an entity became a chunk. */
export interface RowsFlushed {
  readonly entityPath: string;
  readonly numRows: number;
  /** Of the message, compressed. */
  readonly byteLength: number;
  readonly reason: FlushReason;
}

/**
 * What a program can hear of the batch processor, to measure or to tune it (Rerun's BatcherHooks).
 *
 * Called in the order in which things happened, on the thread that made the recording, when that comes to it: at the next turn of its
 * event loop, or while it waits for `stats` or for the end. One that throws is warned about once (I1), and so are rows and chunks that
 * were left out because 65,536 of them waited for that turn already (I7). Stores beside the recording (notable traces, blueprints)
 * tell nothing.
 */
export interface BatcherHooks {
  /** For each row: dear. */
  readonly onInsert?: (row: RowInserted) => void;
  /** What is in effect: at the beginning, and when other sinks have changed it. */
  readonly onConfigChange?: (config: BatcherConfig) => void;
  readonly onFlush?: (chunk: RowsFlushed) => void;
}

/** Which of them there are: functions stay on their thread. */
export type HookName = keyof BatcherHooks;

export type BatcherEvent =
  | { readonly hook: "onInsert"; readonly value: RowInserted }
  | { readonly hook: "onConfigChange"; readonly value: BatcherConfig }
  | { readonly hook: "onFlush"; readonly value: RowsFlushed }
  /** So many events were left out: the thread has not heard of those before. */
  | { readonly hook: "missed"; readonly value: number }
  /** The recording has ended: nothing comes any more. */
  | { readonly hook: "end" };

/** Takes what happened in a recording. */
export type OnBatcherEvents = (recording: number, events: readonly BatcherEvent[]) => void;

/** So many are handed over at once, at most: they wait in memory (I7). */
const MAX_EVENTS = 4096;

/** What happened in one recording since its thread was told last. */
export class BatcherEvents {
  readonly #recording: number;
  readonly #hooks: ReadonlySet<HookName>;
  readonly #tell: OnBatcherEvents;
  #events: BatcherEvent[] = [];

  constructor(recording: number, hooks: readonly HookName[], tell: OnBatcherEvents) {
    this.#recording = recording;
    this.#hooks = new Set(hooks);
    this.#tell = tell;
  }

  wants(hook: HookName): boolean {
    return this.#hooks.has(hook);
  }

  add(event: BatcherEvent): void {
    if (event.hook !== "end" && !this.#hooks.has(event.hook as HookName)) return;
    this.#events.push(event);
    if (event.hook === "end" || this.#events.length >= MAX_EVENTS) this.settle();
  }

  /** Tells what there is. */
  settle(): void {
    if (this.#events.length > 0) this.#tell(this.#recording, this.#events.splice(0));
  }
}
