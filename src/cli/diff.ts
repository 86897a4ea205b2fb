import { type RouteRow, routeTable } from "../telemetry/archive/route-table.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { archiveInputs } from "./input.ts";
import { writeJson, writeLine } from "./output.ts";
import { millisText } from "./stats.ts";
import { table } from "./table.ts";
import { type Colours, printable, terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Quantiles are estimated to about 5 %; what changed less is not coloured. */
const NOTICEABLE = 1.15;

interface RouteChange {
  readonly route: string;
  readonly kind: string;
  readonly before: RouteRow | undefined;
  readonly after: RouteRow | undefined;
}

export const diff: Command = {
  name: "diff",
  usage: "A B [--json]",
  summary: "compares two recordings by route: count, p50, p95, errors",
  help: `A line a route, with what it was in A and what it is in B; the greatest change of p95 first. Quantiles are estimates, right to
about 5 %.

  --json   for programs; durations in milliseconds, null where the route does not occur

  otel-rerun diff before.rrd after.rrd`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, { options: { json: { type: "boolean" } } });
    if (files.length !== 2) throw new UsageError("diff needs two recordings, before and after");
    const [before, after] = await Promise.all(files.map(async (file) => routeTable(await archiveOf(file))));
    const changes = changesOf(before as RouteRow[], after as RouteRow[]);
    if (values.json === true) {
      await writeJson(
        changes.map(({ route, kind, before, after }) => ({
          route,
          kind,
          before: before ?? null,
          after: after ?? null,
        })),
      );
      return 0;
    }
    await writeLine(linesOf(changes, terminal().colours).join("\n"));
    return 0;
  },
};

async function archiveOf(file: string): Promise<TraceArchive> {
  return new TraceArchive(await archiveInputs([file]));
}

function changesOf(before: readonly RouteRow[], after: readonly RouteRow[]): RouteChange[] {
  const rows = (from: readonly RouteRow[]) => new Map(from.map((row) => [`${row.kind} ${row.route}`, row]));
  const [old, fresh] = [rows(before), rows(after)];
  const changes = [...new Set([...old.keys(), ...fresh.keys()])].map((key) => {
    const [before, after] = [old.get(key), fresh.get(key)];
    const { route, kind } = (before ?? after) as RouteRow;
    return { route, kind, before, after };
  });
  return changes.sort((a, b) => weight(b) - weight(a) || (a.route < b.route ? -1 : 1));
}

/** By which factor p95 changed; what came or went is last. */
function weight({ before, after }: RouteChange): number {
  if (before === undefined || after === undefined) return -1;
  return Math.abs(Math.log(ratio(before.p95, after.p95)));
}

function linesOf(changes: readonly RouteChange[], colours: Colours): string[] {
  if (changes.length === 0) return ["neither recording has requests"];
  const rows = changes.map(({ route, kind, before, after }) => [
    printable(kind === "client" ? `${route} (call)` : route),
    pair(before, after, ({ count }) => String(count)),
    pair(before, after, ({ p50 }) => millisText(p50)),
    pair(before, after, ({ p95 }) => millisText(p95)),
    before === undefined ? "new" : after === undefined ? "gone" : percent(ratio(before.p95, after.p95)),
    pair(before, after, ({ errors }) => String(errors)),
  ]);
  const lines = table([["route", "n", "p50", "p95", "p95 change", "errors"], ...rows]);
  return lines.map((line, i) => {
    const change = changes[i - 1];
    if (change?.before === undefined || change.after === undefined) return line;
    const { before, after } = change;
    const slower = ratio(before.p95, after.p95);
    const isWorse = slower > NOTICEABLE || after.errors * before.count > before.errors * after.count;
    if (isWorse) return colours.red(line);
    return slower < 1 / NOTICEABLE ? colours.green(line) : line;
  });
}

function pair(before: RouteRow | undefined, after: RouteRow | undefined, text: (row: RouteRow) => string): string {
  return [before, after].map((row) => (row === undefined ? "–" : text(row))).join(" → ");
}

function ratio(before: number, after: number): number {
  const least = 1e-6;
  return Math.max(after, least) / Math.max(before, least);
}

function percent(factor: number): string {
  const change = Math.round((factor - 1) * 100);
  return `${change > 0 ? "+" : ""}${change} %`;
}
