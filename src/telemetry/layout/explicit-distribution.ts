import type { Buckets, Distribution } from "./distribution.ts";

/** Ranges that were given with the instrument. */
export class ExplicitDistribution implements Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: readonly number[];

  constructor(bounds: readonly number[], counts: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = counts;
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Of other buckets nothing can be added: the result is this. */
  plus(other: Distribution): Distribution {
    return this.#with(other, 1) ?? this;
  }

  since(before: Distribution): Distribution | undefined {
    const difference = this.#with(before, -1);
    return difference?.buckets().counts.some((count) => count < 0) ? undefined : difference;
  }

  buckets(): Buckets {
    return { bounds: this.#bounds, counts: this.#counts };
  }

  #with(other: Distribution, factor: number): Distribution | undefined {
    if (!(other instanceof ExplicitDistribution)) return undefined;
    const bounds = other.#bounds;
    if (bounds.length !== this.#bounds.length || bounds.some((bound, i) => bound !== this.#bounds[i])) return undefined;
    return new ExplicitDistribution(
      this.#bounds,
      this.#counts.map((count, i) => count + factor * (other.#counts[i] ?? 0)),
    );
  }
}
