import { type FileLayer, removeFile } from "./file-layer.ts";
import { removeJournals } from "./journal-file.ts";
import type { FileSinkSpec } from "./sink.ts";

interface ClosedSegment {
  readonly path: string;
  readonly bytes: number;
  /** In it, and in the journal that was left beside it. */
  rows: number;
}

/** The closed segments of a run. The oldest are removed when they are more than `retain`, or too large for `maxBytes`. */
export class KeptSegments {
  /** Of segments that are removed. */
  removedRows = 0;
  readonly #maxBytes: number;
  readonly #retain: number;
  readonly #files: FileLayer;
  readonly #segments: ClosedSegment[] = [];

  constructor({ maxBytes, retain }: FileSinkSpec, files: FileLayer) {
    this.#maxBytes = maxBytes ?? Number.POSITIVE_INFINITY;
    this.#retain = retain ?? Number.POSITIVE_INFINITY;
    this.#files = files;
  }

  add(segment: ClosedSegment): void {
    this.#segments.push(segment);
  }

  /** The journal beside the newest has rows that were to come into it. */
  addRows(rows: number): void {
    const newest = this.#segments.at(-1);
    if (newest !== undefined) newest.rows += rows;
  }

  /** The newest is gone: it had no row. */
  forgetNewest(): void {
    this.#segments.pop();
  }

  /** Makes room for one that will have so many bytes. The newest stays whatever it has: the current one may have no row yet. */
  makeRoom(needed: number): void {
    const segments = this.#segments;
    let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    while (segments.length >= this.#retain || (segments.length > 1 && bytes > this.#maxBytes - needed)) {
      const oldest = segments.shift();
      if (oldest === undefined) return;
      bytes -= oldest.bytes;
      this.removedRows += oldest.rows;
      removeFile(this.#files, oldest.path);
      removeJournals(this.#files, oldest.path);
    }
  }
}
