import { dynamicArchetype, StateChange, StateConfiguration } from "../../archetypes/index.ts";
import type { Attributes, Span } from "../model.ts";
import { CAPS } from "./caps.ts";
import { ERROR_COLOUR, kindColour, serviceColour, UNFINISHED_COLOUR } from "./colours.ts";
import type { ComponentNames } from "./component-names.ts";
import type { KeyedSpan } from "./dewey.ts";
import { duration, FAILED, millis } from "./labels.ts";
import type { LogRow } from "./log-rows.ts";
import { skewMillis } from "./skew.ts";
import { slug } from "./slug.ts";
import { hasFailed, kindName, scopeName, serviceOf, statusName } from "./span-facts.ts";
import { attributesJson } from "./span-json.ts";
import { STATIC, type Times } from "./times.ts";

/** `/trace/01.02-read_cart`. "-" sorts before ".", so a span comes before its children. */
export function spanPath({ key, span }: KeyedSpan): string {
  return `/trace/${key}-${slug(span.name)}`;
}

/**
 * A bar of the waterfall: two rows, and everything that is known of the span as static fields.
 *
 * @param services of the trace, in order of appearance.
 * @param names of attributes in this recording.
 */
export function writeSpanEntity(
  log: LogRow,
  times: Times,
  keyedSpan: KeyedSpan,
  parent: Span | undefined,
  services: readonly string[],
  names: ComponentNames,
): void {
  const { span, isOrphan } = keyedSpan;
  const path = spanPath(keyedSpan);
  const service = serviceOf(span);
  const isEntry = parent === undefined || serviceOf(parent) !== service;
  const prefix = services.length > 1 && isEntry ? `[${service}] ` : "";
  const label = `${prefix}${span.name} ${outcome(span)}`;
  const plain =
    services.length > 1 ? serviceColour(services.indexOf(service), span.kind, isEntry) : kindColour(span.kind);
  const colour = span.isUnfinished ? UNFINISHED_COLOUR : hasFailed(span) ? ERROR_COLOUR : plain;
  log(path, times.at(span.startTime), new StateChange(label));
  if (!span.isUnfinished) {
    // of two rows at one time the later one wins: a span of no length would be hidden
    const end = span.endTime > span.startTime ? span.endTime : span.startTime + 1n;
    log(path, times.at(end), new StateChange(""));
  }
  log(path, STATIC, [
    new StateConfiguration({ values: [label], colors: [colour] }),
    dynamicArchetype(
      "Span",
      {
        name: span.name,
        kind: kindName(span.kind),
        status: statusName(span),
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
        skew_ms: skewMillis(span, parent),
      },
      { types: { duration_ms: "Float64", skew_ms: "Float64" } },
    ),
    dynamicArchetype("Attributes", names.of(shownAttributes(span))),
    dynamicArchetype("Links", span.links.length === 0 ? {} : { links: span.links.map(linkText) }),
  ]);
}

function outcome(span: Span): string {
  if (span.isUnfinished) return "…";
  return `${duration(span.endTime - span.startTime)}${hasFailed(span) ? FAILED : ""}`;
}

function shownAttributes({ attributes }: Span): Attributes {
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
