import { setOwn } from "../../otel/attributes.ts";
import type { Attributes, AttributeValue, Resource, Span, SpanEvent, SpanStatus } from "../../telemetry/model.ts";
import { SpanKind } from "../../telemetry/model.ts";
import type { Decoded } from "../decoded.ts";
import { spanId, traceId } from "../ids.ts";
import { scopeOfTags, statusOfTags } from "../jaeger/decode.ts";
import { type Fields, isFields, list, number, text } from "../json/fields.ts";
import { noted, withOriginals } from "../otlp/spans.ts";
import { micros } from "../times.ts";
import { isZipkinSpan } from "./detect.ts";

/** A span of Zipkin v2. False: it is something else. */
export function decodeZipkin(value: Fields, decoded: Decoded): boolean {
  if (!isZipkinSpan(value)) return false;
  const trace = noted(traceId(value.traceId), decoded);
  const own = noted(spanId(value.id), decoded);
  const parent = noted(spanId(value.parentId), decoded).id;
  const startTime = micros(value.timestamp);
  const duration = micros(value.duration);
  if (duration === 0n) decoded.note("spans without an end");
  const tags = tagsOf(value.tags);
  const span: Span = {
    traceId: trace.id,
    spanId: own.id,
    ...(parent === "" ? {} : { parentSpanId: parent }),
    name: text(value.name),
    kind: SpanKind[text(value.kind).toLowerCase() as keyof typeof SpanKind] ?? SpanKind.internal,
    startTime,
    endTime: startTime === 0n ? 0n : startTime + duration,
    status: statusOf(tags),
    attributes: { ...tags, ...peerOf(value.remoteEndpoint) },
    events: list(value.annotations).map(eventOf),
    links: [],
    scope: scopeOfTags(tags),
    resource: resourceOf(value.localEndpoint),
  };
  decoded.span(withOriginals(span, trace, own));
  return true;
}

const resources = new Map<string, Resource>();
const UNKNOWN: Resource = { attributes: {} };

/** One object a service: the recorder knows resources by identity. */
function resourceOf(endpoint: unknown): Resource {
  const service = isFields(endpoint) ? text(endpoint.serviceName) : "";
  if (service === "") return UNKNOWN;
  let resource = resources.get(service);
  if (resource === undefined) {
    if (resources.size >= 1000) resources.clear();
    resource = { attributes: { "service.name": service } };
    resources.set(service, resource);
  }
  return resource;
}

function tagsOf(value: unknown): Record<string, AttributeValue> {
  const tags: Record<string, AttributeValue> = {};
  if (isFields(value)) for (const [key, tag] of Object.entries(value)) setOwn(tags, key, text(tag));
  return tags;
}

/** Any `error` but "false" is one; its value is the message. */
function statusOf(tags: Attributes): SpanStatus {
  const { error } = tags;
  if (error === undefined || error === "false") return statusOfTags({ ...tags, error: "false" });
  const message = text(tags["otel.status_description"]) || text(error);
  return message === "" || message === "true" ? { code: 2 } : { code: 2, message };
}

/** An annotation: its value is its name (grafana#118073). */
function eventOf(annotation: Fields): SpanEvent {
  return { name: text(annotation.value), time: micros(annotation.timestamp), attributes: {} };
}

/** The other side, by the names that OpenTelemetry's exporter for Zipkin reads. */
function peerOf(endpoint: unknown): Attributes {
  if (!isFields(endpoint)) return {};
  const service = text(endpoint.serviceName);
  const address = text(endpoint.ipv4) || text(endpoint.ipv6);
  const port = number(endpoint.port);
  return {
    ...(service === "" ? {} : { "peer.service": service }),
    ...(address === "" ? {} : { "network.peer.address": address }),
    ...(port === undefined || port === 0 ? {} : { "network.peer.port": port }),
  };
}
