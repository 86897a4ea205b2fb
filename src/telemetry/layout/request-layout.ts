import { anyValues, dynamicArchetype, RecordingInfo, StateChange, StateConfiguration } from "../../archetypes/index.ts";
import type { LogRecord, Span } from "../model.ts";
import { CallGraph } from "./call-graph.ts";
import { CAPS, LeftOut } from "./caps.ts";
import { ERROR_COLOUR, kindColour, serviceColour } from "./colours.ts";
import { deweyKeys, type KeyedSpan } from "./dewey.ts";
import { duration, FAILED, millis } from "./labels.ts";
import { type LogRow, writeLogRecord, writeSpanEvent } from "./log-rows.ts";
import { slug } from "./slug.ts";
import { hasFailed, isLocalRoot, kindName, scopeName, serviceOf, statusName } from "./span-facts.ts";
import { attributesJson } from "./span-json.ts";
import { SpanTable } from "./span-table.ts";
import { STATIC, Times } from "./times.ts";
import { writeTraceSummary } from "./trace-summary.ts";

/** A whole trace, as a recording of its own shows it. */
export interface TraceContent {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

/**
 * Writes a trace: the waterfall (an entity a span, its attributes static so that a click shows them wherever the cursor is), its
 * logs, the table, the calls and the summary. Used by live recordings and by `merge` alike.
 */
export function writeTrace(log: LogRow, { spans, logs }: TraceContent): void {
  const keyed = deweyKeys(spans);
  const root = keyed[0]?.span;
  if (root === undefined) return;
  const leftOut = new LeftOut();
  const times = new Times();
  times.at(root.startTime); // elapsed counts from the root
  const services = [...new Set(keyed.map(({ span }) => serviceOf(span)))];
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const table = new SpanTable(log, times);
  const graph = new CallGraph(leftOut);

  log("/__properties", STATIC, recordingInfo(root));
  keyed.forEach((keyedSpan, i) => {
    const { span } = keyedSpan;
    table.write(span);
    graph.add(span);
    for (const event of span.events) writeSpanEvent(log, times.at(event.time), span, event);
    if (i < CAPS.traceSpans) writeSpan(log, times, keyedSpan, services, byId);
    else leftOut.add("spans of a trace");
  });
  for (const record of logs) writeLogRecord(log, times.at(record.time), record);
  for (const service of services) {
    const { resource } = keyed.find(({ span }) => serviceOf(span) === service)?.span as Span;
    const name = services.length === 1 ? "resource" : `resource_${slug(service)}`;
    log(`/__properties/${name}`, STATIC, anyValues(resource.attributes));
  }
  graph.write(log);
  const remarks = leftOut.toString();
  writeTraceSummary(log, root, keyed, spanPath, remarks === "" ? [] : [`not drawn: ${remarks}`]);
}

/** Entities that `writeTrace` makes for spans. */
export function spanEntities({ spans }: TraceContent): number {
  return Math.min(spans.length, CAPS.traceSpans);
}

function spanPath({ key, span }: KeyedSpan): string {
  // "-" sorts before ".", so a span comes before its children
  return `/trace/${key}-${slug(span.name)}`;
}

function writeSpan(
  log: LogRow,
  times: Times,
  keyedSpan: KeyedSpan,
  services: readonly string[],
  byId: ReadonlyMap<string, Span>,
): void {
  const { span, isOrphan } = keyedSpan;
  const path = spanPath(keyedSpan);
  const service = serviceOf(span);
  const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
  const isEntry = parent === undefined || serviceOf(parent) !== service;
  const failed = hasFailed(span);
  const prefix = services.length > 1 && isEntry ? `[${service}] ` : "";
  const label = `${prefix}${span.name} ${duration(span.endTime - span.startTime)}${failed ? FAILED : ""}`;
  const plain =
    services.length > 1 ? serviceColour(services.indexOf(service), span.kind, isEntry) : kindColour(span.kind);
  // of two rows at one time the later one wins: a span of no length would be hidden
  const end = span.endTime > span.startTime ? span.endTime : span.startTime + 1n;
  log(path, times.at(span.startTime), new StateChange(label));
  log(path, times.at(end), new StateChange(""));
  log(path, STATIC, [
    new StateConfiguration({ values: [label], colors: [failed ? ERROR_COLOUR : plain] }),
    dynamicArchetype(
      "Span",
      {
        name: span.name,
        kind: kindName(span.kind),
        status: statusName(span.status),
        status_message: span.status.message,
        duration_ms: millis(span.endTime - span.startTime),
        service,
        scope: scopeName(span.scope),
        trace_id: span.traceId,
        span_id: span.spanId,
        parent_span_id: span.parentSpanId,
        dropped_attributes: span.droppedAttributes,
        dropped_events: span.droppedEvents,
        dropped_links: span.droppedLinks,
        orphan: isOrphan ? true : undefined,
        skew_ms: skewOf(span, parent),
      },
      { types: { duration_ms: "Float64", skew_ms: "Float64" } },
    ),
    dynamicArchetype("Attributes", shownAttributes(span)),
    dynamicArchetype("Links", span.links.length === 0 ? {} : { links: span.links.map(linkText) }),
  ]);
}

/** How far a span of another process sticks out of its parent: clocks differ. Times are never changed. */
function skewOf(span: Span, parent: Span | undefined): number | undefined {
  if (parent === undefined || !isLocalRoot(span)) return undefined;
  if (span.startTime < parent.startTime) return millis(span.startTime - parent.startTime);
  if (span.endTime > parent.endTime) return millis(span.endTime - parent.endTime);
  return undefined;
}

function shownAttributes({ attributes }: Span): Record<string, unknown> {
  const entries = Object.entries(attributes).slice(0, CAPS.attributesOfSpan);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      typeof value === "string" && value.length > CAPS.attributeLength
        ? `${value.slice(0, CAPS.attributeLength - 1)}…`
        : value,
    ]),
  );
}

function linkText({ traceId, spanId, attributes }: Span["links"][number]): string {
  return `${traceId}/${spanId} ${attributesJson(attributes)}`.trimEnd();
}

function recordingInfo(root: Span): RecordingInfo {
  const status = root.attributes["http.response.status_code"] ?? statusName(root.status);
  const name = `${status} · ${duration(root.endTime - root.startTime)} · ${root.name}`;
  return new RecordingInfo({ name, startTime: root.startTime });
}
