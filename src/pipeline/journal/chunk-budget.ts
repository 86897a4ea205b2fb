import type { JoinPolicy } from "../entity-rows.ts";

/** What makes the first chunks of a file worth their price: of 1,000 scalars it is one byte a row in twenty-seven. */
const ROWS = 1024;
const BYTES = 64 << 10;
const AGE_MILLIS = 2000;

/** Rows are never kept back longer than this part of the time the file has been written. */
const AGE_PER_RUN = 1 / 200;

/** All thresholds double every 2,000 · ln 2 = 1,386 chunks. */
const CHUNKS_PER_E = 2000;

/** A chunk beyond these is large enough for every reader. */
const MAX_ROWS = 64 << 10;
const MAX_BYTES = 1 << 20;

/**
 * When rows are worth a chunk in a file whose rows are safe in a journal. A chunk costs 12 µs, 1.1 KB and 4–5 ms of loading in a
 * viewer, so a file may have only so many of them however long it is written: the more there are, the more the next must hold.
 *
 *   growth = e^(chunks / 2,000)          rows ≥ 1,024 · growth │ bytes ≥ 64 KiB · growth │ age ≥ max(2 s · growth, run / 200)
 *
 * So n grows with the logarithm of the work: n = 2,000 · ln(1 + w / 2,000), where w is what the first thresholds would make of it. A
 * fixed age of run / 200 alone makes 1,275 chunks a day of each slow entity: 38,000 of the thirty gauges of a process.
 */
export class ChunkBudget implements JoinPolicy {
  rows = ROWS;
  bytes = BYTES;
  readonly #startedAt: number;
  #now: number;
  #chunks = 0;
  #growth = 1;

  /** @param now `performance.now()` of the first row. */
  constructor(now: number) {
    this.#startedAt = now;
    this.#now = now;
  }

  get ageMillis(): number {
    return Math.max(AGE_MILLIS * this.#growth, (this.#now - this.#startedAt) * AGE_PER_RUN);
  }

  /** A chunk went into the file. */
  chunk(): void {
    this.#chunks += 1;
    this.#growth = Math.exp(this.#chunks / CHUNKS_PER_E);
    this.rows = Math.min(MAX_ROWS, ROWS * this.#growth);
    this.bytes = Math.min(MAX_BYTES, BYTES * this.#growth);
  }

  /** Called each tick. */
  tick(now: number): void {
    this.#now = now;
  }
}
