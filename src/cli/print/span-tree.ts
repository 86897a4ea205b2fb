import type { TreeRow } from "../../telemetry/archive/trace-tree.ts";
import { treeOf } from "../../telemetry/archive/trace-tree.ts";
import { duration } from "../../telemetry/layout/labels.ts";
import { exceptionOf } from "../../telemetry/layout/log-rows.ts";
import { hasFailed, serviceOf } from "../../telemetry/layout/span-facts.ts";
import { text } from "../../telemetry/layout/span-json.ts";
import type { Trace } from "../../telemetry/merge/trace-collector.ts";
import { cut, padTo, printable, type Terminal, widthOf } from "../terminal.ts";

const BAR_COLUMNS = 24;
/** A terminal with fewer columns has no place for bars. */
const WITH_BARS = 80;
const DEFAULT_NAME_COLUMNS = 60;
const DURATION_COLUMNS = 9;

/**
 * A trace as lines of text:
 *
 *   GET /cart                 36.0 ms  ████████████████████████  200 shop
 *   ├─ read cart              12.1 ms  ████████
 *   └─ render ✖                4.0 ms                  ███       TypeError: x is undefined
 */
export function spanTree(trace: Trace, { colours, width }: Terminal): string[] {
  const rows = treeOf(trace.spans);
  const [from, to] = rangeOf(trace);
  const hasBars = width >= WITH_BARS;
  const bars = hasBars ? BAR_COLUMNS + 2 : 0;
  const names = rows.map(({ guide, span }) => `${guide}${printable(span.name)}${hasFailed(span) ? " ✖" : ""}`);
  const most = Number.isFinite(width)
    ? Math.max(16, Math.floor((width - bars - DURATION_COLUMNS) * 0.6))
    : DEFAULT_NAME_COLUMNS;
  const nameColumns = Math.min(most, Math.max(...names.map(widthOf)));
  const lines = rows.map((row, i) => {
    const { span } = row;
    const failed = hasFailed(span);
    const name = padTo(names[i] as string, nameColumns);
    const took = (span.isUnfinished ? "…" : duration(span.endTime - span.startTime)).padStart(DURATION_COLUMNS);
    const bar = hasBars ? `  ${barOf(row, from, to)}` : "";
    const used = nameColumns + took.length + bar.length + 2;
    const remark = cut(printable(remarkOf(row)), Math.max(0, width - used));
    const line = `${failed ? colours.red(name) : name}${took}${failed ? colours.red(bar) : colours.blue(bar)}`;
    return remark === "" ? line.trimEnd() : `${line}  ${failed ? colours.red(remark) : colours.dim(remark)}`;
  });
  return [colours.dim(`trace ${trace.traceId}`), ...lines];
}

function rangeOf({ spans }: Trace): [bigint, bigint] {
  let from = spans[0]?.startTime ?? 0n;
  let to = from;
  for (const { startTime, endTime } of spans) {
    if (startTime < from) from = startTime;
    if (endTime > to) to = endTime;
  }
  return [from, to];
}

/** Where in the trace the span lies; at least one column, however short it is. */
function barOf({ span }: TreeRow, from: bigint, to: bigint): string {
  const whole = Number(to - from) || 1;
  const start = Math.min(BAR_COLUMNS - 1, Math.floor((Number(span.startTime - from) / whole) * BAR_COLUMNS));
  const length = Math.max(1, Math.round((Number(span.endTime - span.startTime) / whole) * BAR_COLUMNS));
  return padTo(`${" ".repeat(start)}${"█".repeat(Math.min(length, BAR_COLUMNS - start))}`, BAR_COLUMNS);
}

/** What a line has room to say: the service where it changes, the response, the fault. */
function remarkOf({ span, parent }: TreeRow): string {
  const status = text(span.attributes["http.response.status_code"]);
  const service = parent === undefined || serviceOf(parent) !== serviceOf(span) ? serviceOf(span) : "";
  const exception = span.events.find(({ name }) => name === "exception");
  const fault = exception === undefined ? (span.status.message ?? "") : exceptionOf(exception).title;
  return [status, service, fault].filter((part) => part !== "").join(" ");
}
