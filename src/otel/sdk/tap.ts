import {
  type Context,
  context as contextApi,
  type Span,
  type SpanOptions,
  type TimeInput,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Resource, Scope } from "../../telemetry/model.ts";
import { afterCalls } from "../cover.ts";
import { recordingOfSpan, setRecordingOfSpan } from "../recordings/tree-recordings.ts";
import { type ApiCopy, forEachApiCopy } from "../tracer/api-copies.ts";
import { foreignProvider, isProxy } from "../tracer/provide-tracing.ts";
import { RecordingTracerProvider } from "../tracer/recording-tracer-provider.ts";
import { MirroredSpan } from "./mirrored-span.ts";
import { providerServiceName } from "./provider-service-name.ts";
import { RecordingSpanProcessor, type RecordingSpanProcessorOptions } from "./recording-span-processor.ts";
import { createResourceAttributes } from "./resource.ts";
import type { ReadableResource, ReadableSpan } from "./types.ts";

export interface TapOptions extends RecordingSpanProcessorOptions {
  /** Attributes of the service, for spans that do not say them. Default: from the `OTEL_*` variables. */
  readonly resource?: ReadableResource;
  /** Told what the application calls its service, when it registers a provider that knows. */
  readonly onServiceName?: (name: string) => void;
}

/**
 * Records the spans of a provider that the application registers itself, and that has no processor of ours: what `register` is for.
 *
 *   setGlobalTracerProvider(p) ─▶ p.getTracer() ─▶ tracer.startSpan() ─▶ onStart        span.end() ─▶ onEnd
 *
 * Only public methods of the objects involved are covered. Processors can not be added to a provider of SDK 2.x and 3.x. A
 * span that a processor of the application's puts into the same recording is written once. Spans that cannot be read, since
 * their provider is not built on OpenTelemetry's SDK, are written from the calls made on them (`mirrored-span.ts`).
 */
export function installTap({ resource: given, onServiceName: tellName, ...options }: TapOptions = {}): Disposable {
  processor ??= new RecordingSpanProcessor(options);
  resource = { attributes: createResourceAttributes(given?.attributes, "unknown_service") };
  onServiceName = tellName;
  isOn = true;
  forEachApiCopy(watchRegistration);
  tapForeignProvider();
  return {
    [Symbol.dispose]: () => {
      isOn = false;
    },
  };
}

/** Taps the provider that is registered by now, for instance through a copy of the API that is not watched. */
export function tapForeignProvider(): void {
  const provider = isOn ? foreignProvider() : undefined;
  if (provider !== undefined) tapProvider(provider);
}

let processor: RecordingSpanProcessor | undefined;
let resource: Resource | undefined;
let onServiceName: TapOptions["onServiceName"];
let isOn = false;
const tapped = new WeakSet<object>();

function watchRegistration(api: ApiCopy): void {
  afterCalls(api.trace, "setGlobalTracerProvider", (isRegistered) => {
    if (isRegistered === true) tapForeignProvider();
  });
  // the registration that is under way may be what has brought us here (instrumentation/first-api-use.ts)
  const proxy = api.trace.getTracerProvider();
  if (isProxy(proxy)) afterCalls(proxy, "setDelegate", tapForeignProvider);
  // Something may have been registered through this copy while it was not watched.
  tapForeignProvider();
}

/** Tracers that were made before are of the API's proxy, and ask the provider for theirs at their first span. */
function tapProvider(provider: { getTracer: Function }): void {
  if (provider instanceof RecordingTracerProvider || !isFirst(provider)) return;
  const name = providerServiceName(provider);
  if (name !== undefined) onServiceName?.(name);
  afterCalls(provider, "getTracer", (tracer, [name, version]) => {
    tapTracer(tracer as Tracer, { name: String(name ?? ""), ...(typeof version === "string" && { version }) });
  });
}

/** `startActiveSpan` goes through the tracer's own `startSpan` in all SDK lines, and in Sentry's. */
function tapTracer(tracer: Tracer, scope: Scope): void {
  if (!isFirst(tracer)) return;
  afterCalls(tracer, "startSpan", (span, [name, given, context]) => {
    if (!isOn) return;
    const options = (given ?? {}) as SpanOptions;
    const parent = (context as Context) ?? contextApi.active();
    tapSpan(span as Span, String(name), options, options.root === true ? trace.deleteSpan(parent) : parent, scope);
  });
}

function tapSpan(span: Span, name: string, options: SpanOptions, context: Context, scope: Scope): void {
  if (!span.isRecording() || !isFirst(span)) return;
  const mirror = isReadable(span)
    ? undefined
    : new MirroredSpan(span, { name, options, context, scope, resource: resource ?? { attributes: {} } });
  const readable = mirror?.readable ?? (span as Span & ReadableSpan);
  processor?.onStart(readable, context);
  const recording = mirror === undefined ? undefined : recordingOfSpan(readable);
  if (recording !== undefined) setRecordingOfSpan(span, recording);
  let isOver = false;
  afterCalls(span, "end", (_, [endTime]) => {
    if (isOver || span.isRecording()) return;
    isOver = true;
    mirror?.end(endTime as TimeInput | undefined);
    processor?.onEnd(readable);
  });
}

function isFirst(object: object): boolean {
  if (tapped.has(object)) return false;
  tapped.add(object);
  return true;
}

function isReadable(span: Span): boolean {
  return "startTime" in span && "attributes" in span && "resource" in span;
}
