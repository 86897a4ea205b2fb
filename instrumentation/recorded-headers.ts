import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Attributes, Span } from "@opentelemetry/api";
import { listVariable } from "./redaction-options.ts";

/** Names of headers, in any case. */
export interface RecordedHeaders {
  readonly request?: readonly string[];
  readonly response?: readonly string[];
}

/** Name and attribute key of each. */
type Wanted = readonly (readonly [name: string, key: string])[];

let wanted: { readonly request: Wanted; readonly response: Wanted } | undefined;

export function setRecordedHeaders({ request = [], response = [] }: RecordedHeaders): void {
  const keyed = (side: string, names: readonly string[]): Wanted =>
    names.map((name) => [name.toLowerCase(), `http.${side}.header.${name.toLowerCase()}`]);
  wanted = { request: keyed("request", request), response: keyed("response", response) };
}

function wantedHeaders(): NonNullable<typeof wanted> {
  if (wanted === undefined) {
    const names = listVariable("OTEL_RERUN_RECORD_HEADERS");
    setRecordedHeaders({ request: names, response: names });
  }
  return wanted as NonNullable<typeof wanted>;
}

export function addRequestHeaders(attributes: Attributes, headers: IncomingHttpHeaders): void {
  for (const [name, key] of wantedHeaders().request) {
    const value = headers[name];
    if (value !== undefined) attributes[key] = Array.isArray(value) ? value : [value];
  }
}

export function recordResponseHeaders(span: Span, response: ServerResponse): void {
  for (const [name, key] of wantedHeaders().response) {
    const value = response.getHeader(name);
    if (value !== undefined) span.setAttribute(key, Array.isArray(value) ? value : [String(value)]);
  }
}
