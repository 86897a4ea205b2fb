import { bytesText } from "../../bytes/byte-size.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import { type Prelude, preludeFor } from "../prelude.ts";
import type { FileSinkSpec, LostMessage } from "../sink.ts";
import { type BegunFile, firstFile } from "./begun-file.ts";
import { type FileLayer, removeFile } from "./file-layer.ts";
import { FileSegment } from "./file-segment.ts";
import { removeJournals } from "./journal-file.ts";
import { KeptSegments } from "./kept-segments.ts";
import { LATER } from "./open-file.ts";
import { type LoadReader, type WrittenBefore, writtenBefore } from "./read-back.ts";
import { SegmentNames } from "./segment-names.ts";

/** With `maxBytes` alone, a segment is a quarter of it: at least three quarters of what may be kept are always there. */
const SEGMENTS_PER_RUN = 4;

export interface SegmentRunOptions {
  readonly files: FileLayer;
  readonly now: () => number;
  /** Told of messages of a segment that are lost, with how many of their rows a journal has. */
  readonly onLost: (lost: LostMessage, journaledRows: number) => void;
  /** Told once that a limit cannot be kept. */
  readonly onWarning: ((message: string) => void) | undefined;
  /** The file of the next segment is about to be made, where there is none. */
  readonly onSegment: ((path: string) => void) | undefined;
  /** See `FileSinkOptions`. */
  readonly loadReader: LoadReader | undefined;
}

/**
 * The segments of one file, one after the other: what they are called, what each begins with, which are removed.
 *
 *   shop.rrd │ shop.2.rrd │ shop.3.rrd …      each begins with the prelude and opens on its own; the oldest are removed
 */
export class SegmentRun {
  readonly #spec: FileSinkSpec;
  readonly #options: SegmentRunOptions;
  readonly #files: FileLayer;
  readonly #names: SegmentNames;
  #prelude: Prelude;
  /** What is not in the prelude yet. */
  #before: WrittenBefore | undefined;
  readonly #segmentBytes: number;
  readonly #kept: KeptSegments;
  #mode = 0o666;
  #count = 1;
  /** By this run, the last one: not the file itself, nor what it was told to go on with. */
  #made: FileSegment | undefined;
  /** What the segment began with: the prelude. */
  #headBytes = 0;
  #openedAt: number;
  /** The newest segment, which failed before it had a row: it goes when the next is tried, and its journal has been given up. */
  #unused: string | undefined;
  #isLimitTold = false;

  constructor(spec: FileSinkSpec, options: SegmentRunOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#files = options.files;
    this.#names = new SegmentNames(spec.path, spec.isAtomic === true);
    this.#segmentBytes = spec.rotateBytes ?? (spec.maxBytes ?? Number.POSITIVE_INFINITY) / SEGMENTS_PER_RUN;
    this.#prelude = preludeFor(this.#segmentBytes);
    this.#kept = new KeptSegments(spec, this.#files);
    this.#openedAt = options.now();
    this.#names.no = spec.resume?.segmentNo ?? 1;
    this.#before = spec.resume && writtenBefore(spec.resume, options.loadReader);
  }

  /** Segments that were begun. */
  get count(): number {
    return this.#count;
  }

  /** Permissions of its files. */
  get mode(): number {
    return this.#mode;
  }

  /** Of segments that were removed. */
  get removedRows(): number {
    return this.#kept.removedRows;
  }

  /** Size at which a segment ends. At least half of it is new: else a large prelude would push the rows out of a run that is small. */
  get segmentBytes(): number {
    return Math.max(this.#segmentBytes, 2 * this.#headBytes);
  }

  /** The segment has its size or age, and something in it. */
  isFull({ rows, position }: FileSegment): boolean {
    if (rows === 0) return false;
    const { rotateMillis = Number.POSITIVE_INFINITY } = this.#spec;
    return position >= this.segmentBytes || this.#options.now() - this.#openedAt >= rotateMillis;
  }

  /** How another writer goes on with the run, and with the segment that is written now. */
  resumable(segment: FileSegment | undefined): FileSinkSpec {
    const begun = segment && { path: segment.path, byteLength: segment.position, rows: segment.rows };
    const { all: kept, removedRows } = this.#kept;
    const resume = { segmentNo: this.#names.no, ...(begun && { segment: begun }), kept, removedRows };
    return { ...this.#spec, fd: LATER, resume };
  }

  /** What each segment begins with is taken from all that is written. */
  observe(message: LogMessage): void {
    this.#prelude.observe(message);
  }

  /** The journal stays beside the segment that ended last: it has so many bytes, and as many more rows that were to come into it. */
  keptJournal(bytes: number, rows: number): void {
    this.#kept.addJournal(bytes, rows);
    if (rows > 0) this.#unused = undefined;
  }

  /** Somebody else removed a segment that had so many. */
  lost(rows: number): void {
    this.#kept.lost(rows);
  }

  /** Where the run begins, or goes on after another writer. @throws as `node:fs`, RerunError ERR_RERUN_SINK */
  first(): FileSegment {
    const file = firstFile(this.#files, this.#spec, this.#names, this.#before);
    this.#mode = file.mode;
    return this.#open(file);
  }

  /** The next segment, with the prelude in it. @throws as `node:fs`, RerunError ERR_RERUN_FILE */
  next(): FileSegment {
    const file = this.#names.next((name) => {
      this.#options.onSegment?.(name);
      return this.#files.create(name, this.#mode);
    });
    removeJournals(this.#files, file.path); // of a segment that somebody has removed
    const segment = this.#open(file);
    this.#count += 1;
    this.#made = segment;
    this.#openedAt = this.#options.now();
    if (this.#before?.isReadable === true) this.#recall(this.#before);
    this.#prelude.replay((message) => segment.write(message, true));
    this.#headBytes = segment.position;
    this.#checkLimit();
    return segment;
  }

  /** The next after one that failed, if there is space again: if the prelude fits. @throws as `next` */
  tryNext(): FileSegment | undefined {
    this.removeUnused();
    const segment = this.next();
    segment.flush();
    if (segment.isUsable) return segment;
    segment.close();
    removeFile(this.#files, segment.path);
    this.#names.back();
    return undefined;
  }

  /** The segment is closed. Returns where it is from now on. @throws as `node:fs`: it stays under the name it was written */
  ended(segment: FileSegment): string {
    const path = this.#names.final(segment.path);
    this.#kept.add({ path, bytes: segment.position, rows: segment.rows });
    // one that another writer began has rows that are not counted here
    const isOwn = segment === this.#made;
    this.#unused = isOwn && segment.error !== undefined && segment.rows === 0 ? path : undefined;
    if (path === segment.path) return path;
    removeJournals(this.#files, path); // of what was there before
    this.#files.rename(segment.path, path);
    return path;
  }

  removeUnused(): void {
    if (this.#unused === undefined) return;
    removeFile(this.#files, this.#unused);
    this.#kept.forgetNewest();
    this.#names.back();
    this.#unused = undefined;
  }

  /** Removes the oldest when there are too many, or too large ones for one more. */
  makeRoom(): void {
    this.#kept.makeRoom(this.segmentBytes);
  }

  /** What the writer before knew comes first: what came since may take its place. */
  #recall(before: WrittenBefore): void {
    const since = this.#prelude;
    this.#before = undefined;
    this.#prelude = preludeFor(this.#segmentBytes);
    before.each((message) => this.#prelude.observe(message));
    since.replay((message) => this.#prelude.observe(message));
  }

  #open(file: BegunFile): FileSegment {
    return new FileSegment(file, this.#files, this.#spec.writeFooter, this.#options.onLost);
  }

  #checkLimit(): void {
    const { path, maxBytes = Number.POSITIVE_INFINITY } = this.#spec;
    const needed = 2 * this.segmentBytes;
    if (needed <= maxBytes || this.#isLimitTold) return;
    this.#isLimitTold = true;
    this.#options.onWarning?.(
      `${path} takes ${bytesText(needed)} and more, beyond its limit of ${bytesText(maxBytes)}: each segment begins with ${bytesText(this.#headBytes)} that make it open on its own, and the newest two stay; give it a larger limit`,
    );
  }
}
