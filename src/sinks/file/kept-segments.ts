import type { ClosedSegment, FileSinkSpec } from "../sink.ts";
import { type FileLayer, removeFile } from "./file-layer.ts";
import { removeJournals } from "./journal-file.ts";

/** The closed segments of a run. The oldest are removed when they are more than `retain`, or too large for `maxBytes`. */
export class KeptSegments {
  readonly #maxBytes: number;
  readonly #retain: number;
  readonly #files: FileLayer;
  /** Never changed, but replaced: another writer may be told of it later. Where all stay, only the newest. */
  #segments: readonly ClosedSegment[];
  #removedRows: number;

  constructor({ maxBytes, retain, resume }: FileSinkSpec, files: FileLayer) {
    this.#maxBytes = maxBytes ?? Number.POSITIVE_INFINITY;
    this.#retain = retain ?? Number.POSITIVE_INFINITY;
    this.#files = files;
    this.#segments = resume?.kept ?? [];
    this.#removedRows = resume?.removedRows ?? 0;
  }

  /** Of segments that are removed. */
  get removedRows(): number {
    return this.#removedRows;
  }

  /** The oldest first. */
  get all(): readonly ClosedSegment[] {
    return this.#segments;
  }

  /** Somebody else removed a segment that had so many. */
  lost(rows: number): void {
    this.#removedRows += rows;
  }

  add(segment: ClosedSegment): void {
    const isLimited = this.#maxBytes < Number.POSITIVE_INFINITY || this.#retain < Number.POSITIVE_INFINITY;
    this.#segments = isLimited ? [...this.#segments, segment] : [segment];
  }

  /** The journal stays beside the newest: it has so many bytes, and as many more rows that were to come into it. */
  addJournal(journalBytes: number, rows: number): void {
    const newest = this.#segments.at(-1);
    if (newest === undefined) return;
    this.#segments = [...this.#segments.slice(0, -1), { ...newest, journalBytes, rows: newest.rows + rows }];
  }

  /** The newest is gone: it had no row. */
  forgetNewest(): void {
    this.#segments = this.#segments.slice(0, -1);
  }

  /** Makes room for one that will have so many bytes. The newest stays whatever it has: the current one may have no row yet. */
  makeRoom(needed: number): void {
    const segments = [...this.#segments];
    let bytes = segments.reduce((sum, segment) => sum + sizeOf(segment), 0);
    while (segments.length >= this.#retain || (segments.length > 1 && bytes > this.#maxBytes - needed)) {
      const oldest = segments.shift();
      if (oldest === undefined) break;
      bytes -= sizeOf(oldest);
      this.#removedRows += oldest.rows;
      removeFile(this.#files, oldest.path);
      removeJournals(this.#files, oldest.path);
    }
    this.#segments = segments;
  }
}

function sizeOf({ bytes, journalBytes = 0 }: ClosedSegment): number {
  return bytes + journalBytes;
}
