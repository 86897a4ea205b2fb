import { existsSync } from "node:fs";
import { RerunError } from "../../errors.ts";

/** More names in a row than this are not tried. */
const MAX_TAKEN = 100_000;

const PART = ".part";

/** Where an atomic file is until it is complete. */
export function partOf(path: string): string {
  return path + PART;
}

/** Where a segment belongs that was written there. */
export function completeOf(path: string): string {
  return path.endsWith(PART) ? path.slice(0, -PART.length) : path;
}

/** A path without its ending. */
export function stemOf(path: string): string {
  return path.replace(/\.(rrd|rbl)$/i, "");
}

/** The names of the segments of one file: `shop.rrd`, `shop.2.rrd`, …; with `.part` behind them while they are written, if atomic. */
export class SegmentNames {
  /** Of the current segment, from 1 on. */
  no = 1;
  readonly #path: string;
  readonly #isAtomic: boolean;

  constructor(path: string, isAtomic: boolean) {
    this.#path = path;
    this.#isAtomic = isAtomic;
  }

  /** Where the first segment is written. */
  get written(): string {
    return this.#isAtomic ? partOf(this.#path) : this.#path;
  }

  /** Where a segment belongs when it is complete. */
  final(path: string): string {
    return this.#isAtomic ? completeOf(path) : path;
  }

  /**
   * Takes the next name that is free; files that are there already are not touched.
   * @throws what `create` throws, but for EEXIST
   */
  next(create: (path: string) => number): { readonly fd: number; readonly path: string } {
    const before = this.no;
    const stem = stemOf(this.#path);
    while (++this.no <= before + MAX_TAKEN) {
      const name = `${stem}.${this.no}${this.#path.slice(stem.length)}`;
      const path = this.#isAtomic ? partOf(name) : name;
      if (existsSync(path) || (this.#isAtomic && existsSync(name))) continue;
      try {
        return { fd: create(path), path };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
        this.no = before;
        throw error;
      }
    }
    this.no = before;
    throw new RerunError(
      "ERR_RERUN_FILE",
      `${MAX_TAKEN} files with names of segments of ${this.#path} are there already; move them elsewhere`,
    );
  }

  /** The name taken last is free again. */
  back(): void {
    this.no -= 1;
  }
}
