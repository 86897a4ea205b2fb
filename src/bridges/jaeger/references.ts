import type { SpanLink } from "../../telemetry/model.ts";
import { spanId, traceId } from "../ids.ts";
import { type Fields, list, text } from "../json/fields.ts";

/**
 * Jaeger writes parents and links alike, as references. The parent is the first CHILD_OF of the same trace; without one, the first
 * reference to the same trace. Whatever is left is a link, and one to another trace always (jaeger-ui#4320).
 */
export function familyOf(
  span: Fields,
  trace: string,
): { readonly parent: string | undefined; readonly links: readonly SpanLink[] } {
  const references = list(span.references).map((reference) => ({
    type: text(reference.refType),
    traceId: traceId(reference.traceID).id,
    spanId: spanId(reference.spanID).id,
  }));
  const inTrace = references.filter((reference) => reference.traceId === trace && reference.spanId !== "");
  const parent = inTrace.find(({ type }) => type === "CHILD_OF") ?? inTrace[0];
  return {
    parent: parent?.spanId ?? (spanId(span.parentSpanID).id || undefined),
    links: references
      .filter((reference) => reference !== parent)
      .map(({ type, ...ids }) => ({ ...ids, attributes: { "opentracing.ref_type": type.toLowerCase() } })),
  };
}
