import { BarChart, dynamicArchetype, Scalars, SeriesLines } from "../../archetypes/index.ts";
import { barsOf } from "./bars.ts";
import { paletteColour } from "./colours.ts";
import { type Buckets, type Distribution, quantile } from "./distribution.ts";
import type { LogRow } from "./log-rows.ts";
import type { Scale } from "./metric-names.ts";
import { STATIC, type Times } from "./times.ts";

/** Percentiles are over this many exports. */
const WINDOW = 5;
/** Lines of a histogram. */
export const PERCENTILES = [
  ["p50", 0.5],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

/** A metric point with its value as it is drawn. */
export interface Measurement {
  readonly time: bigint;
  readonly startTime: bigint | undefined;
  readonly value: number | Distribution;
  /** A running total since `startTime`, drawn as what was added since the last one. */
  readonly isCumulative: boolean;
  /** Drawn per second. */
  readonly isRate: boolean;
  /** Differences that are drawn as the total that they make. */
  readonly isTotalled: boolean;
}

export interface SeriesPlace {
  /** Like `/metrics/http/http.server.active_requests`. */
  readonly path: string;
  /** Of the bar chart of a histogram. */
  readonly barsPath: string;
  readonly name: string;
  readonly scale: Scale;
  /** Of its first line among those of all series, for its colour. */
  readonly index: number;
}

/**
 * One series of a metric.
 *
 *   gauge, sum        value (a counter: per second)  ─▶ a line
 *   histogram         counts since the last export   ─▶ a bar chart
 *                     the last 5 of them             ─▶ lines p50, p95, p99
 */
export class MetricSeries {
  readonly #log: LogRow;
  readonly #times: Times;
  readonly #place: SeriesPlace;
  readonly #styled = new Set<string>();
  readonly #window: Distribution[] = [];
  #before: Measurement | undefined;
  #total = 0;
  #bounds = "";

  constructor(log: LogRow, times: Times, place: SeriesPlace) {
    this.#log = log;
    this.#times = times;
    this.#place = place;
  }

  add(measurement: Measurement): void {
    const before = this.#before;
    this.#before = measurement;
    if (typeof measurement.value === "number") this.#number(measurement, measurement.value, before);
    else this.#distribution(measurement, measurement.value, before);
  }

  #number(measurement: Measurement, value: number, before: Measurement | undefined): void {
    const { time, isRate, isCumulative, isTotalled } = measurement;
    const { path, name, scale } = this.#place;
    const unit = `${scale.unit}${isRate ? `${scale.unit === "" ? "per second" : "/s"}` : ""}`;
    const label = unit === "" ? name : `${name}, ${unit}`;
    if (!isRate) {
      this.#total += value;
      this.#line(path, label, time, isTotalled ? this.#total : value);
      return;
    }
    // a smaller total is a restart: counting began anew
    const isNext = before !== undefined && time > before.time && typeof before.value === "number";
    const isGrown = isNext && isCumulative && value >= (before.value as number);
    const since = isGrown || (isNext && !isCumulative) ? before.time : measurement.startTime;
    if (since === undefined || since > time) return;
    const added = isGrown ? value - (before.value as number) : value;
    // all of it within one tick of the clock, as where a program counts and ends at once: it is what came in that second
    const seconds = since === time ? 1 : Number(time - since) / 1e9;
    this.#line(path, label, time, added / seconds);
  }

  #distribution({ time, isCumulative }: Measurement, value: Distribution, before: Measurement | undefined): void {
    const earlier = before?.value;
    const isLater = isCumulative && earlier !== undefined && typeof earlier !== "number";
    const recent = (isLater ? value.since(earlier) : undefined) ?? value;
    if (recent.count > 0) this.#bars(time, recent.buckets());
    this.#window.push(recent);
    if (this.#window.length > WINDOW) this.#window.shift();
    const buckets = this.#window.reduce((sum, one) => sum.plus(one)).buckets();
    const { path, name, scale } = this.#place;
    for (const [percentile, q] of PERCENTILES) {
      const estimate = quantile(buckets, q);
      if (estimate === undefined) continue;
      const label = `${name} ${percentile}${scale.unit === "" ? "" : `, ${scale.unit}`}`;
      this.#line(`${path}/${percentile}`, label, time, estimate);
    }
  }

  /** The limits of all buckets are beside the bars, for the selection panel. */
  #bars(time: bigint, { bounds, counts }: Buckets): void {
    const { barsPath, scale } = this.#place;
    const limits = bounds.map((bound) => bound * scale.factor);
    const text = limits.join();
    if (text !== this.#bounds && limits.length > 0) {
      this.#bounds = text;
      const fields = { upper_bounds: limits, unit: scale.unit };
      const options = { types: { upper_bounds: "Float64" } } as const;
      this.#log(barsPath, this.#times.at(time), dynamicArchetype("Histogram", fields, options));
    }
    const bars = barsOf({ bounds: limits, counts });
    const place = bars && { abscissa: Float64Array.from(bars.starts), widths: bars.widths };
    const color = paletteColour(this.#place.index);
    const heights = Float64Array.from(bars?.heights ?? counts);
    this.#log(barsPath, this.#times.at(time), new BarChart(heights, { color, ...place }));
  }

  #line(path: string, names: string, time: bigint, value: number): void {
    if (!Number.isFinite(value)) return;
    if (!this.#styled.has(path)) {
      const colors = paletteColour(this.#place.index + this.#styled.size);
      this.#styled.add(path);
      this.#log(path, STATIC, new SeriesLines({ names, colors }));
    }
    this.#log(path, this.#times.at(time), new Scalars(value * this.#place.scale.factor));
  }
}
