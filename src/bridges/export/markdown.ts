import { treeOf } from "../../telemetry/archive/trace-tree.ts";
import { duration } from "../../telemetry/layout/labels.ts";
import { exceptionOf, levelOf } from "../../telemetry/layout/log-rows.ts";
import { hasFailed, serviceOf, statusName } from "../../telemetry/layout/span-facts.ts";
import { text } from "../../telemetry/layout/span-json.ts";
import type { Trace } from "../../telemetry/merge/trace-collector.ts";
import type { Span } from "../../telemetry/model.ts";

/** What an issue or a prompt has room for. */
const MAX_SPANS = 200;
const MAX_LOGS = 50;
const MAX_ATTRIBUTES = 40;

/** Traces as Markdown, for an issue or a prompt: facts, the tree with times, what failed with its attributes and stack, logs. */
export function toMarkdown(traces: readonly Trace[]): string {
  return `${traces.map(traceText).join("\n\n---\n\n")}\n`;
}

function traceText({ traceId, spans, logs }: Trace): string {
  const rows = treeOf(spans);
  const root = rows[0]?.span;
  if (root === undefined) return `# trace ${traceId}`;
  const failed = spans.filter(hasFailed);
  const services = [...new Set(spans.map(serviceOf))];
  const status = text(root.attributes["http.response.status_code"]) || statusName(root);
  const parts = [
    `# ${inline(root.name)}${hasFailed(root) ? " ✖" : ""}`,
    [
      `- **${duration(root.endTime - root.startTime)}**, status ${inline(status)}, started ${isoTime(root.startTime)}`,
      `- ${spans.length} spans in ${services.map((service) => inline(service)).join(", ")}; ${failed.length} failed`,
      `- trace \`${traceId}\``,
    ].join("\n"),
  ];
  const tree = rows.slice(0, MAX_SPANS).map(({ guide, span }) => {
    const took = span.isUnfinished ? "…" : duration(span.endTime - span.startTime);
    const offset = duration(span.startTime - root.startTime);
    return `${guide}${oneLine(span.name)}${hasFailed(span) ? " ✖" : ""}  ${took}  at ${offset}  [${serviceOf(span)}]`;
  });
  if (rows.length > MAX_SPANS) tree.push(`… ${rows.length - MAX_SPANS} more spans`);
  parts.push(`## Spans\n\n${fenced(tree.join("\n"))}`);
  if (failed.length > 0) parts.push(`## What failed\n\n${failed.slice(0, 20).map(failureText).join("\n\n")}`);
  if (!hasFailed(root)) parts.push(`## Attributes of the root\n\n${attributeList(root)}`);
  if (logs.length > 0) {
    const lines = logs
      .slice(0, MAX_LOGS)
      .map((log) => `${isoTime(log.time)} ${levelOf(log).padEnd(5)} ${oneLine(text(log.body), 400)}`);
    if (logs.length > MAX_LOGS) lines.push(`… ${logs.length - MAX_LOGS} more`);
    parts.push(`## Logs\n\n${fenced(lines.join("\n"))}`);
  }
  return parts.join("\n\n");
}

function failureText(span: Span): string {
  const exceptions = span.events.filter(({ name }) => name === "exception").map(exceptionOf);
  const blocks = exceptions.map(({ title, stack }) => fenced(stack === "" ? title : `${title}\n${stack}`));
  const message = span.status.message && exceptions.length === 0 ? `: ${inline(span.status.message)}` : "";
  return [`**${inline(span.name)}**${message}`, ...blocks, attributeList(span)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function attributeList({ attributes }: Span): string {
  const entries = Object.entries(attributes);
  const lines = entries.slice(0, MAX_ATTRIBUTES).map(([key, value]) => `- ${inline(key)}: ${inline(text(value), 400)}`);
  if (entries.length > MAX_ATTRIBUTES) lines.push(`- … ${entries.length - MAX_ATTRIBUTES} more`);
  return lines.join("\n");
}

/** A code block whose fence is longer than every one inside of it. */
function fenced(body: string): string {
  const longest = Math.max(2, ...(body.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${body}\n${fence}`;
}

/** Escaped, so that names of routes do not become markup: HTML, links, @mentions. */
function inline(value: string, maxLength = 120): string {
  return oneLine(value, maxLength)
    .replace(/[\\`*_[\]<>|#~]/g, "\\$&")
    .replace(/@/g, "@\u{200b}");
}

function oneLine(value: string, maxLength = 120): string {
  const line = value.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "");
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

function isoTime(nanos: bigint): string {
  const millis = Number(nanos / 1_000_000n);
  return Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString() : String(nanos);
}
