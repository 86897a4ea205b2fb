import type { FileSinkOptions } from "../sinks/file/file-sink-options.ts";
import type { SinkDelivery } from "../sinks/sink-delivery.ts";
import type { OnBatcherEvents } from "./batcher-hooks.ts";
import { BlackBoxes } from "./black-boxes.ts";
import { Clock, type ClockSource, systemClock } from "./clock.ts";
import type { Command, CommandResult } from "./command.ts";
import { CommandRunner } from "./command-runner.ts";
import type { CreateExpander } from "./expander.ts";
import { StoreExpanderHost } from "./expander-host.ts";
import { LazyExpander } from "./lazy-expander.ts";
import { RecordReader } from "./record-reader.ts";
import { RowIds } from "./row-ids.ts";
import { StoreTable } from "./store-table.ts";
import { Warnings } from "./warnings.ts";

export interface WriterOptions {
  readonly createExpander?: CreateExpander;
  /** What users should know once, e.g. that a variable of the environment cannot be read. */
  readonly onWarning: (message: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock?: ClockSource;
  /** Called with every chunk and every row or record of the layout, for whoever watches over the writer. */
  readonly onProgress?: () => void;
  /** Tells the thread of a recording what it wants to hear of the batch processor. */
  readonly onBatcherEvents?: OnBatcherEvents | undefined;
  /** Grows while the application's thread turns, where that is another one. */
  readonly pulse?: () => number;
  /** 0 ≤ x < 1. Default `Math.random`. */
  readonly random?: () => number;
  readonly files?: FileSinkOptions;
}

/**
 * The writer's side: owns everything from the records to the sinks, and knows when there is something to do. Whether it runs on the
 * caller's thread or on its own it does not know.
 *
 *   RecordReader ────┬─ row, columns ──────────────▶ BatchProcessor of the store ─▶ Output ─▶ sinks
 *                    └─ span, log, metric ─▶ Expander ─▶ rows ──┘
 *
 * I1: nothing throws out of here.
 */
export class Writer {
  readonly clock: Clock;
  readonly stores: StoreTable;
  readonly records: RecordReader;
  readonly #blackBoxes: BlackBoxes;
  readonly #warnings: Warnings;
  readonly #expander: LazyExpander;
  readonly #commands: CommandRunner;
  readonly #onProgress: (() => void) | undefined;

  constructor(options: WriterOptions) {
    const { clock = systemClock, random = Math.random, environment, files } = options;
    this.clock = new Clock(clock);
    const rowIds = new RowIds(this.clock, random);
    this.#onProgress = options.onProgress;
    const warnings = new Warnings(options.onWarning);
    this.#warnings = warnings;
    const onWarning = (message: string): void => warnings.add(message);
    const onError = (error: unknown): void => warnings.addError("rows were lost", error);
    this.stores = new StoreTable({
      clock: this.clock,
      rowIds,
      random,
      environment,
      onWarning,
      onProgress: options.onProgress,
      onError,
      files: { onWarning, ...files },
      onBatcherEvents: options.onBatcherEvents,
    });
    const { pool } = this.stores;
    this.#blackBoxes = new BlackBoxes({
      all: () => pool.blackBoxes,
      flush: () => {
        this.#warnings.guard("the summary of a dump", () => this.#expander.made?.summarize());
        this.stores.flushAll();
      },
      pulse: options.pulse,
      onWarning,
    });
    this.#expander = new LazyExpander({
      create: options.createExpander,
      host: () => this.#host(),
      onOpen: (store) => this.stores.openJournals(store.output),
    });
    this.#commands = new CommandRunner({
      stores: this.stores,
      expander: this.#expander,
      blackBoxes: this.#blackBoxes,
      clock: this.clock,
      warnings,
      environment,
    });
    this.records = new RecordReader({
      stores: this.stores,
      expander: this.#expander,
      clock: this.clock,
      rowIds,
      warnings,
      onProgress: options.onProgress,
    });
    pool.onBlackBox = (spec) => (spec === undefined ? this.#blackBoxes.closed() : this.#blackBoxes.opened(spec));
  }

  /** Whether time alone may bring work: telemetry is open, and its layout repeats the summary. */
  get hasTelemetry(): boolean {
    for (const store of this.stores.all) if (store.isExpanded) return true;
    return false;
  }

  /** When `tick` has something to do next, on `clock`; `Infinity` = not before there are new records. */
  get nextDeadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const store of this.stores.all) next = Math.min(next, store.nextDeadline, store.output.nextDeadline);
    return next;
  }

  /** The shortest tick of any recording. */
  get tickMillis(): number {
    let shortest = Number.POSITIVE_INFINITY;
    for (const { tickMillis } of this.stores.all) shortest = Math.min(shortest, tickMillis);
    return shortest;
  }

  /**
   * Flushes what has waited long enough, and hands on what sinks have collected. With `until`, in milliseconds of `clock`, it stops
   * there; `nextDeadline` has passed then.
   */
  tick(until = Number.POSITIVE_INFINITY): void {
    this.clock.anchor();
    const now = this.clock.now();
    const isOver = until === Number.POSITIVE_INFINITY ? undefined : () => this.clock.now() >= until;
    this.#warnings.guard("tick", () => this.#expander.made?.tick(this.clock.wallNanos(now)));
    for (const store of this.stores.all) this.#warnings.guard("flush", () => store.flushDue(now, isOver));
    this.drained();
    this.#blackBoxes.settle();
  }

  /** There is nothing to read for now: of all recordings, or of one, since there may be thousands. */
  drained(recording?: number): void {
    for (const output of this.stores.outputsOf(recording)) this.#warnings.guard("writing", () => output.drained());
    this.stores.settleEvents(recording);
  }

  /**
   * Runs a command as far as it goes without waiting.
   *
   * @param isHandedOn false: the caller hands on what sinks have collected, at the end of its turn.
   */
  run(command: Command, isHandedOn = true): CommandResult {
    try {
      const result = this.#commands.run(command);
      if (isHandedOn) this.drained("recording" in command ? command.recording : undefined);
      return result;
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Waits until sinks have delivered, and says how far each is. */
  async flushSinks(recording: number | undefined, deadlineMillis: number): Promise<readonly SinkDelivery[]> {
    const isExit = recording === undefined;
    const outputs = [...this.stores.outputsOf(recording)];
    return (await Promise.all(outputs.map((output) => output.flush(deadlineMillis, isExit)))).flat();
  }

  #host(): StoreExpanderHost {
    return new StoreExpanderHost({
      now: () => {
        this.#onProgress?.();
        return this.clock.now();
      },
      openBeside: (id, beside) => this.stores.openBeside(id, beside),
      forget: (other) => this.stores.forget(other),
      stats: (other) => this.stores.stats(other),
      notice: (what) => this.#blackBoxes.notice(what),
    });
  }
}
