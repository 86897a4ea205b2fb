import type { Buckets } from "./distribution.ts";

/** Bars of a chart, each from `starts[i]` on and `widths[i]` wide. */
export interface Bars {
  readonly starts: readonly number[];
  readonly widths: readonly number[];
  readonly heights: readonly number[];
}

/**
 * Buckets on an axis of powers of ten, where 2 is 100: durations and sizes differ by orders, and metrics of all kinds share the chart. Empty
 * ones at both ends are left out. What has no end is as wide as its neighbour; so is the lowest, which holds zeros and what is below.
 *
 * @returns undefined where nothing was counted, or no bound has a place on the axis.
 */
export function barsOf({ bounds, counts }: Buckets): Bars | undefined {
  const below = bounds.filter((bound) => bound <= 0).length;
  const edges = bounds.slice(below).map(Math.log10);
  const [lowest, second] = edges;
  if (lowest === undefined || !edges.every((edge) => Number.isFinite(edge))) return undefined;
  const last = edges.at(-1) as number;
  edges.unshift(second === undefined ? lowest - 1 : 2 * lowest - second);
  edges.push(2 * last - (edges.at(-2) as number));
  const atLowest = counts.slice(0, below + 1).reduce((sum, count) => sum + count, 0);
  const heights = [atLowest, ...counts.slice(below + 1)];
  const first = heights.findIndex((count) => count > 0);
  if (first < 0) return undefined;
  const end = heights.findLastIndex((count) => count > 0) + 1;
  const starts = edges.slice(first, end);
  const widths = starts.map((start, i) => (edges[first + i + 1] as number) - start);
  return { starts, widths, heights: heights.slice(first, end) };
}
