import type { Span } from "../model.ts";
import { millis } from "./labels.ts";
import { hasFailed } from "./span-facts.ts";

/** Buckets grow by this factor, so a quantile is right to about 5 %. */
const GROWTH = 1.1;
/** Durations below are one bucket, in ms. */
const SMALLEST = 0.001;

/**
 * Count, errors and quantiles of durations in constant memory: exponential buckets from a microsecond up, about 200 for
 * everything below an hour (I7).
 */
export class RouteStatistics {
  count = 0;
  errors = 0;
  max = 0;
  readonly #buckets: number[] = [];

  add(root: Span): void {
    const duration = millis(root.endTime - root.startTime);
    this.count++;
    if (hasFailed(root)) this.errors++;
    if (duration > this.max) this.max = duration;
    const bucket = Math.max(0, Math.ceil(Math.log(Math.max(duration, SMALLEST) / SMALLEST) / Math.log(GROWTH)));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  /** In ms; the middle of the bucket, never above the maximum. */
  quantile(q: number): number {
    let rest = q * this.count;
    for (let i = 0; i < this.#buckets.length; i++) {
      rest -= this.#buckets[i] ?? 0;
      if (rest <= 0 && this.#buckets[i]) return Math.min(this.max, SMALLEST * GROWTH ** (i - 0.5));
    }
    return this.max;
  }
}
