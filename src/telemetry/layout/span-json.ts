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
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // A bigint. The replacer is a call for each value: 8 attributes took 1.8 µs with it, 1.1 µs without.
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "";
  }
}

/** A value as text; empty when absent. */
export function text(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? toJson(value) : String(value);
}
