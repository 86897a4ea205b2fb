/** How much a span may hold; what is beyond is dropped and counted in the span (OTel spec, "Span Limits"). */
export interface SpanLimits {
  /** Default 128. */
  readonly attributeCountLimit: number;
  /** Characters of a text value. Default unlimited. */
  readonly attributeValueLengthLimit: number;
  /** Default 128; the oldest go first. */
  readonly eventCountLimit: number;
  /** Default 128; the oldest go first. */
  readonly linkCountLimit: number;
  /** Default 128. */
  readonly attributePerEventCountLimit: number;
  /** Default 128. */
  readonly attributePerLinkCountLimit: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `OTEL_SPAN_…_LIMIT`, then `OTEL_ATTRIBUTE_…_LIMIT`, then the default. A value that is not a number is ignored. */
export function spanLimits(given: Partial<SpanLimits> = {}, environment: Environment = process.env): SpanLimits {
  const limit = (value: number | undefined, fallback: number, ...names: string[]): number => {
    if (value !== undefined) return value;
    for (const name of names) {
      const text = environment[name]?.trim();
      if (text && Number.isFinite(Number(text))) return Number(text);
    }
    return fallback;
  };
  return {
    attributeCountLimit: limit(
      given.attributeCountLimit,
      128,
      "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
      "OTEL_ATTRIBUTE_COUNT_LIMIT",
    ),
    attributeValueLengthLimit: limit(
      given.attributeValueLengthLimit,
      Number.POSITIVE_INFINITY,
      "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
      "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    ),
    eventCountLimit: limit(given.eventCountLimit, 128, "OTEL_SPAN_EVENT_COUNT_LIMIT"),
    linkCountLimit: limit(given.linkCountLimit, 128, "OTEL_SPAN_LINK_COUNT_LIMIT"),
    attributePerEventCountLimit: limit(
      given.attributePerEventCountLimit,
      128,
      "OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT",
      "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    ),
    attributePerLinkCountLimit: limit(
      given.attributePerLinkCountLimit,
      128,
      "OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT",
      "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    ),
  };
}
