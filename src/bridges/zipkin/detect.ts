import { type Fields, isFields, list } from "../json/fields.ts";

/** A span of Zipkin v2: its own id is `id`. */
export function isZipkinSpan(value: Fields): boolean {
  return typeof value.traceId === "string" && typeof value.id === "string" && !isZipkinV1(value);
}

/** Version 1 has endpoints on annotations, and binary annotations in place of tags. */
export function isZipkinV1(value: Fields): boolean {
  if (value.traceId === undefined || value.id === undefined) return false;
  return Array.isArray(value.binaryAnnotations) || list(value.annotations).some(({ endpoint }) => isFields(endpoint));
}
