import { bytesText } from "../bytes/byte-size.ts";
import { RerunError } from "../errors.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import type { AddChunk, BegunStream } from "../rrd/rrd-file-writer.ts";
import { type FileLayer, nodeFiles, removeFile, stateOf } from "./file-layer.ts";
import { FileSegment } from "./file-segment.ts";
import { JournalFile, journalPaths, removeJournals } from "./journal-file.ts";
import { KeptSegments } from "./kept-segments.ts";
import { LATER } from "./open-file.ts";
import { type Prelude, preludeFor } from "./prelude.ts";
import { type LoadReader, readBack } from "./read-back.ts";
import { SegmentNames } from "./segment-names.ts";
import type { FileSinkSpec, LostMessage, OnLost, Sink, SinkStatus } from "./sink.ts";
import { rowsOf, SinkTally } from "./sink-tally.ts";
import { SyncSchedule } from "./sync-schedule.ts";

/** After a failed write a new segment is tried this often. */
const RESUME_MILLIS = 1000;

/** With `maxBytes` alone, a segment is a quarter of it: at least three quarters of what may be kept are always there. */
const SEGMENTS_PER_RUN = 4;

export interface FileSinkOptions {
  readonly files?: FileLayer;
  readonly now?: () => number;
  readonly onLost?: OnLost;
  /** Told once that a limit cannot be kept. */
  readonly onWarning?: (message: string) => void;
  /** Limit of a journal, both generations together. Default: that of `Journal`. */
  readonly journalBytes?: number;
  /** A recording has left the file of that path. Default: this thread's table of open files is told. */
  readonly onReleased?: (path: string) => void;
  /** For the footer of a file that another writer began. Default: such a file has none. */
  readonly loadReader?: LoadReader;
}

/** Beside a file: it decides when the file rotates, because accumulators have to be flushed before. */
export interface FileJournal {
  /** It has not heard that the segment failed: its rows would come into the next one and be in both. */
  readonly isUsable: boolean;
  /** How many of these rows it has on disk. */
  rowsOnDisk(rowIds: Uint8Array): number;
}

/**
 * A recording file, and the segments that follow when it is full (`rotateBytes`, `maxBytes`), old (`rotateMillis`) or could not be written (I2).
 *
 *   shop.rrd │ shop.2.rrd │ shop.3.rrd …      each begins with the prelude and opens on its own; the oldest are removed
 *
 * Nothing here throws: the first error is kept in `status`, what could not be written is counted, and a new segment is tried
 * each second until there is space again. Rows that are in the journal are not lost with their chunk: it stays beside the segment.
 */
export class FileSink implements Sink {
  /** With one it is the journal that rotates, when every row is in a chunk: a row would be beside one segment and in the next. */
  journal: FileJournal | undefined;
  readonly #spec: FileSinkSpec;
  readonly #files: FileLayer;
  readonly #now: () => number;
  #mode = 0o666;
  readonly #tally: SinkTally;
  readonly #onWarning: ((message: string) => void) | undefined;
  readonly #names: SegmentNames;
  readonly #loadReader: LoadReader | undefined;
  readonly #prelude: Prelude;
  readonly #segmentBytes: number;
  readonly #segmentMillis: number;
  #segment: FileSegment | undefined;
  /** By this sink, the last one: not the file itself, nor what it was told to go on with. */
  #made: FileSegment | undefined;
  /** What the segment began with: the prelude. */
  #headBytes = 0;
  #segmentNo = 1;
  #isLimitTold = false;
  #openedAt: number;
  readonly #syncs: SyncSchedule | undefined;
  readonly #kept: KeptSegments;
  /** The generations that may be there. */
  #journals: readonly JournalFile[] = [];
  #resumeAt = 0;
  /** The newest segment, which failed before it had a row: it goes when the next is tried, and its journal has been given up. */
  #unused: string | undefined;
  #isClosed = false;

  constructor(spec: FileSinkSpec, options: FileSinkOptions = {}) {
    this.#spec = spec;
    this.#files = options.files ?? nodeFiles;
    this.#now = options.now ?? (() => performance.now());
    this.#tally = new SinkTally(options.onLost);
    this.#onWarning = options.onWarning;
    this.#loadReader = options.loadReader;
    this.#names = new SegmentNames(spec.path, spec.isAtomic === true);
    this.#segmentBytes = spec.rotateBytes ?? (spec.maxBytes ?? Number.POSITIVE_INFINITY) / SEGMENTS_PER_RUN;
    this.#prelude = preludeFor(this.#segmentBytes);
    this.#segmentMillis = spec.rotateMillis ?? Number.POSITIVE_INFINITY;
    this.#openedAt = this.#now();
    if (spec.fsync === "interval") this.#syncs = new SyncSchedule(this.#now, () => this.#syncLater());
    this.#kept = new KeptSegments(spec, this.#files);
    this.#segment = spec.resume === undefined ? this.#first(spec.fd) : this.#reopen(spec.resume);
  }

  /** How another writer goes on with what is written by now. */
  get resumable(): FileSinkSpec {
    const segment = this.#segment && { path: this.#segment.path, byteLength: this.#segment.position };
    return { ...this.#spec, fd: LATER, resume: { segmentNo: this.#names.no, ...(segment && { segment }) } };
  }

  get status(): SinkStatus {
    const state = this.#isClosed ? "closed" : this.#segment === undefined ? "failing" : "open";
    const status = this.#tally.status("file", state, this.#segment?.queuedBytes ?? 0);
    const { removedRows } = this.#kept;
    return removedRows === 0 ? status : { ...status, removedRows };
  }

  get segmentNo(): number {
    return this.#segmentNo;
  }

  /** Size at which a segment ends. At least half of it is new: else a large prelude would push the rows out of a run that is small. */
  get segmentBytes(): number {
    return Math.max(this.#segmentBytes, 2 * this.#headBytes);
  }

  /** There is no segment: what is written now is lost, or begins the next one. */
  get isFailing(): boolean {
    return this.#segment === undefined && !this.#isClosed;
  }

  get isRotationDue(): boolean {
    const segment = this.#segment;
    if (segment === undefined || segment.rows === 0) return false;
    return segment.position >= this.segmentBytes || this.#now() - this.#openedAt >= this.#segmentMillis;
  }

  write(message: LogMessage, rowIds?: Uint8Array): void {
    const segment = this.#isClosed ? undefined : (this.#segment ?? this.#resume());
    const journaledRows = rowIds === undefined ? 0 : (this.journal?.rowsOnDisk(rowIds) ?? 0);
    if (segment === undefined) {
      this.#lose({ store: message.store, rows: rowsOf(message) }, journaledRows);
      this.#kept.addRows(journaledRows);
      if (journaledRows > 0) this.#unused = undefined;
    } else {
      this.#tally.took(message);
      segment.write(message, false, journaledRows);
    }
    this.#prelude.observe(message);
    this.#check();
    if (this.journal === undefined && this.isRotationDue) this.rotate();
  }

  drained(): void {
    this.#hand();
    this.#syncs?.written(this.#segment?.isDirty === true);
    if (this.journal === undefined && this.isRotationDue) this.rotate();
  }

  flushSync(): void {
    this.#hand();
    if (this.#spec.fsync === "flush") this.#sync();
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
    segment.finish();
    if (this.#isForced) this.#sync();
    this.#check();
    if (this.#segment !== undefined) this.#leave(segment);
    this.#segment = this.#next();
    this.#kept.makeRoom(this.segmentBytes);
  }

  /**
   * Begins a generation of the journal beside the current segment.
   * @throws as `node:fs`, or when no segment can be written now
   */
  openJournal(generation: number): JournalFile {
    if (this.#segment === undefined) {
      throw new RerunError("ERR_RERUN_SINK", `${this.#spec.path} cannot be written now`, { cause: this.#tally.error });
    }
    const path = journalPaths(this.#segment.path)[generation % 2] as string;
    const journal = new JournalFile(path, generation, this.#mode, this.#files);
    this.#journals = [...this.#journals.slice(-1), journal];
    return journal;
  }

  #first(opened: number): FileSegment | undefined {
    const path = this.#names.written;
    try {
      const fd = opened === LATER ? this.#files.append(path) : opened;
      const { mode, size } = stateOf(fd);
      this.#mode = mode;
      return this.#open(size > 0 ? this.#beginAgain(fd, path) : fd, path);
    } catch (error) {
      this.#tally.error = error as Error;
      return undefined;
    }
  }

  /** Another writer began the file, and was gone before it could say so: what it wrote comes once more. */
  #beginAgain(begun: number, path: string): number {
    const fd = this.#files.append(path);
    this.#files.close(begun);
    this.#files.truncate(fd, 0);
    removeJournals(this.#files, path); // their rows are read again, and get ids anew
    return fd;
  }

  #open(fd: number, path: string, resumed?: BegunStream): FileSegment {
    const file = { path, fd, ...(resumed && { resumed }) };
    const onLost = (lost: LostMessage, journaledRows: number): void => this.#lose(lost, journaledRows);
    return new FileSegment(file, this.#files, this.#spec.writeFooter, onLost);
  }

  /** The footer comes if the reader has been loaded by then, which is needed for the chunks that are there already. */
  #reopen({ segment, segmentNo }: NonNullable<FileSinkSpec["resume"]>): FileSegment | undefined {
    this.#names.no = segmentNo;
    if (segment === undefined) {
      this.#tally.error = new RerunError(
        "ERR_RERUN_SINK",
        `${this.#spec.path} could not be written by the writer before`,
      );
      return undefined;
    }
    const { path, byteLength } = segment;
    try {
      const fd = this.#files.append(path);
      this.#mode = stateOf(fd).mode;
      this.#files.truncate(fd, byteLength);
      removeJournals(this.#files, path);
      let read: Awaited<ReturnType<LoadReader>> | undefined;
      void this.#loadReader?.().then((loaded) => {
        read = loaded;
      });
      const earlier = (add: AddChunk): boolean => read !== undefined && readBack(read, path, byteLength, add);
      return this.#open(fd, path, { byteLength, earlier });
    } catch (error) {
      this.#tally.error = error as Error;
      return undefined;
    }
  }

  get #isForced(): boolean {
    return this.#spec.fsync !== undefined && this.#spec.fsync !== "never";
  }

  /** To the operating system. */
  #hand(): void {
    this.#segment?.flush();
    this.#check();
  }

  #sync(): void {
    this.#segment?.sync();
    this.#check();
  }

  #syncLater(): void {
    this.#segment?.syncLater();
    for (const journal of this.#journals) journal.syncLater();
  }

  #end(how: (segment: FileSegment) => void): void {
    const segment = this.#segment;
    this.#isClosed = true;
    this.#syncs?.stop();
    if (segment !== undefined) {
      how(segment);
      if (this.#isForced) this.#sync();
      this.#check();
      if (this.#segment !== undefined) this.#leave(segment);
    }
    this.#removeUnused();
  }

  #lose({ store, rows }: LostMessage, journaledRows: number): void {
    this.#tally.lose({ store, rows: rows - journaledRows });
    if (journaledRows > 0) for (const journal of this.#journals) journal.keep();
  }

  /** A segment that failed is given up. */
  #check(): void {
    const segment = this.#segment;
    if (segment?.error === undefined) return;
    this.#fail(segment, segment.error);
    this.#leave(segment);
    this.#resumeAt = this.#now() + RESUME_MILLIS;
  }

  #fail({ path }: FileSegment, cause: Error): void {
    this.#tally.error = new RerunError("ERR_RERUN_SINK", `${path} could not be written: ${cause.message}`, { cause });
  }

  #resume(): FileSegment | undefined {
    if (this.#now() < this.#resumeAt || this.journal?.isUsable === true) return undefined;
    this.#resumeAt = this.#now() + RESUME_MILLIS;
    this.#removeUnused();
    const segment = this.#next();
    if (segment === undefined) return undefined;
    segment.flush(); // only if the prelude fits is there space again
    if (!segment.isUsable) {
      segment.close();
      removeFile(this.#files, segment.path);
      this.#names.back();
      return undefined;
    }
    this.#segment = segment;
    return segment;
  }

  #leave(segment: FileSegment): void {
    this.#segment = undefined;
    segment.close();
    if (segment.error !== undefined) this.#fail(segment, segment.error);
    const path = this.#names.final(segment.path);
    this.#kept.add({ path, bytes: segment.position, rows: segment.rows });
    // one that another writer began has rows that are not counted here
    const isOwn = segment === this.#made;
    this.#unused = isOwn && segment.error !== undefined && segment.rows === 0 ? path : undefined;
    if (path === segment.path) return;
    try {
      removeJournals(this.#files, path); // of what was there before
      this.#files.rename(segment.path, path);
      for (const journal of this.#journals) journal.follow(segment.path, path);
    } catch (error) {
      this.#fail(segment, error as Error); // it is whole, under the name it was written
    }
  }

  #removeUnused(): void {
    if (this.#unused === undefined) return;
    removeFile(this.#files, this.#unused);
    this.#kept.forgetNewest();
    this.#names.back();
    this.#unused = undefined;
  }

  /** The next segment, with the prelude in it. */
  #next(): FileSegment | undefined {
    try {
      const { fd, path } = this.#names.next((name) => this.#files.create(name, this.#mode));
      removeJournals(this.#files, path); // of a segment that somebody has removed
      const segment = this.#open(fd, path);
      this.#segmentNo += 1;
      this.#made = segment;
      this.#openedAt = this.#now();
      this.#prelude.replay((message) => segment.write(message, true));
      this.#headBytes = segment.position;
      this.#checkLimit();
      return segment;
    } catch (error) {
      this.#tally.error = error as Error;
      return undefined;
    }
  }

  #checkLimit(): void {
    const { path, maxBytes = Number.POSITIVE_INFINITY } = this.#spec;
    const needed = 2 * this.segmentBytes;
    if (needed <= maxBytes || this.#isLimitTold) return;
    this.#isLimitTold = true;
    this.#onWarning?.(
      `${path} takes ${bytesText(needed)} and more, beyond its limit of ${bytesText(maxBytes)}: each segment begins with ${bytesText(this.#headBytes)} that make it open on its own, and the newest two stay; give it a larger limit`,
    );
  }
}
