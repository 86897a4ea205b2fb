import type { FileLayer } from "./file-layer.ts";
import { JournalFile, journalPaths } from "./journal-file.ts";

/** The generations of a journal that may be beside the current segment of a file. */
export class SegmentJournals {
  /** Where that was when the newest was begun. */
  segment: string | undefined;
  readonly #files: FileLayer;
  #generations: readonly JournalFile[] = [];

  constructor(files: FileLayer) {
    this.#files = files;
  }

  /** @throws as `node:fs` */
  begin(segment: string, generation: number, mode: number): JournalFile {
    const path = journalPaths(segment)[generation % 2] as string;
    const journal = new JournalFile(path, generation, mode, this.#files);
    this.#generations = segment === this.segment ? [...this.#generations.slice(-1), journal] : [journal];
    this.segment = segment;
    return journal;
  }

  /** Bytes of those that stay beside their segment. */
  get keptBytes(): number {
    return this.#generations.reduce((sum, { bytes, isKept }) => (isKept ? sum + bytes : sum), 0);
  }

  /** They have rows whose chunks could not be written: they stay beside their segment. */
  keep(): void {
    for (const journal of this.#generations) journal.keep();
  }

  /** The segment has another name now. @throws as `node:fs` */
  follow(from: string, to: string): void {
    if (from !== to) for (const journal of this.#generations) journal.follow(from, to);
  }

  /** To the disk, in the background. */
  syncLater(): void {
    for (const journal of this.#generations) journal.syncLater();
  }
}
