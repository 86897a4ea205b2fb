import type { TreeRow } from "../../telemetry/archive/trace-tree.ts";
import { duration } from "../../telemetry/layout/labels.ts";
import { exceptionOf } from "../../telemetry/layout/log-rows.ts";
import { skewOf } from "../../telemetry/layout/skew.ts";
import { kindName, scopeName, serviceOf, statusName } from "../../telemetry/layout/span-facts.ts";
import { text } from "../../telemetry/layout/span-json.ts";
import type { Attributes, Span } from "../../telemetry/model.ts";
import { escaped } from "./markup.ts";

const VALUE_CHARACTERS = 2000;
const STACK_CHARACTERS = 6000;
const MAX_ATTRIBUTES = 128;
const MAX_EVENTS = 50;

/** All that is known of a span, below its bar. @param origin start of the trace */
export function spanDetails({ span, parent }: TreeRow, origin: bigint): string {
  const skew = skewOf(span, parent);
  const facts: [string, string][] = [
    ["status", `${statusName(span)}${span.status.message ? `: ${span.status.message}` : ""}`],
    ["kind", kindName(span.kind)],
    ["service", serviceOf(span)],
    ["scope", scopeName(span.scope)],
    ["starts at", `${offset(span.startTime - origin)}, ${isoTime(span.startTime)}`],
    ["takes", span.isUnfinished ? "not finished" : `${duration(span.endTime - span.startTime)}`],
    ["span id", span.spanId],
    [
      "parent",
      span.parentSpanId === undefined ? "" : `${span.parentSpanId}${parent === undefined ? " (not recorded)" : ""}`,
    ],
    [
      "clock",
      skew === 0n ? "" : `${duration(skew < 0n ? -skew : skew)} ${skew < 0n ? "behind" : "ahead of"} its parent's`,
    ],
  ];
  const parts = [tableOf(facts.filter(([, value]) => value !== ""))];
  if (Object.keys(span.attributes).length > 0) parts.push("<h3>Attributes</h3>", attributeTable(span.attributes));
  for (const event of span.events.slice(0, MAX_EVENTS)) {
    parts.push(event.name === "exception" ? exceptionMarkup(event) : eventMarkup(event, origin));
  }
  if (span.events.length > MAX_EVENTS) parts.push(`<p class="note">${span.events.length - MAX_EVENTS} more events</p>`);
  for (const { traceId, spanId, attributes } of span.links) {
    parts.push(`<p>linked to trace ${escaped(traceId)}, span ${escaped(spanId)}</p>${attributeTable(attributes)}`);
  }
  return parts.join("");
}

/** `TypeError: x is undefined` and its stack. */
export function exceptionMarkup(event: Span["events"][number]): string {
  const { title, stack } = exceptionOf(event);
  const frames = stack === "" ? "" : `<pre>${escaped(stack, STACK_CHARACTERS)}</pre>`;
  return `<p class="fail">${escaped(title, VALUE_CHARACTERS)}</p>${frames}`;
}

/** `+36.0 ms`, from the start of the trace. */
export function offset(nanos: bigint): string {
  return nanos < 0n ? `−${duration(-nanos)}` : `+${duration(nanos)}`;
}

export function isoTime(nanos: bigint): string {
  const millis = Number(nanos / 1_000_000n);
  return Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString() : String(nanos);
}

export function attributeTable(attributes: Attributes): string {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return "";
  const shown = entries.slice(0, MAX_ATTRIBUTES).map(([key, value]): [string, string] => [key, text(value)]);
  const more = entries.length - shown.length;
  return tableOf(shown) + (more > 0 ? `<p class="note">${more} more attributes</p>` : "");
}

function eventMarkup({ name, time, attributes }: Span["events"][number], origin: bigint): string {
  return `<p>${offset(time - origin)} ${escaped(name, VALUE_CHARACTERS)}</p>${attributeTable(attributes)}`;
}

function tableOf(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([key, value]) => `<tr><th scope="row">${escaped(key, 200)}</th><td>${escaped(value, VALUE_CHARACTERS)}</td></tr>`,
  );
  return `<table>${cells.join("")}</table>`;
}
