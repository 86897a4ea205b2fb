import {
  type Context,
  createTraceState,
  diag,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { checkedOptions, optionNames } from "../../option-names.ts";
import { getDataRecording } from "../../recording/context/active-recording.ts";
import { contextWithRecording, recordingForContext } from "../../recording/context/scope.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import {
  IncomingRecordings,
  type IncomingRecordingsOptions,
  isRecordingId,
} from "../recordings/incoming-recordings.ts";
import { baggageEntry, baggageHeader } from "./baggage-header.ts";
import { isTracingSuppressed } from "./context-keys.ts";

const TRACE_PARENT = "traceparent";
const TRACE_STATE = "tracestate";
const RECORDING = "x-rerun-recording";
const BAGGAGE = "baggage";
const BAGGAGE_KEY = "rerun.recording_id";
/** version - trace id - parent id - flags; a version after 00 may append more fields. */
const TRACE_PARENT_FORM = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
/** A header is 55 characters in version 00. Nobody sends much more in good faith. */
const MAX_TRACE_PARENT_LENGTH = 512;
/** "sampled" and, from level 2 on, "random": others are sent as 0 (W3C Trace Context §3.2.2.5). */
const KNOWN_FLAGS = 0b11;

export interface RecordingPropagatorOptions {
  /**
   * The recording of a request, by its headers: `(header) => tenants.get(header("x-tenant"))`. The application's own choice, which comes
   * before ids from outside. Undefined: no choice.
   */
  readonly recordingFor?: (header: (name: string) => string | undefined) => RecordingStream | undefined;
  /** Which recordings other services may name. Default: none; ids that arrive count for nothing. */
  readonly incoming?: IncomingRecordingsOptions;
  /** Whether requests to other services name the recording of their context. Default: whether `incoming` is given. */
  readonly sendRecordingId?: boolean;
}

const NAMES = optionNames<RecordingPropagatorOptions>({ recordingFor: true, incoming: true, sendRecordingId: true });

/**
 * W3C Trace Context: carries trace id, parent span and sampling between services by `traceparent` and `tracestate`. A header that
 * is malformed, repeated or oversized counts as absent.
 *
 * With options it also attaches a recording to the context of each request, which is where handlers, listeners and span processors
 * look for it, and carries recording ids between services, by `x-rerun-recording` and by `rerun.recording_id` in W3C `baggage`:
 *
 *   shop ── inject ─▶ x-rerun-recording: 7f0c…  ── extract ─▶ form? allowed? open or opened? ─▶ context with recording 7f0c…
 */
export class RecordingPropagator implements TextMapPropagator {
  readonly #recordingFor: RecordingPropagatorOptions["recordingFor"];
  readonly #incoming: IncomingRecordings | undefined;
  readonly #sendsId: boolean;
  readonly #fields: string[];

  /** @throws RerunError ERR_RERUN_ARGUMENT if `incoming` lacks what it needs. */
  constructor(given: RecordingPropagatorOptions = {}) {
    const options = checkedOptions("RecordingPropagator", given, NAMES);
    this.#recordingFor = options.recordingFor;
    this.#incoming = options.incoming && new IncomingRecordings(options.incoming);
    this.#sendsId = options.sendRecordingId ?? options.incoming !== undefined;
    this.#fields = [TRACE_PARENT, TRACE_STATE, ...(this.#sendsId ? [RECORDING, BAGGAGE] : [])];
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const spanContext = trace.getSpanContext(context);
    if (spanContext !== undefined && isSpanContextValid(spanContext)) {
      const { traceId, spanId, traceFlags, traceState } = spanContext;
      setter.set(carrier, TRACE_PARENT, `00-${traceId}-${spanId}-0${traceFlags & KNOWN_FLAGS}`);
      const state = traceState?.serialize();
      if (state) setter.set(carrier, TRACE_STATE, state);
    }
    if (this.#sendsId) this.#injectRecording(context, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const recording = this.#recordingOf(carrier, getter);
    const extracted = recording === undefined ? context : contextWithRecording(context, recording);
    const parent = parseTraceParent(single(getter.get(carrier, TRACE_PARENT)));
    if (parent === undefined) return extracted;
    const states = getter.get(carrier, TRACE_STATE);
    const state = Array.isArray(states) ? states.join(",") : states;
    if (typeof state === "string" && state !== "") parent.traceState = createTraceState(state);
    return trace.setSpanContext(extracted, parent);
  }

  /** The same array each time: how `provideTracing` recognises its own propagator through the API. */
  fields(): string[] {
    return this.#fields;
  }

  #injectRecording(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const recording = recordingForContext(context) ?? getDataRecording();
    if (recording?.isEnabled() !== true || !isRecordingId(recording.recordingId)) return;
    setter.set(carrier, RECORDING, recording.recordingId);
    const baggage = baggageHeader(context, BAGGAGE_KEY, recording.recordingId);
    if (baggage !== undefined) setter.set(carrier, BAGGAGE, baggage);
  }

  #recordingOf(carrier: unknown, getter: TextMapGetter): RecordingStream | undefined {
    try {
      const chosen = this.#recordingFor?.((name) => single(getter.get(carrier, name.toLowerCase())));
      if (chosen !== undefined) return chosen;
    } catch (error) {
      diag.error("otel-rerun: recordingFor threw, which counts as no choice", error);
    }
    if (this.#incoming === undefined) return undefined;
    const own = getter.get(carrier, RECORDING);
    const baggage = getter.get(carrier, BAGGAGE);
    // Who sends the header means it: the baggage of a service before him does not stand in for one that is malformed.
    const id =
      own === undefined ? baggageEntry(Array.isArray(baggage) ? baggage.join(",") : baggage, BAGGAGE_KEY) : single(own);
    return this.#incoming.get(id);
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
