import {
  type Context,
  createTraceState,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "./context-keys.ts";

const TRACE_PARENT = "traceparent";
const TRACE_STATE = "tracestate";
/** version - trace id - parent id - flags; a version after 00 may append more fields. */
const TRACE_PARENT_FORM = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
/** A header is 55 characters in version 00. Nobody sends much more in good faith. */
const MAX_TRACE_PARENT_LENGTH = 512;
/** "sampled" and, from level 2 on, "random": others are sent as 0 (W3C Trace Context §3.2.2.5). */
const KNOWN_FLAGS = 0b11;

/**
 * W3C Trace Context: carries trace id, parent span and sampling between services by `traceparent` and `tracestate`. A header that
 * is malformed, repeated or oversized counts as absent.
 */
export class RecordingPropagator implements TextMapPropagator {
  readonly #fields = [TRACE_PARENT, TRACE_STATE];

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const spanContext = trace.getSpanContext(context);
    if (spanContext === undefined || isTracingSuppressed(context) || !isSpanContextValid(spanContext)) return;
    const { traceId, spanId, traceFlags, traceState } = spanContext;
    setter.set(carrier, TRACE_PARENT, `00-${traceId}-${spanId}-0${traceFlags & KNOWN_FLAGS}`);
    const state = traceState?.serialize();
    if (state) setter.set(carrier, TRACE_STATE, state);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const parent = parseTraceParent(single(getter.get(carrier, TRACE_PARENT)));
    if (parent === undefined) return context;
    const states = getter.get(carrier, TRACE_STATE);
    const state = Array.isArray(states) ? states.join(",") : states;
    if (typeof state === "string" && state !== "") parent.traceState = createTraceState(state);
    return trace.setSpanContext(context, parent);
  }

  /** The same array each time: how `provideTracing` recognises its own propagator through the API. */
  fields(): string[] {
    return this.#fields;
  }
}

/** Two values of `traceparent` contradict each other: none counts. */
function single(value: undefined | string | string[]): string | undefined {
  if (!Array.isArray(value)) return value;
  return value.length === 1 ? value[0] : undefined;
}

function parseTraceParent(header: string | undefined): SpanContext | undefined {
  if (typeof header !== "string" || header.length > MAX_TRACE_PARENT_LENGTH) return undefined;
  const [, version, traceId, spanId, flags, rest] = TRACE_PARENT_FORM.exec(header.trim()) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  const parent: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? parent : undefined;
}
