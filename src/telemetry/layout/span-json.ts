import type { Attributes, AttributeValue, SpanEvent, SpanLink } from "../model.ts";

/** Attributes, events and links as JSON columns of the span table; 64-bit integers are text there. Empty when there is none. */
export function attributesJson(attributes: Attributes): string {
  for (const _ in attributes) return toJson(attributes);
  return "";
}

export function eventsJson(events: readonly SpanEvent[]): string {
  if (events.length === 0) return "";
  return toJson(events.map(({ name, time, attributes }) => ({ name, time: String(time), attributes })));
}

export function linksJson(links: readonly SpanLink[]): string {
  return links.length === 0 ? "" : toJson(links);
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "";
}

/** A value as text; empty when absent. */
export function text(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? toJson(value) : String(value);
}
