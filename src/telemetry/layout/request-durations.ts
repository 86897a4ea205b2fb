import { type Span, SpanKind } from "../model.ts";
import { ExplicitDistribution } from "./explicit-distribution.ts";
import { millis } from "./labels.ts";
import type { LogRow } from "./log-rows.ts";
import { MetricSeries } from "./metric-series.ts";
import type { Times } from "./times.ts";

const SECOND = 1_000_000_000n;
/** Percentiles are over five of these: long enough that p95 is no dice, short enough that a deployment shows. */
const WINDOW_NANOS = 5n * SECOND;
/** So that a run of seconds has a line, too. */
const FIRST_WINDOW_NANOS = SECOND;

/** Ten to a power of ten, from 0.1 ms to 100 s: a percentile is right to about 10 %. */
const BOUNDS: readonly number[] = Array.from({ length: 61 }, (_, i) => 10 ** (i / 10 - 1));

/**
 * `/metrics/duration/requests/p50` (p95, p99) and `/histogram/requests`: how long the requests took that a server answered. A point for each
 * window in which some ended, where the first of them began. What ends late counts for the window that is open.
 */
export class RequestDurations {
  readonly #series: MetricSeries;
  readonly #counts = new Array<number>(BOUNDS.length + 1).fill(0);
  /** Of the window that is open. */
  #closesAt: bigint | undefined;
  #time = 0n;
  #windowNanos = FIRST_WINDOW_NANOS;

  constructor(log: LogRow, times: Times, instance?: string) {
    const prefix = instance === undefined ? "" : `/${instance}`;
    this.#series = new MetricSeries(log, times, {
      path: `/metrics${prefix}/duration/requests`,
      barsPath: `/histogram${prefix}/requests`,
      name: "requests",
      scale: { factor: 1, unit: "ms" },
      index: 0,
    });
  }

  /** A local root span. */
  add(root: Span): void {
    if (root.kind !== SpanKind.server) return;
    if (this.#closesAt !== undefined && root.endTime >= this.#closesAt) this.flush();
    if (this.#closesAt === undefined) this.#open(root);
    const duration = millis(root.endTime - root.startTime);
    const above = BOUNDS.findIndex((bound) => duration <= bound);
    const bucket = above < 0 ? BOUNDS.length : above;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
  }

  /** @param now nanoseconds since the Unix epoch. */
  tick(now: bigint): void {
    // one second of grace for what ends while it is handed over
    if (this.#closesAt !== undefined && now > this.#closesAt + SECOND) this.flush();
  }

  /** Writes the window that is open. */
  flush(): void {
    if (this.#closesAt === undefined) return;
    this.#closesAt = undefined;
    this.#windowNanos = WINDOW_NANOS;
    const value = new ExplicitDistribution(BOUNDS, this.#counts.slice());
    this.#counts.fill(0);
    this.#series.add({
      time: this.#time,
      startTime: undefined,
      value,
      isCumulative: false,
      isRate: false,
      isTotalled: false,
    });
  }

  #open({ startTime, endTime }: Span): void {
    this.#closesAt = endTime + this.#windowNanos;
    // a long one began before the window that was before: two rows at one time would hide one another
    this.#time = startTime > this.#time ? startTime : this.#time + 1n;
  }
}
