import { bytesText } from "../bytes/byte-size.ts";
import { openRrd, type RrdInput, type StoreId } from "../reader.ts";
import { sourceOf } from "../rrd/reader/open-rrd.ts";
import { StoredChunk } from "../rrd/reader/stored-message.ts";
import { storeKey } from "../rrd/store-id.ts";
import { callsApart, type RouteRow, RouteTable, requestCounts } from "../telemetry/archive/route-table.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import { duration } from "../telemetry/layout/labels.ts";
import { hasFailed } from "../telemetry/layout/span-facts.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { inputOf } from "./input.ts";
import { writeJson, writeLine } from "./output.ts";
import { table } from "./table.ts";
import { printable, terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

interface StoreStats extends StoreId {
  chunks: number;
  rows: number;
  /** As stored. */
  bytes: number;
  entities: number;
}

interface FileStats {
  readonly file: string;
  readonly bytes: number;
  readonly truncatedAt: number | undefined;
  readonly problems: number;
  readonly stores: readonly StoreStats[];
  readonly traces: number;
  readonly spans: number;
  readonly errors: number;
  readonly routes: readonly RouteRow[];
}

export const stats: Command = {
  name: "stats",
  usage: "FILE… [--json]",
  summary: "counts what is in recordings: stores, entities, rows, routes",
  help: `For each file its recordings and blueprints with entities, chunks, rows and bytes; and, where there is telemetry, traces, spans and
the routes with count, p50, p95, maximum and errors.

  --json   the same for programs; durations in milliseconds

  otel-rerun stats run.rrd`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, { options: { json: { type: "boolean" } } });
    if (files.length === 0) throw new UsageError("stats needs the path of a recording, or - for a pipe");
    const all: FileStats[] = [];
    for (const file of files) {
      const { name, input } = await inputOf(file);
      const one = await statsOf(name, input);
      all.push(one);
      if (values.json !== true) await writeLine(`${linesOf(one).join("\n")}\n`);
    }
    if (values.json === true) await writeJson(all);
    return 0;
  },
};

async function statsOf(file: string, input: RrdInput): Promise<FileStats> {
  const reader = await openRrd(input);
  const stores = new Map<string, StoreStats>();
  const entities = new Map<string, Set<string>>();
  for (const store of reader.recordings()) {
    stores.set(storeKey(store), { ...store, chunks: 0, rows: 0, bytes: 0, entities: 0 });
    entities.set(storeKey(store), new Set());
  }
  for await (const message of reader.messages()) {
    const key = storeKey(message.store);
    const store = stores.get(key) as StoreStats;
    store.bytes += message.payload.length;
    if (!(message instanceof StoredChunk)) continue;
    const { entityPath, numRows } = message.decode();
    store.chunks++;
    store.rows += numRows;
    const paths = entities.get(key) as Set<string>;
    store.entities = paths.add(entityPath).size;
  }
  const archive = new TraceArchive([{ name: file, open: async () => reader }]);
  const routes = new RouteTable();
  const traces = new Set<string>();
  let [spans, errors] = [0, 0];
  for await (const span of archive.spans()) {
    spans++;
    if (hasFailed(span)) errors++;
    traces.add(span.traceId);
    routes.add(span);
  }
  const { truncatedAt, problems } = reader;
  return {
    file,
    bytes: (await sourceOf(input)).size,
    truncatedAt,
    problems: problems.length,
    stores: [...stores.values()],
    traces: traces.size,
    spans,
    errors,
    routes: routes.rows(),
  };
}

/** Stores that are many (a recording a trace) are not all of interest. */
const SHOWN_STORES = 12;

function linesOf({ file, bytes, truncatedAt, stores, traces, spans, errors, routes }: FileStats): string[] {
  const { colours } = terminal();
  const cutAt = truncatedAt === undefined ? "" : colours.yellow(`, cut at byte ${truncatedAt}`);
  const lines = [`${colours.bold(file)}  ${bytesText(bytes)}${cutAt}`, ""];
  const rows = stores
    .slice(0, SHOWN_STORES)
    .map((store) => [
      `${printable(store.applicationId)} · ${printable(store.recordingId)}`,
      store.kind,
      String(store.entities),
      String(store.chunks),
      String(store.rows),
      bytesText(store.bytes),
    ]);
  lines.push(...table([["store", "kind", "entities", "chunks", "rows", "size"], ...rows]));
  if (stores.length > SHOWN_STORES) lines.push(`… and ${counted(stores.length - SHOWN_STORES, "further store")}`);
  if (spans === 0) return lines;
  const { requests, failed } = requestCounts(routes);
  lines.push("", `${counted(traces, "trace")}, ${counted(spans, "span")}, ${errors} failed`);
  lines.push(`${counted(requests, "request")}, ${failed} failed`, "");
  return [...lines, ...routeLines(routes)];
}

/** A table of what was answered, and one of calls. @param shown rows of each, at most */
export function routeLines(rows: readonly RouteRow[], shown = Number.POSITIVE_INFINITY): string[] {
  const { routes, calls } = callsApart(rows);
  const lines = routes.length > 0 ? tableOf("route", routes.slice(0, shown)) : [];
  if (calls.length > 0) {
    if (routes.length > 0) lines.push("");
    lines.push(...tableOf("call outside of requests", calls.slice(0, shown)));
  }
  return lines;
}

function tableOf(title: string, routes: readonly RouteRow[]): string[] {
  const rows = routes.map(({ route, count, errors, p50, p95, max }) => [
    printable(route),
    String(count),
    millisText(p50),
    millisText(p95),
    millisText(max),
    errors === 0 ? "" : String(errors),
  ]);
  return table([[title, "n", "p50", "p95", "max", "errors"], ...rows]);
}

export function millisText(millis: number): string {
  return duration(BigInt(Math.round(millis * 1e6)));
}
