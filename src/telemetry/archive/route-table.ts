import { RouteStatistics } from "../layout/route-statistics.ts";
import { isEntryKind, isLocalRoot } from "../layout/span-facts.ts";
import type { Span } from "../model.ts";
import type { TraceArchive } from "./trace-archive.ts";

/** Durations in milliseconds. */
export interface RouteRow {
  readonly route: string;
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** What was answered, by route: every span without a parent, or that answers somebody. Most frequent first. */
export class RouteTable {
  readonly #routes = new Map<string, RouteStatistics>();

  add(span: Span): void {
    if (span.isUnfinished || !(isLocalRoot(span) || isEntryKind(span))) return;
    let statistics = this.#routes.get(span.name);
    if (statistics === undefined) {
      statistics = new RouteStatistics();
      this.#routes.set(span.name, statistics);
    }
    statistics.add(span);
  }

  rows(): RouteRow[] {
    return [...this.#routes]
      .map(([route, statistics]) => {
        const { count, errors, max } = statistics;
        return { route, count, errors, p50: statistics.quantile(0.5), p95: statistics.quantile(0.95), max };
      })
      .sort((a, b) => b.count - a.count || (a.route < b.route ? -1 : 1));
  }
}

export async function routeTable(archive: TraceArchive): Promise<RouteRow[]> {
  const table = new RouteTable();
  for await (const span of archive.spans()) table.add(span);
  return table.rows();
}
