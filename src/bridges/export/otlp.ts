import { serviceOf } from "../../telemetry/layout/span-facts.ts";
import type { Trace } from "../../telemetry/merge/trace-collector.ts";
import type { Attributes, AttributeValue, Resource, Span } from "../../telemetry/model.ts";

/**
 * Traces as OTLP JSON: one `ExportTraceServiceRequest`, as OTLP/HTTP takes it and as `convert` reads it. Ids are hex, 64-bit
 * integers text (opentelemetry-proto, "JSON Protobuf Encoding").
 */
export function toOtlp(traces: readonly Trace[]): string {
  const services = new Map<string, { readonly resource: Resource; readonly scopes: Map<string, Span[]> }>();
  for (const span of traces.flatMap(({ spans }) => spans)) {
    const service = serviceOf(span);
    let of = services.get(service);
    if (of === undefined) {
      of = { resource: span.resource, scopes: new Map() };
      services.set(service, of);
    }
    const scope = JSON.stringify([span.scope.name, span.scope.version]);
    const spans = of.scopes.get(scope);
    if (spans === undefined) of.scopes.set(scope, [span]);
    else spans.push(span);
  }
  const resourceSpans = [...services.values()].map(({ resource, scopes }) => ({
    resource: { attributes: keyValues(resource.attributes) },
    scopeSpans: [...scopes.values()].map((spans) => ({ scope: spans[0]?.scope, spans: spans.map(spanJson) })),
  }));
  return `${JSON.stringify({ resourceSpans })}\n`;
}

function spanJson(span: Span): Record<string, unknown> {
  const { parentSpanId, status, droppedAttributes, droppedEvents, droppedLinks } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: span.name,
    kind: span.kind + 1, // the proto's numbers begin with "unspecified"
    startTimeUnixNano: String(span.startTime),
    endTimeUnixNano: String(span.endTime),
    attributes: keyValues(span.attributes),
    ...(span.events.length > 0 && {
      events: span.events.map(({ name, time, attributes }) => ({
        timeUnixNano: String(time),
        name,
        attributes: keyValues(attributes),
      })),
    }),
    ...(span.links.length > 0 && {
      links: span.links.map(({ traceId, spanId, attributes }) => ({
        traceId,
        spanId,
        attributes: keyValues(attributes),
      })),
    }),
    status: { ...(status.code !== 0 && { code: status.code }), ...(status.message && { message: status.message }) },
    ...(droppedAttributes && { droppedAttributesCount: droppedAttributes }),
    ...(droppedEvents && { droppedEventsCount: droppedEvents }),
    ...(droppedLinks && { droppedLinksCount: droppedLinks }),
  };
}

function keyValues(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): Record<string, unknown> {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "bigint":
      return { intValue: String(value) };
    case "number":
      if (Number.isSafeInteger(value)) return { intValue: String(value) };
      // JSON has no NaN nor Infinity; the protobuf mapping writes them as text
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    default:
      if (value === null) return {};
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
      return { kvlistValue: { values: keyValues(value as Attributes) } };
  }
}
