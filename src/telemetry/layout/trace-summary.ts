import { TextDocument } from "../../archetypes/index.ts";
import type { Span } from "../model.ts";
import type { KeyedSpan } from "./dewey.ts";
import { duration, FAILED, markdown } from "./labels.ts";
import { exceptionOf, type LogRow } from "./log-rows.ts";
import { hasFailed, serviceOf } from "./span-facts.ts";
import { text } from "./span-json.ts";
import { STATIC } from "./times.ts";

const SHOWN = 8;

/** Attributes of the root; the rest is there on a click. */
const SHOWN_ATTRIBUTES = 32;

/** `/summary` of one trace: what it was, the spans that took the time themselves, and the attributes of its root. */
export function writeTraceSummary(
  log: LogRow,
  root: Span,
  keyed: readonly KeyedSpan[],
  pathOf: (span: KeyedSpan) => string,
  remarks: readonly string[],
): void {
  const spans = keyed.map(({ span }) => span);
  const errors = spans.filter(hasFailed).length;
  const services = [...new Set(spans.map(serviceOf))].map((service) => markdown(service)).join(", ");
  const total = root.endTime - root.startTime;
  const facts = [
    `**${duration(total)}**${errors > 0 ? `, ${errors} failed` : ""}`,
    `${spans.length} spans in ${services}`,
    ...(root.attributes["url.path"] === undefined ? [] : [`path ${markdown(text(root.attributes["url.path"]))}`]),
    `trace ${root.traceId}`,
  ];
  const parts = [
    `# ${markdown(root.name)}${hasFailed(root) ? FAILED : ""}`,
    facts.map((fact) => `- ${fact}`).join("\n"),
  ];
  parts.push(`## Own time\n\n${selfTimeTable(keyed, total, pathOf)}`);
  const exceptions = spans.flatMap((span) => span.events.filter(({ name }) => name === "exception").map(exceptionOf));
  if (exceptions.length > 0) {
    parts.push(`## Exceptions\n\n${exceptions.map(({ title }) => `- ${markdown(title, 200)}`).join("\n")}`);
  }
  const attributes = Object.entries(root.attributes).slice(0, SHOWN_ATTRIBUTES);
  if (attributes.length > 0) {
    const rows = attributes.map(([key, value]) => `| ${markdown(key)} | ${markdown(text(value), 200)} |`);
    parts.push(["## Attributes", "", "| attribute | value |", "|---|---|", ...rows].join("\n"));
  }
  if (remarks.length > 0) parts.push(remarks.map((remark) => `- ${remark}`).join("\n"));
  log("/summary", STATIC, new TextDocument(`${parts.join("\n\n")}\n`, { mediaType: "text/markdown" }));
}

function selfTimeTable(keyed: readonly KeyedSpan[], total: bigint, pathOf: (span: KeyedSpan) => string): string {
  const children = new Map<string, Span[]>();
  for (const { span } of keyed.toSorted((a, b) => (a.span.startTime < b.span.startTime ? -1 : 1))) {
    if (span.parentSpanId === undefined) continue;
    const siblings = children.get(span.parentSpanId);
    if (siblings === undefined) children.set(span.parentSpanId, [span]);
    else siblings.push(span);
  }
  const own = keyed.map((keyedSpan) => ({
    keyedSpan,
    time: selfTime(keyedSpan.span, children.get(keyedSpan.span.spanId) ?? []),
  }));
  own.sort((a, b) => (a.time > b.time ? -1 : a.time < b.time ? 1 : 0));
  const rows = own.slice(0, SHOWN).map(({ keyedSpan, time }) => {
    const share = total > 0n ? `${Math.round((100 * Number(time)) / Number(total))} %` : "";
    return `| [${markdown(keyedSpan.span.name, 26)}](recording://${pathOf(keyedSpan)}) | ${duration(time)} | ${share} |`;
  });
  return ["| span | own time | share |", "|---|---|---|", ...rows].join("\n");
}

/** The span's time that no child covers; children in order of their start. */
function selfTime(span: Span, children: readonly Span[]): bigint {
  let covered = 0n;
  let end = span.startTime;
  for (const child of children) {
    let { startTime: from, endTime: to } = child;
    if (from < end) from = end;
    if (to > span.endTime) to = span.endTime;
    if (to > from) {
      covered += to - from;
      end = to;
    }
  }
  const whole = span.endTime - span.startTime;
  return whole > covered ? whole - covered : 0n;
}
