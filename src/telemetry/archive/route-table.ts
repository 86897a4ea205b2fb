import { RouteStatistics } from "../layout/route-statistics.ts";
import { isEntryKind, isLocalRoot, kindName } from "../layout/span-facts.ts";
import { type Span, SpanKind } from "../model.ts";
import type { TraceArchive } from "./trace-archive.ts";

/** Durations in milliseconds. */
export interface RouteRow {
  readonly route: string;
  /** As expressions name it: `server` is a request that was answered, `client` a call that is part of none. */
  readonly kind: string;
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const SERVER = kindName(SpanKind.server).toLowerCase();
const CLIENT = kindName(SpanKind.client).toLowerCase();

/** What was answered, by route: every span without a parent, or that answers somebody. Most frequent first. */
export class RouteTable {
  /** A call may have the name of a route. */
  readonly #kinds = new Map<SpanKind, Map<string, RouteStatistics>>();

  add(span: Span): void {
    if (span.isUnfinished || !(isLocalRoot(span) || isEntryKind(span))) return;
    let routes = this.#kinds.get(span.kind);
    if (routes === undefined) {
      routes = new Map();
      this.#kinds.set(span.kind, routes);
    }
    let statistics = routes.get(span.name);
    if (statistics === undefined) {
      statistics = new RouteStatistics();
      routes.set(span.name, statistics);
    }
    statistics.add(span);
  }

  rows(): RouteRow[] {
    return [...this.#kinds]
      .flatMap(([kind, routes]) =>
        [...routes].map(([route, statistics]) => {
          const { count, errors, max } = statistics;
          const [p50, p95] = [statistics.quantile(0.5), statistics.quantile(0.95)];
          return { route, kind: kindName(kind).toLowerCase(), count, errors, p50, p95, max };
        }),
      )
      .sort((a, b) => b.count - a.count || (a.route < b.route ? -1 : 1));
  }
}

/** How many requests were answered, and how many calls were made outside of them. */
export interface RequestCounts {
  readonly requests: number;
  readonly failed: number;
  readonly calls: number;
}

export function requestCounts(rows: readonly RouteRow[]): RequestCounts {
  let [requests, failed, calls] = [0, 0, 0];
  for (const { kind, count, errors } of rows) {
    if (kind === CLIENT) calls += count;
    if (kind !== SERVER) continue;
    requests += count;
    failed += errors;
  }
  return { requests, failed, calls };
}

/** What was done, and apart from it the calls that are part of nothing. */
export function callsApart(rows: readonly RouteRow[]): { readonly routes: RouteRow[]; readonly calls: RouteRow[] } {
  return { routes: rows.filter(({ kind }) => kind !== CLIENT), calls: rows.filter(({ kind }) => kind === CLIENT) };
}

export async function routeTable(archive: TraceArchive): Promise<RouteRow[]> {
  const table = new RouteTable();
  for await (const span of archive.spans()) table.add(span);
  return table.rows();
}
