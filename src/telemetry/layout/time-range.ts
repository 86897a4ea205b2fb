const HOUR = 3_600_000_000_000n;

/**
 * The times of a recording. One row days away would make "the entire timeline" of every view useless, so what lies more than an
 * hour outside of everything before is in the span table only.
 */
export class TimeRange {
  #from: bigint | undefined;
  #to = 0n;

  /** Whether the time belongs to the recording, whose range then includes it. Nanoseconds since the Unix epoch. */
  accepts(time: bigint): boolean {
    if (this.#from === undefined) {
      this.#from = time;
      this.#to = time;
      return true;
    }
    if (time < this.#from - HOUR || time > this.#to + HOUR) return false;
    if (time < this.#from) this.#from = time;
    if (time > this.#to) this.#to = time;
    return true;
  }

  /** Time passes while nothing is recorded. */
  reach(now: bigint): void {
    if (this.#from !== undefined && now > this.#to) this.#to = now;
  }

  /** The latest time. */
  get end(): bigint {
    return this.#to;
  }
}
