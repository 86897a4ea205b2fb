/** Counts of values by range: `counts[i]` of those above `bounds[i - 1]` up to `bounds[i]`; the outer ranges are open. */
export interface Buckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** What a histogram counted, in a form that can be added and subtracted. Immutable. */
export interface Distribution {
  readonly count: number;
  plus(other: Distribution): Distribution;
  /** What was counted since `before`; undefined if that is no earlier state of this (a restart, other buckets). */
  since(before: Distribution): Distribution | undefined;
  /** At most about 40, or as many as the source has. */
  buckets(): Buckets;
}

/** Estimated from the buckets, linearly inside one; an open range is its border. Undefined when nothing was counted. */
export function quantile({ bounds, counts }: Buckets, q: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return undefined;
  let rest = q * total;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (rest > count || count === 0) {
      rest -= count;
      continue;
    }
    const to = bounds[i];
    // the lowest range of durations and sizes begins at 0
    const from = i === 0 ? Math.min(0, to ?? 0) : (bounds[i - 1] as number);
    return to === undefined ? from : from + (to - from) * (rest / count);
  }
  return bounds.at(-1);
}
