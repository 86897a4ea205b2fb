import type { LogMessage } from "../rrd/log-message.ts";
import type { StoreId } from "../rrd/store-id.ts";
import type { BufferBudget } from "../sinks/buffer-budget.ts";
import { BufferedSink } from "../sinks/buffered-sink.ts";
import type { FileSink } from "../sinks/file/file-sink.ts";
import type { PipeSink } from "../sinks/pipe-sink.ts";
import { Prelude } from "../sinks/prelude.ts";
import type { BufferSpec, FileSinkSpec, LostMessage, Patience, Sink, SinkSpec, SinkStatus } from "../sinks/sink.ts";
import { deliver, type SinkDelivery } from "../sinks/sink-delivery.ts";
import { sinkKey } from "../sinks/sink-key.ts";
import type { SinkPool } from "../sinks/sink-pool.ts";
import type { JoinPolicy } from "./entity-rows.ts";
import type { Journal } from "./journal/journal.ts";
import type { JournalTable } from "./journal/journal-table.ts";

/** Which sinks of a tee get a message: those that are watched, those that keep, or all. */
export type Audience = "all" | "live" | "kept";

/** What the buffer lost: there was no room, or nobody ever took it. */
export type OnBufferLost = (lost: LostMessage, reason: "overflow" | "no-sink") => void;

const PROPERTIES = "/__properties";

export interface OutputOptions {
  readonly pool: SinkPool;
  /** The recording whose sinks these are. */
  readonly owner: number;
  readonly onLost: OnBufferLost;
  /** Without it no journal is ever begun. */
  readonly journals?: JournalTable | undefined;
  /** What all buffers of its kind share. */
  readonly budget?: BufferBudget | undefined;
}

/**
 * Where the messages of a recording and of the stores beside it go: a buffer until there is a sink, then every sink.
 *
 *   message ─▶ buffer ─ set-sinks ─▶ file
 *                                 └▶ memory, …      each on its own: the error of one does not touch the others
 */
export class Output {
  /** The recording whose sinks these are. */
  readonly owner: number;
  /** Where rows are safe until they are in a chunk, one a file that has a journal. */
  journals: readonly Journal[] = [];
  /** With every file of it journaled, rows may wait for company. */
  joinPolicy: JoinPolicy | undefined;
  readonly #pool: SinkPool;
  readonly #journalTable: JournalTable | undefined;
  readonly #onLost: OnBufferLost;
  readonly #budget: BufferBudget | undefined;
  /** By application id, those that were activated last. */
  readonly #blueprints = new Map<string, StoreId>();
  readonly #prelude = new Prelude(
    ({ store, summary }) => store.kind === "blueprint" || summary.entityPath.startsWith(PROPERTIES),
  );
  #sinks: readonly Sink[];
  #specs: readonly SinkSpec[] = [];
  #isClosed = false;

  constructor({ pool, owner, onLost, journals, budget }: OutputOptions) {
    this.#pool = pool;
    this.#journalTable = journals;
    this.#budget = budget;
    this.owner = owner;
    this.#onLost = onLost;
    this.#sinks = [this.#buffer()];
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Its files, as another writer may go on with them. */
  get files(): readonly FileSinkSpec[] {
    return this.#sinks.flatMap((sink) => (sink.resumable === undefined ? [] : [sink.resumable]));
  }

  /** All its sinks, as another writer may go on with them. */
  get resumable(): readonly SinkSpec[] {
    return this.#specs.map((spec, at) => {
      // joined: the number that it came with is not the one that is open
      if (spec.kind === "pipe") return { ...spec, fd: (this.#sinks[at] as PipeSink).fd };
      return this.files.find((file) => spec.kind === "file" && spec.path === file.path) ?? spec;
    });
  }

  /** How often its files began a new segment. */
  get rotations(): number {
    return this.#sinks.reduce((sum, { segmentNo = 1 }) => sum + segmentNo - 1, 0);
  }

  /** Rows that no sink has but in memory. */
  get heldRows(): number {
    return Math.min(...this.#sinks.map((sink) => sink.heldRows ?? 0));
  }

  /** What recordings of the application are shown with; undefined where nothing was sent. */
  blueprintOf(applicationId: string): StoreId | undefined {
    return this.#blueprints.get(applicationId);
  }

  writesTo(path: string): boolean {
    return this.#specs.some((spec) => spec.kind === "file" && spec.path === path);
  }

  get sinkCount(): number {
    return this.#sinks.length;
  }

  /** All sinks are watched live: rows should not wait. */
  get isLive(): boolean {
    return this.#sinks.every((sink) => sink.isLive === true);
  }

  /** Some sinks are watched live and others keep: each kind gets chunks of its own cadence. */
  get isMixed(): boolean {
    return !this.isLive && this.#sinks.some((sink) => sink.isLive === true);
  }

  /** How long all its sinks keep what they get, in nanoseconds. Undefined: for good. */
  get windowNanos(): bigint | undefined {
    let seconds = 0;
    for (const spec of this.#specs) {
      if (spec.kind !== "black-box") return undefined;
      seconds = Math.max(seconds, spec.seconds);
    }
    return seconds === 0 ? undefined : BigInt(Math.ceil(seconds * 1e9));
  }

  get statuses(): readonly SinkStatus[] {
    return this.#specs.map((spec, at) => {
      const { status } = this.#sinks[at] as Sink;
      const journal = this.#journalTable?.get(spec);
      return journal === undefined ? status : { ...status, journalBytes: journal.byteLength };
    });
  }

  /** Of a sink that cannot write now. */
  get error(): Error | undefined {
    return this.statuses.find((status) => status.state === "failing")?.error;
  }

  /** Rows for a live audience are sent to those who keep as well, in chunks of their own. */
  send(message: LogMessage, audience: Audience = "all", rowIds?: Uint8Array): void {
    if (message.kind === "activation") this.#blueprints.set(message.store.applicationId, message.store);
    if (audience !== "live") this.#prelude.observe(message);
    for (const sink of this.#sinks) {
      if (audience === "all" || (sink.isLive === true) === (audience === "live")) sink.write(message, rowIds);
    }
  }

  /**
   * Begins the journals of files that were not told to have none, because telemetry has come. All rows have been flushed.
   * False: there was nothing to begin.
   */
  openJournals(): boolean {
    const before = this.journals.length;
    this.#acquireJournals(this.#specs, ({ journal }) => journal === undefined);
    return this.journals.length > before;
  }

  /**
   * Replaces the sinks. What was buffered goes to the new ones in order (C06); where nothing is buffered they begin with
   * layouts, store infos and properties. Old sinks are flushed, and finalised by their last user. None at all: a buffer again.
   */
  setSinks(specs: readonly SinkSpec[]): void {
    const old = this.#sinks;
    const oldSpecs = this.#specs;
    this.#sinks = specs.length === 0 ? [this.#buffer()] : specs.map((spec) => this.#acquire(spec));
    this.#specs = specs;
    const fresh = this.#sinks.filter((sink) => !old.includes(sink));
    const backlog = old.flatMap((sink) => (this.#sinks.includes(sink) ? [] : (sink.takeBacklog?.() ?? [])));
    const hand = (message: LogMessage): void => {
      for (const sink of fresh) sink.write(message);
    };
    if (backlog.length > 0) layoutsFirst(backlog).forEach(hand);
    else this.#prelude.replay(hand);
    const oldJournals = this.journals;
    this.journals = [];
    this.#acquireJournals(specs, ({ path, journal }) => journal ?? oldJournals.some((other) => other.path === path));
    this.#release(old, oldSpecs, oldJournals);
  }

  /** The same with more sinks, which begin as those of `setSinks`; the others stay as they are. */
  addSinks(specs: readonly SinkSpec[]): void {
    if (this.#specs.length === 0) {
      this.setSinks(specs);
      return;
    }
    const fresh = specs.map((spec) => this.#acquire(spec));
    for (const sink of fresh) {
      if (!this.#sinks.includes(sink)) this.#prelude.replay((message) => sink.write(message));
    }
    this.#sinks = [...this.#sinks, ...fresh];
    this.#specs = [...this.#specs, ...specs];
    this.#acquireJournals(specs, ({ journal }) => journal ?? this.journals.length > 0);
  }

  /** The same with one less, which is completed; the others stay as they are. */
  removeSink(key: string): void {
    const at = this.#specs.findIndex((spec) => sinkKey(spec) === key);
    if (at < 0) return;
    if (this.#specs.length === 1) {
      this.setSinks([]);
      return;
    }
    const [sink, spec] = [this.#sinks[at] as Sink, this.#specs[at] as SinkSpec];
    const isItsJournal = ({ path }: Journal): boolean => spec.kind === "file" && spec.path === path;
    const journals = this.journals.filter(isItsJournal);
    this.#sinks = this.#sinks.filter((other) => other !== sink);
    this.#specs = this.#specs.filter((other) => other !== spec);
    this.journals = this.journals.filter((journal) => !isItsJournal(journal));
    this.refreshPolicy();
    this.#release([sink], [spec], journals);
  }

  /** Nothing more comes for now. */
  drained(): void {
    for (const sink of this.#sinks) sink.drained?.();
    for (const journal of this.journals) journal.settle();
  }

  /** A chunk was made, and none is under way. */
  chunked(): void {
    for (const journal of this.journals) journal.chunked();
  }

  /** When `drained` has to be called next, because rows wait for their journal. */
  get nextDeadline(): number {
    return Math.min(...this.journals.map((journal) => journal.nextDeadline));
  }

  /** A journal began, failed or goes on. */
  refreshPolicy(): void {
    const files = this.#specs.filter(({ kind }) => kind === "file").length;
    const usable = this.journals.filter((journal) => journal.isUsable);
    this.joinPolicy = usable.length === files ? usable[0]?.budget : undefined;
  }

  flushSync(): void {
    for (const sink of this.#sinks) sink.flushSync();
  }

  /** How far each sink is, when every one has had its time. `isExit`: see `Sink`. */
  flush(deadlineMillis: number, isExit = false): Promise<readonly SinkDelivery[]> {
    const sinks = this.#sinks;
    return Promise.all(this.#specs.map((spec, at) => deliver(sinks[at] as Sink, spec, deadlineMillis, isExit)));
  }

  /** Forgets what is buffered. */
  discard(): void {
    for (const sink of this.#sinks) sink.takeBacklog?.();
  }

  /** Returns the first error of a sink at its end. */
  close(patience?: Patience): Error | undefined {
    if (this.#isClosed) return undefined;
    this.#isClosed = true;
    const error = this.#release(this.#sinks, this.#specs, this.journals, patience);
    this.journals = [];
    return error;
  }

  #buffer(spec?: BufferSpec): BufferedSink {
    const onLost = (lost: LostMessage) => this.#onLost(lost, this.#isClosed ? "no-sink" : "overflow");
    return new BufferedSink(onLost, { budget: this.#budget, maxBytes: spec?.maxBytes, overflow: spec?.overflow });
  }

  #acquire(spec: SinkSpec): Sink {
    return spec.kind === "buffer" ? this.#buffer(spec) : this.#pool.acquire(spec);
  }

  #acquireJournals(specs: readonly SinkSpec[], isWanted: (spec: FileSinkSpec) => boolean): void {
    const table = this.#journalTable;
    if (table === undefined) return;
    const journals = [...this.journals];
    for (const spec of specs) {
      if (spec.kind !== "file" || !isWanted(spec) || journals.some(({ path }) => path === spec.path)) continue;
      journals.push(table.acquire(spec.path, this.#sinks[this.#specs.indexOf(spec)] as FileSink));
    }
    this.journals = journals;
    this.refreshPolicy();
  }

  /** A journal goes after its file is complete. */
  #release(
    sinks: readonly Sink[],
    specs: readonly SinkSpec[],
    journals: readonly Journal[],
    patience?: Patience,
  ): Error | undefined {
    let error: Error | undefined;
    for (const sink of sinks) sink.flushSync();
    if (specs.length === 0) for (const sink of sinks) sink.close();
    specs.forEach((spec, at) => {
      if (spec.kind !== "buffer") {
        const failed = this.#pool.release(spec, patience);
        error ??= failed;
      } else sinks[at]?.close();
    });
    for (const { path } of journals) this.#journalTable?.release(path);
    return error;
  }
}

/** Viewers choose a layout for a recording as soon as they hear of it: what it is to be shown with comes before. */
function layoutsFirst(messages: readonly LogMessage[]): readonly LogMessage[] {
  const isLayout = ({ store }: LogMessage): boolean => store.kind === "blueprint";
  return [...messages.filter(isLayout), ...messages.filter((message) => !isLayout(message))];
}
