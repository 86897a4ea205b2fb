import { type TreeRow, treeOf } from "../../telemetry/archive/trace-tree.ts";
import { ERROR_COLOUR, kindColour, paletteColour, UNFINISHED_COLOUR } from "../../telemetry/layout/colours.ts";
import { DeweyKeys } from "../../telemetry/layout/dewey.ts";
import { drawnSpans } from "../../telemetry/layout/drawn-spans.ts";
import { duration } from "../../telemetry/layout/labels.ts";
import { levelOf } from "../../telemetry/layout/log-rows.ts";
import { hasFailed, serviceOf, statusName } from "../../telemetry/layout/span-facts.ts";
import { text } from "../../telemetry/layout/span-json.ts";
import type { Trace } from "../../telemetry/merge/trace-collector.ts";
import type { LogRecord, Span } from "../../telemetry/model.ts";
import { escaped, Room } from "./markup.ts";
import { exceptionMarkup, isoTime, offset, spanDetails } from "./span-details.ts";

const MAX_BARS = 500;
const MAX_EXCEPTIONS = 10;
const LOG_CHARACTERS = 1000;
/** Parts of the room; what they leave is for the attributes. */
const FOR_BARS = 0.45;
const FOR_LOGS = 0.15;
const FOR_EXCEPTIONS = 0.15;

/**
 * One trace on the page. What does not fit is left out in the order of what is missed least, and the page says so: attributes of short
 * spans that went well, then logs, then bars of repeated and late spans.
 *
 * @param bytes that it may take.
 * @param no of the trace on the page, for ids.
 */
export function traceSection({ traceId, spans, logs }: Trace, bytes: number, no: number): string {
  const room = new Room(bytes);
  const rows = treeOf(spans);
  const root = (rows[0] as TreeRow).span;
  const range = rangeOf(spans);
  const services = [...new Set(rows.map(({ span }) => serviceOf(span)))];
  const remarks: string[] = [];

  const { shown, bars } = barsOf(rows, range, services, no, room);
  if (shown.length < rows.length) remarks.push(`${rows.length - shown.length} of ${rows.length} spans are not drawn`);
  const exceptions = exceptionList(shown, no, new Room(bytes * FOR_EXCEPTIONS));
  room.take(exceptions);
  const logList = logsMarkup(logs, range.from, new Room(bytes * FOR_LOGS), remarks);
  room.take(logList);

  const details = new Map<string, string>();
  for (const row of byInterest(shown)) {
    const markup = `<div class="more">${spanDetails(row, range.from)}</div>`;
    if (room.take(markup)) details.set(row.key, markup);
  }
  if (details.size < shown.length) {
    remarks.push(`attributes of ${shown.length - details.size} spans are left out to keep the page small`);
  }
  const waterfall = shown.map((row, i) => `${bars[i]}${details.get(row.key) ?? ""}</details>`).join("\n");
  return `<section>
<h1>${escaped(root.name, 300)}${hasFailed(root) ? ' <span class="fail">✖ failed</span>' : ""}</h1>
${factsOf(root, traceId, spans, services)}
${exceptions}
<h2>Waterfall</h2>
${axisOf(range)}
<div class="waterfall">
${waterfall}
</div>
${logList}
${remarks.map((remark) => `<p class="note">${escaped(remark)}</p>`).join("")}
</section>`;
}

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

function rangeOf(spans: readonly Span[]): Range {
  let [from, to] = [spans[0]?.startTime ?? 0n, spans[0]?.endTime ?? 0n];
  for (const { startTime, endTime } of spans) {
    if (startTime < from) from = startTime;
    if (endTime > to) to = endTime;
  }
  return { from, to: to > from ? to : from + 1n };
}

function factsOf(root: Span, traceId: string, spans: readonly Span[], services: readonly string[]): string {
  const failed = spans.filter(hasFailed).length;
  const path = text(root.attributes["url.path"]);
  const facts: [string, string][] = [
    ["duration", root.isUnfinished ? "not finished" : duration(root.endTime - root.startTime)],
    ["status", text(root.attributes["http.response.status_code"]) || statusName(root)],
    ["spans", `${spans.length}${failed > 0 ? `, ${failed} failed` : ""}`],
    ["services", services.join(", ")],
    ["started", isoTime(root.startTime)],
    ...(path === "" ? [] : [["path", path] as [string, string]]),
    ["trace", traceId],
  ];
  return `<dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value, 300)}</dd></div>`).join("")}</dl>`;
}

function axisOf({ from, to }: Range): string {
  const ticks = [0, 1, 2, 3, 4].map((quarter) => `<span>${duration(((to - from) * BigInt(quarter)) / 4n)}</span>`);
  return `<div class="axis" aria-hidden="true"><span>span</span><span class="ticks">${ticks.join("")}</span><span class="time">duration</span></div>`;
}

/** The bars that fit, without what opens below them. */
function barsOf(rows: readonly TreeRow[], range: Range, services: readonly string[], no: number, room: Room) {
  const keyed = new DeweyKeys().add(rows.map(({ span }) => span));
  const most = room.left * FOR_BARS;
  for (let limit = MAX_BARS; ; limit = Math.floor(limit / 2)) {
    const drawn = new Set(drawnSpans(keyed, limit).map(({ span }) => span.spanId));
    const shown = rows.filter(({ span }) => drawn.has(span.spanId));
    const bars = shown.map((row) => barMarkup(row, range, services, no));
    const markup = bars.join("");
    if ((Buffer.byteLength(markup) <= most && room.take(markup)) || limit <= 1) return { shown, bars };
  }
}

/** An open `<details>`. */
function barMarkup(
  { span, depth, parent, key }: TreeRow,
  { from, to }: Range,
  services: readonly string[],
  no: number,
): string {
  const failed = hasFailed(span);
  const service = serviceOf(span);
  const plain = services.length > 1 ? paletteColour(services.indexOf(service)) : kindColour(span.kind);
  const colour = span.isUnfinished ? UNFINISHED_COLOUR : failed ? ERROR_COLOUR : plain;
  const whole = Number(to - from);
  const percent = (nanos: bigint): string => `${+((Number(nanos) / whole) * 100).toFixed(2)}%`;
  const style = `--d:${depth};--x:${percent(span.startTime - from)};--w:${percent(span.endTime - span.startTime)};--c:#${(colour >>> 8).toString(16).padStart(6, "0")}`;
  const isEntry = services.length > 1 && (parent === undefined || serviceOf(parent) !== service);
  const prefix = isEntry ? `<small>${escaped(service, 60)}</small>` : "";
  const took = span.isUnfinished ? "…" : duration(span.endTime - span.startTime);
  const mark = failed ? ' <span class="fail">✖</span>' : "";
  return `<details class="span${span.isUnfinished ? " open" : ""}" id="${idOf(no, key)}" style="${style}"><summary class="row"><span class="name${failed ? " fail" : ""}">${prefix}${escaped(span.name, 160)}${mark}</span><span class="track" aria-hidden="true"><span class="bar"></span></span><span class="time">${took}</span></summary>`;
}

function idOf(no: number, key: string): string {
  return `span-${no}-${key}`;
}

/** Failed ones and the root first, then the longest. */
function byInterest(rows: readonly TreeRow[]): TreeRow[] {
  const rank = ({ span, depth }: TreeRow): number => (hasFailed(span) ? 0 : depth === 0 ? 1 : 2);
  const length = ({ span }: TreeRow): number => Number(span.endTime - span.startTime);
  return rows.toSorted((a, b) => rank(a) - rank(b) || length(b) - length(a));
}

function exceptionList(rows: readonly TreeRow[], no: number, room: Room): string {
  const blocks: string[] = [];
  for (const { span, key } of rows) {
    for (const event of span.events) {
      if (event.name !== "exception" || blocks.length >= MAX_EXCEPTIONS) continue;
      const place = `<p class="note">in <a href="#${idOf(no, key)}">${escaped(span.name, 160)}</a></p>`;
      const block = exceptionMarkup(event) + place;
      if (room.take(block)) blocks.push(block);
    }
  }
  return blocks.length === 0 ? "" : `<h2>Exceptions</h2>${blocks.join("")}`;
}

function logsMarkup(logs: readonly LogRecord[], origin: bigint, room: Room, remarks: string[]): string {
  if (logs.length === 0) return "";
  const lines: string[] = [];
  for (const log of logs) {
    const level = levelOf(log);
    const isBad = level === "ERROR" || level === "CRITICAL";
    const line = `<li><time>${offset(log.time - origin)}</time><span${isBad ? ' class="fail"' : ""}>${level}</span><span class="text">${escaped(text(log.body) || (log.eventName ?? ""), LOG_CHARACTERS)}</span></li>`;
    if (room.take(line)) lines.push(line);
  }
  if (lines.length < logs.length)
    remarks.push(`${logs.length - lines.length} of ${logs.length} log records are left out`);
  return `<h2>Logs</h2><ul class="logs">${lines.join("\n")}</ul>`;
}
