import type { Attributes } from "@opentelemetry/api";
import { listVariable } from "../redaction-options.ts";

/** Names of headers, in any case. */
export interface RecordedHeaders {
  readonly request?: readonly string[];
  readonly response?: readonly string[];
}

/** Requests that are answered here, or those that are sent from here. */
type Side = "server" | "client";
/** Name and attribute key of each. */
type Wanted = readonly (readonly [name: string, key: string])[];

const VARIABLES = { server: "OTEL_RERUN_RECORD_HEADERS", client: "OTEL_RERUN_RECORD_CLIENT_HEADERS" } as const;
const NONE: Attributes = Object.freeze({});

const wanted: Partial<Record<Side, { readonly request: Wanted; readonly response: Wanted }>> = {};

export function setRecordedHeaders(side: Side, { request = [], response = [] }: RecordedHeaders): void {
  const keyed = (message: string, names: readonly string[]): Wanted =>
    names.map((name) => [name.toLowerCase(), `http.${message}.header.${name.toLowerCase()}`]);
  wanted[side] = { request: keyed("request", request), response: keyed("response", response) };
}

function wantedHeaders(side: Side): { readonly request: Wanted; readonly response: Wanted } {
  if (wanted[side] === undefined) {
    const names = listVariable(VARIABLES[side]);
    setRecordedHeaders(side, { request: names, response: names });
  }
  return wanted[side] as { readonly request: Wanted; readonly response: Wanted };
}

/**
 * Attributes of the headers that were asked for, as lists of texts (semantic conventions, "HTTP request and response headers").
 * @param read what a message has under a name in lower case
 */
export function headerAttributes(
  side: Side,
  message: "request" | "response",
  read: (name: string) => unknown,
): Attributes {
  const names = wantedHeaders(side)[message];
  if (names.length === 0) return NONE;
  const attributes: Attributes = {};
  for (const [name, key] of names) {
    const value = read(name);
    if (value !== undefined) attributes[key] = Array.isArray(value) ? value.map(String) : [String(value)];
  }
  return attributes;
}
