/** Something in a file that could not be read; all else was. */
export interface RrdProblem {
  /**
   * `cut`: the file ends inside of a message, as it does when its process was killed. `damaged`: a message that is whole but
   * cannot be understood. `unknown`: something we do not know, left out. `index`: the index at the end is of no use, or
   * the file ends inside of it, which costs time and no data. `journal`: rows that were on their way into the file when its
   * process was killed (at most those of one tick); `offset` says nothing then.
   */
  readonly kind: "cut" | "damaged" | "unknown" | "index" | "journal";
  /** Of its first byte, from the beginning of the file. */
  readonly offset: number;
  /** Bytes that were left out. */
  readonly length: number;
  readonly message: string;
}
