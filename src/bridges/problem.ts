/** Where something was found. Lines and columns count from 1, offsets from 0, in bytes of the decompressed input. */
export interface Position {
  readonly offset: number;
  /** JSON only. */
  readonly line?: number;
  readonly column?: number;
}

/** A part of the input that was left out, and why. */
export interface ConvertProblem extends Position {
  /** The file, where it has a name. */
  readonly source?: string;
  readonly reason: string;
}

/** `line 2, column 1` or, where there are no lines, `byte 4711`. */
export function placeOf({ line, column, offset }: Position): string {
  return line === undefined ? `byte ${offset}` : `line ${line}, column ${column ?? 1}`;
}

/** Problems beyond this many are counted only (I7). */
const MAX_PROBLEMS = 100;

/** Collects what was left out. */
export class Problems {
  readonly list: ConvertProblem[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(problem: ConvertProblem): void {
    if (this.#count++ < MAX_PROBLEMS) this.list.push(problem);
  }
}
