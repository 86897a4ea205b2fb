import {
  type Context,
  context as contextApi,
  type Span,
  type SpanOptions,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { type ApiCopy, forEachApiCopy } from "./api-copies.ts";
import { afterCalls } from "./cover.ts";
import { foreignProvider, isProxy } from "./provide-tracing.ts";
import { RecordingSpanProcessor, type RecordingSpanProcessorOptions } from "./recording-span-processor.ts";
import { RecordingTracerProvider } from "./recording-tracer-provider.ts";
import type { ReadableSpan } from "./types.ts";

/**
 * Records the spans of a provider that the application registers itself, and that has no processor of ours: what `register` is for.
 *
 *   setGlobalTracerProvider(p) ─▶ p.getTracer() ─▶ tracer.startSpan() ─▶ onStart        span.end() ─▶ onEnd
 *
 * Only public methods of the objects involved are covered. Processors can not be added to a provider of SDK 2.x and 3.x. A
 * span that a processor of the application's puts into the same recording is written once.
 */
export function installTap(options: RecordingSpanProcessorOptions = {}): Disposable {
  processor ??= new RecordingSpanProcessor(options);
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
  afterCalls(provider, "getTracer", (tracer) => tapTracer(tracer as Tracer));
}

/** `startActiveSpan` goes through the tracer's own `startSpan` in all SDK lines. */
function tapTracer(tracer: Tracer): void {
  if (!isFirst(tracer)) return;
  afterCalls(tracer, "startSpan", (span, [, options, context]) => {
    if (isOn) tapSpan(span as Span, (options ?? {}) as SpanOptions, (context as Context) ?? contextApi.active());
  });
}

function tapSpan(span: Span, options: SpanOptions, context: Context): void {
  if (!span.isRecording() || !isReadable(span) || !isFirst(span)) return;
  processor?.onStart(span, options.root === true ? trace.deleteSpan(context) : context);
  let isOver = false;
  afterCalls(span, "end", () => {
    if (isOver || span.isRecording()) return;
    isOver = true;
    processor?.onEnd(span);
  });
}

function isFirst(object: object): boolean {
  if (tapped.has(object)) return false;
  tapped.add(object);
  return true;
}

function isReadable(span: Span): span is Span & ReadableSpan {
  return "startTime" in span && "attributes" in span && "resource" in span;
}
