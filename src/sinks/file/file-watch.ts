import type { Meddling } from "./file-layer.ts";
import type { FileSegment } from "./file-segment.ts";

/** So often at most it is looked at: 5 µs. A file that is complete before is not, which of a request would be one in twenty. */
const LOOK_MILLIS = 250;

const WHAT: Record<Meddling, string> = {
  moved: "moved or replaced while it was written: what was recorded until now is where it was moved to",
  removed: "removed while it was written",
  cut: "cut while it was written",
};

/**
 * Notices what somebody else does to the file that is being written: rows that were in it count as removed, and the recording goes on
 * in the next segment. Told once, with what to do instead.
 */
export class FileWatch {
  readonly #now: () => number;
  readonly #onWarning: ((message: string) => void) | undefined;
  #begunAt = 0;
  #lookedAt = 0;
  #isTold = false;

  constructor(now: () => number, onWarning: ((message: string) => void) | undefined) {
    this.#now = now;
    this.#onWarning = onWarning;
  }

  /** It is another file from now on; to be called for the first, too. */
  begins(): void {
    this.#begunAt = this.#now();
    this.#lookedAt = this.#begunAt;
  }

  /** `isLast`: nothing comes any more. */
  look(segment: FileSegment, isLast = false): Meddling | undefined {
    const now = this.#now();
    if (now - (isLast ? this.#begunAt : this.#lookedAt) < LOOK_MILLIS) return undefined;
    this.#lookedAt = now;
    const meddling = segment.meddling;
    if (meddling !== undefined && !this.#isTold) {
      this.#isTold = true;
      const gone = meddling === "moved" ? "" : `, and ${segment.rows} rows with it, unless there is a copy`;
      this.#onWarning?.(
        `${segment.path} was ${WHAT[meddling]}${gone}; let the recording begin new files itself, by rotateBytes or rotateMillis with retain or maxBytes`,
      );
    }
    return meddling;
  }
}
