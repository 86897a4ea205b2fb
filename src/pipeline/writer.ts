import { ByteReader } from "../bytes/byte-reader.ts";
import type { FileSinkOptions } from "../sinks/file-sink.ts";
import type { SinkDelivery } from "../sinks/sink-delivery.ts";
import type { OnBatcherEvents } from "./batcher-hooks.ts";
import { BlackBoxes } from "./black-boxes.ts";
import { Clock, type ClockSource, systemClock } from "./clock.ts";
import { CommandRunner } from "./command-runner.ts";
import { decodeDefinition } from "./definition-codec.ts";
import type { CreateExpander } from "./expander.ts";
import { StoreExpanderHost } from "./expander-host.ts";
import { LazyExpander } from "./lazy-expander.ts";
import { type Definition, RECORD_HEADER_BYTES, RecordFlag, RecordKind, type ShapeDefinition } from "./record.ts";
import { RowIds } from "./row-ids.ts";
import type { Store } from "./store.ts";
import { StoreTable } from "./store-table.ts";
import type { Command, CommandResult, DropReason } from "./transport.ts";
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

/** Whose records are read: several threads may write to one writer, each with numbers of its own. */
export interface Origin {
  /** Added to the numbers of recordings, paths, shapes and memory sinks. */
  readonly base: number;
  /** Added to the thread's `performance.now()`, in milliseconds. */
  readonly clockSkew: number;
  /** Takes barriers and blobs; `reader` stands at the payload. */
  readonly onControl?: (kind: RecordKind, reader: ByteReader, end: number) => void;
}

const OWN: Origin = { base: 0, clockSkew: 0 };

/** Shapes of all callers; each bounds its own table (`ShapeTable`), so the oldest here are those nobody uses. */
const MAX_SHAPES = 65_536;

/**
 * The writer's side: reads records, keeps the tables their numbers refer to, and owns everything from the accumulators to the
 * sinks. Runs on the caller's thread today and on its own with the shared ring; it knows of neither.
 *
 *   records ─▶ read ─┬─ row, columns ──────────────▶ BatchProcessor of the store ─▶ Output ─▶ sinks
 *                    └─ span, log, metric ─▶ Expander ─▶ rows ──┘
 *
 * I1: nothing throws out of here. I3: what cannot be read is counted.
 */
export class Writer {
  readonly clock: Clock;
  readonly stores: StoreTable;
  readonly #blackBoxes: BlackBoxes;
  readonly #rowIds: RowIds;
  readonly #warnings: Warnings;
  readonly #expander: LazyExpander;
  readonly #commands: CommandRunner;
  readonly #shapes = new Map<number, ShapeDefinition>();
  readonly #onProgress: (() => void) | undefined;
  /** Of the records that are being read. */
  #origin = OWN;
  #isFirstRow = true;

  constructor(options: WriterOptions) {
    const { clock = systemClock, random = Math.random, environment, files } = options;
    this.clock = new Clock(clock);
    this.#rowIds = new RowIds(this.clock, random);
    this.#onProgress = options.onProgress;
    const warnings = new Warnings(options.onWarning);
    this.#warnings = warnings;
    const onWarning = (message: string): void => warnings.add(message);
    const onError = (error: unknown): void => warnings.addError("rows were lost", error);
    this.stores = new StoreTable({
      clock: this.clock,
      rowIds: this.#rowIds,
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
      drop: (recording, reason, rows) => this.drop(recording, reason, rows),
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

  /** Reads whole records, up to the first that is for `onControl`, which is read as well. Returns where it stopped. */
  read(bytes: Uint8Array, from: number, to: number, origin: Origin = OWN): number {
    const reader = new ByteReader(bytes, from);
    this.#origin = origin;
    this.#isFirstRow = true;
    let at = from;
    while (at < to) {
      reader.position = at;
      const size = reader.u32();
      const kind = reader.u8() as RecordKind;
      if (kind === RecordKind.pad) return to;
      const flags = reader.u8();
      reader.position += 2;
      const recording = reader.u32() + origin.base;
      reader.position = at + RECORD_HEADER_BYTES;
      const end = at + size;
      if (kind === RecordKind.barrier || kind === RecordKind.blob) {
        origin.onControl?.(kind, reader, end);
        return end;
      }
      try {
        this.#record(kind, flags, recording, reader, end);
      } catch (error) {
        this.#failed(recording, kind, error);
      }
      at = end;
    }
    return to;
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

  /** Runs a command as far as it goes without waiting. */
  run(command: Command): CommandResult {
    try {
      const result = this.#commands.run(command);
      this.drained("recording" in command ? command.recording : undefined);
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

  /** Counts rows that were refused; false if the recording is not known. */
  drop(recording: number, reason: DropReason, rows: number): boolean {
    const counters = this.stores.countersOf(recording);
    if (counters === undefined) return false;
    counters.rowsAccepted += rows;
    counters.drop(reason, rows);
    return true;
  }

  #record(kind: RecordKind, flags: number, recording: number, reader: ByteReader, end: number): void {
    const store = this.stores.recording(recording);
    switch (kind) {
      case RecordKind.define:
        this.define(decodeDefinition(reader.bytes.subarray(reader.position, end)), this.#origin.base);
        break;
      case RecordKind.row:
        if (store === undefined) this.drop(recording, "closed", 1);
        else this.#row(store, flags, reader);
        break;
      case RecordKind.columns:
        this.#columns(store, recording, reader);
        break;
      case RecordKind.forget:
        if (store !== undefined) forgetPath(store, reader.u32() + this.#origin.base);
        break;
      case RecordKind.spanStart:
      case RecordKind.spanEnd:
      case RecordKind.log:
      case RecordKind.metric:
        this.#onProgress?.();
        if (store === undefined) this.drop(recording, "closed", 1);
        else this.#expander.for(store)?.record(store, kind, reader);
    }
  }

  #row(store: Store, flags: number, reader: ByteReader): void {
    if ((flags & RecordFlag.timeChanged) !== 0) this.#rowIds.startEpoch();
    const { base, clockSkew } = this.#origin;
    store.counters.rowsAccepted += 1;
    const path = store.paths.get(reader.u32() + base) as string;
    const shape = this.#shapes.get(reader.u32() + base) as ShapeDefinition;
    const loggedAt = reader.f64() + clockSkew;
    if (this.#isFirstRow) this.#measureLag(loggedAt);
    store.row(path, shape, reader, loggedAt);
  }

  /** Once per batch: the row has waited longest. */
  #measureLag(loggedAt: number): void {
    this.#isFirstRow = false;
    this.stores.lagMillis = Math.max(0, this.clock.now() - loggedAt);
  }

  #columns(store: Store | undefined, recording: number, reader: ByteReader): void {
    const { base } = this.#origin;
    const path = reader.u32() + base;
    const shape = this.#shapes.get(reader.u32() + base) as ShapeDefinition;
    const rows = reader.u32();
    if (store === undefined) {
      this.drop(recording, "closed", rows);
      return;
    }
    store.counters.rowsAccepted += rows;
    store.columns(store.paths.get(path) as string, shape, reader, rows, this.clock.now());
  }

  /** Takes a definition; what is defined already stays as it is. `base` is added to its numbers. */
  define(definition: Definition, base = 0): void {
    switch (definition.type) {
      case "recording":
        this.stores.define(definition, base);
        break;
      case "path":
        this.stores.recording(definition.recording + base)?.paths.set(definition.no + base, definition.entityPath);
        break;
      case "shape":
        this.#shapes.set(definition.no + base, definition.shape);
        if (this.#shapes.size > MAX_SHAPES) this.#shapes.delete(this.#shapes.keys().next().value as number);
        break;
      case "telemetry": {
        const store = this.stores.recording(definition.recording + base);
        if (store !== undefined) this.#expander.for(store)?.define(store, definition.value);
      }
    }
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

  #failed(recording: number, kind: RecordKind, error: unknown): void {
    if (kind === RecordKind.row) this.stores.countersOf(recording)?.drop("encode", 1);
    this.#warnings.addError("a record could not be written", error);
  }
}

function forgetPath(store: Store, no: number): void {
  const path = store.paths.get(no);
  if (path === undefined) return;
  store.paths.delete(no);
  store.forgetPath(path);
}
