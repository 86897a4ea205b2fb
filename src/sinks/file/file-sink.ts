import { RerunError } from "../../errors.ts";
import { now as monotonicNow } from "../../real-time.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import type { FileSinkSpec, LostMessage, Sink, SinkStatus } from "../sink.ts";
import { rowsOf, SinkTally } from "../sink-tally.ts";
import { nodeFiles } from "./file-layer.ts";
import type { FileSegment } from "./file-segment.ts";
import type { FileJournal, FileSinkOptions } from "./file-sink-options.ts";
import { FileWatch } from "./file-watch.ts";
import type { JournalFile } from "./journal-file.ts";
import { SegmentJournals } from "./segment-journals.ts";
import { SegmentRun } from "./segment-run.ts";
import { SyncSchedule } from "./sync-schedule.ts";

/** After a failed write a new segment is tried this often. */
const RESUME_MILLIS = 1000;

/**
 * A recording file, and the segments that follow when it is full (`rotateBytes`, `maxBytes`), old (`rotateMillis`) or could not be written (I2).
 *
 *   message ─▶ segment ─▶ file          full, old ─▶ the next of the run          failed ─▶ none ── each second ─▶ the next of the run
 *
 * Nothing here throws: the first error is kept in `status`, what could not be written is counted, and a new segment is tried
 * each second until there is space again. Rows that are in the journal are not lost with their chunk: it stays beside the segment.
 */
export class FileSink implements Sink {
  /** With one it is the journal that rotates, when every row is in a chunk: a row would be beside one segment and in the next. */
  journal: FileJournal | undefined;
  readonly #spec: FileSinkSpec;
  readonly #now: () => number;
  readonly #tally: SinkTally;
  readonly #run: SegmentRun;
  readonly #syncs: SyncSchedule;
  readonly #watch: FileWatch;
  #segment: FileSegment | undefined;
  readonly #journals: SegmentJournals;
  #resumeAt = 0;
  #isClosed = false;
  /** The segment is whole, but somewhere else. */
  #isMoved = false;

  constructor(spec: FileSinkSpec, options: FileSinkOptions = {}) {
    const { files = nodeFiles, now = monotonicNow, onWarning, onSegment, loadReader } = options;
    this.#spec = spec;
    this.#now = now;
    this.#journals = new SegmentJournals(files);
    this.#tally = new SinkTally(options.onLost);
    const onLost = (lost: LostMessage, journaledRows: number): void => this.#lose(lost, journaledRows);
    this.#run = new SegmentRun(spec, { files, now, onLost, onWarning, onSegment, loadReader });
    this.#syncs = new SyncSchedule(spec.fsync ?? "never", now, () => this.#syncLater());
    this.#watch = new FileWatch(now, onWarning);
    this.#segment = this.#opened(() => this.#run.first());
  }

  /** How another writer goes on with what is written by now. */
  get resumable(): FileSinkSpec {
    return this.#run.resumable(this.#segment);
  }

  get status(): SinkStatus {
    const state = this.#isClosed ? "closed" : this.#segment === undefined ? "failing" : "open";
    const status = this.#tally.status("file", state, this.#segment?.queuedBytes ?? 0);
    const { removedRows } = this.#run;
    return removedRows === 0 ? status : { ...status, removedRows };
  }

  get segmentNo(): number {
    return this.#run.count;
  }

  /** Size at which a segment ends. */
  get segmentBytes(): number {
    return this.#run.segmentBytes;
  }

  /** There is no segment: what is written now is lost, or begins the next one. */
  get isFailing(): boolean {
    return this.#segment === undefined && !this.#isClosed;
  }

  get isRotationDue(): boolean {
    return this.#segment !== undefined && (this.#isMoved || this.#run.isFull(this.#segment));
  }

  write(message: LogMessage, rowIds?: Uint8Array): void {
    const segment = this.#isClosed ? undefined : (this.#segment ?? this.#resume());
    const journaledRows = rowIds === undefined ? 0 : (this.journal?.rowsOnDisk(rowIds) ?? 0);
    if (segment === undefined) {
      this.#lose({ store: message.store, rows: rowsOf(message) }, journaledRows);
      if (journaledRows > 0) this.#run.keptJournal(this.#journals.keptBytes, journaledRows);
    } else {
      this.#tally.took(message);
      segment.write(message, false, journaledRows);
    }
    this.#run.observe(message);
    this.#check();
    if (this.journal === undefined && this.isRotationDue) this.rotate();
  }

  drained(): void {
    this.#hand();
    this.#syncs.written(this.#segment?.isDirty === true);
    if (this.journal === undefined && this.isRotationDue) this.rotate();
  }

  flushSync(): void {
    this.#hand();
    if (this.#syncs.isAtFlush) this.#sync();
  }

  async flush(): Promise<void> {
    this.flushSync();
    if (this.#segment === undefined && !this.#isClosed) throw this.#tally.error;
  }

  finalize(): void {
    this.#end((segment) => segment.finish());
  }

  close(): void {
    this.#end((segment) => segment.flush());
  }

  /** Ends the segment and begins the next; the oldest are removed when there are too many. */
  rotate(): void {
    const segment = this.#segment;
    if (segment === undefined) return;
    this.#complete(segment, () => segment.finish());
    this.#goOn();
  }

  /**
   * Begins a generation of the journal beside the current segment.
   * @throws as `node:fs`, or when no segment can be written now
   */
  openJournal(generation: number): JournalFile {
    if (this.#segment === undefined) {
      throw new RerunError("ERR_RERUN_SINK", `${this.#spec.path} cannot be written now`, { cause: this.#tally.error });
    }
    return this.#journals.begin(this.#segment.path, generation, this.#run.mode);
  }

  #goOn(): void {
    this.#segment = this.#opened(() => this.#run.next());
    this.#run.makeRoom();
    this.#hand(); // what it begins with: it opens from now on, and another writer finds as much as it is told
  }

  #look(): void {
    const segment = this.#segment;
    if (segment === undefined || this.#isMoved || segment.queuedBytes === 0) return;
    const meddling = this.#watch.look(segment);
    if (meddling === "moved") this.#isMoved = true;
    else if (meddling !== undefined) {
      this.#giveUp(segment);
      this.#goOn();
    }
  }

  /** What is in it cannot be found any more, and nothing that comes could. */
  #giveUp(segment: FileSegment): void {
    this.#segment = undefined;
    this.#run.lost(segment.rows);
    segment.close();
  }

  /** To the operating system. */
  #hand(): void {
    this.#look();
    this.#segment?.flush();
    this.#check();
  }

  #sync(): void {
    this.#segment?.sync();
    this.#check();
  }

  #syncLater(): void {
    this.#segment?.syncLater();
    this.#journals.syncLater();
  }

  #end(how: (segment: FileSegment) => void): void {
    const segment = this.#segment;
    this.#isClosed = true;
    this.#syncs.stop();
    if (segment !== undefined) {
      const meddling = this.#watch.look(segment, true);
      this.#isMoved ||= meddling === "moved";
      if (meddling === undefined || this.#isMoved) this.#complete(segment, () => how(segment));
      else this.#giveUp(segment);
    }
    this.#run.removeUnused();
  }

  #complete(segment: FileSegment, how: () => void): void {
    how();
    if (this.#syncs.isAtEnd) this.#sync();
    this.#check();
    if (this.#segment !== undefined) this.#leave(segment);
  }

  #lose({ store, rows }: LostMessage, journaledRows: number): void {
    this.#tally.lose({ store, rows: rows - journaledRows });
    if (journaledRows > 0) this.#journals.keep();
  }

  /** A segment that failed is given up. */
  #check(): void {
    const segment = this.#segment;
    if (segment?.error === undefined) return;
    this.#leave(segment);
    this.#resumeAt = this.#now() + RESUME_MILLIS;
  }

  #leave(segment: FileSegment): void {
    this.#segment = undefined;
    segment.close();
    if (segment.error !== undefined) this.#fail(segment, segment.error);
    try {
      const path = this.#isMoved ? segment.path : this.#run.ended(segment);
      if (!this.#isMoved && this.#journals.segment === segment.path) this.#run.keptJournal(this.#journals.keptBytes, 0);
      this.#journals.follow(segment.path, path);
    } catch (error) {
      this.#fail(segment, error as Error);
    }
  }

  #fail({ path }: FileSegment, cause: Error): void {
    this.#tally.error = new RerunError("ERR_RERUN_SINK", `${path} could not be written: ${cause.message}`, { cause });
  }

  #resume(): FileSegment | undefined {
    if (this.#now() < this.#resumeAt || this.journal?.isUsable === true) return undefined;
    this.#resumeAt = this.#now() + RESUME_MILLIS;
    this.#segment = this.#opened(() => this.#run.tryNext());
    return this.#segment;
  }

  #opened(open: () => FileSegment | undefined): FileSegment | undefined {
    this.#isMoved = false;
    this.#watch.begins();
    try {
      return open();
    } catch (error) {
      this.#tally.error = error as Error;
      return undefined;
    }
  }
}
