import {
  type Context,
  context as contextApi,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Sampler,
  SamplingDecision,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { getDataRecording } from "../../recording/context/active-recording.ts";
import { recordingForContext } from "../../recording/context/scope.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import type { Resource, Scope } from "../../telemetry/model.ts";
import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { isTracingSuppressed, traceIdFrom } from "../context/context-keys.ts";
import { recordingOfTree, setRecordingOfSpan } from "../recordings/tree-recordings.ts";
import { RecordingSpan } from "./recording-span.ts";
import { limitAttributes } from "./span-attributes.ts";
import { newSpanId, newTraceId } from "./span-ids.ts";
import type { SpanLimits } from "./span-limits.ts";

/** What all tracers of a provider share. */
export interface TracerConfig {
  readonly recording: RecordingStream | undefined;
  readonly includeUnsampled: boolean;
  readonly sampler: Sampler;
  /** The sampler was given by the application: it may look at attributes, or change them. */
  readonly hasForeignSampler: boolean;
  readonly limits: SpanLimits;
  resourceOf(recording: RecordingStream): Resource;
}

const NO_OPTIONS: SpanOptions = {};

/** Starts spans that go straight into the recording of their context. */
export class RecordingTracer implements Tracer {
  readonly #config: TracerConfig;
  readonly #scope: Scope;

  constructor(scope: Scope, config: TracerConfig) {
    this.#scope = scope;
    this.#config = config;
  }

  /** Without a recording, or when suppressed or sampled out, a span that only hands its context on. */
  startSpan(name: string, given?: SpanOptions, from?: Context): Span {
    // null, which a program without types may give, is as good as nothing
    const options = given ?? NO_OPTIONS;
    const context = from ?? contextApi.active();
    const parentContext = options.root === true ? trace.deleteSpan(context) : context;
    if (isTracingSuppressed(parentContext)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

    const parentSpan = trace.getSpan(parentContext);
    const above = parentSpan?.spanContext();
    const parent = above !== undefined && isSpanContextValid(above) ? above : undefined;
    const { sampler, limits } = this.#config;
    const kind = options.kind ?? SpanKind.INTERNAL;
    const announced = kind === SpanKind.SERVER ? traceIdFrom(parentContext) : undefined;
    const traceId = parent?.traceId ?? announced ?? newTraceId();
    const tree = this.#config.recording === undefined ? recordingOfTree(parentContext, traceId, kind) : undefined;
    const recording = tree ?? this.#recordingFor(parentContext, parentSpan);
    if (recording === undefined || !recording.isEnabled()) return trace.wrapSpanContext(parent ?? INVALID_SPAN_CONTEXT);

    // Ours do not look at attributes; others get a copy of their own, of what a span may hold.
    const attributes = this.#config.hasForeignSampler
      ? limitAttributes(options.attributes, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY).attributes
      : (options.attributes ?? {});
    const sampling = sampler.shouldSample(parentContext, traceId, name, kind, attributes, options.links ?? []);
    const isSampled = sampling.decision === SamplingDecision.RECORD_AND_SAMPLED;
    const spanContext: SpanContext = {
      traceId,
      spanId: newSpanId(),
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    };
    const traceState = sampling.traceState ?? parent?.traceState;
    if (traceState !== undefined) spanContext.traceState = traceState;
    if (sampling.decision === SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext);

    const span = new RecordingSpan({
      recording,
      recorder: isSampled || this.#config.includeUnsampled ? telemetryRecorder(recording) : undefined,
      limits,
      resource: this.#config.resourceOf(recording),
      scope: this.#scope,
      spanContext,
      parentSpanContext: parent,
      name,
      kind,
      startTime: options.startTime,
      attributes: sampling.attributes === undefined ? attributes : { ...attributes, ...sampling.attributes },
      links: options.links,
    });
    if (tree !== undefined) setRecordingOfSpan(span, tree);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  /** Calls the last argument with the span active. Does not end the span. */
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    const fn = rest[rest.length - 1] as F;
    if (typeof fn !== "function") return undefined as ReturnType<F>;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : undefined;
    const parentContext = rest.length > 2 ? (rest[1] as Context) : contextApi.active();
    const span = this.startSpan(name, options, parentContext);
    return contextApi.with(trace.setSpan(parentContext, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }

  #recordingFor(context: Context, parentSpan: Span | undefined): RecordingStream | undefined {
    return (
      this.#config.recording ??
      recordingForContext(context) ??
      (parentSpan === undefined ? undefined : RecordingSpan.recordingOf(parentSpan)) ??
      getDataRecording()
    );
  }
}
