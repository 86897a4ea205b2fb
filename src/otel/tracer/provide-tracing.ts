import {
  context as contextApi,
  diag,
  type ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import { processState } from "../../recording/process/process-state.ts";
import { RecordingContextManager } from "../context/recording-context-manager.ts";
import { RecordingPropagator } from "../context/recording-propagator.ts";
import { beforeCalls } from "../cover.ts";
import { type ApiCopy, apiCopies, findEsmApi, forEachApiCopy } from "./api-copies.ts";
import { FallbackTracerProvider } from "./fallback-tracer-provider.ts";
import { RecordingTracerProvider, type RecordingTracerProviderOptions } from "./recording-tracer-provider.ts";

/**
 * Makes the API's tracers deliver spans in a process where nobody set OpenTelemetry up, without standing in the way of somebody who
 * does so later: what the application registers wins, at any time.
 *
 * - The tracer provider is not registered. It is the *delegate* of the API's own proxy, which a registration replaces.
 * - Context manager and propagator have no such proxy, and a second registration is refused. So ours are registered, at the first
 *   request or span and only if there is none, and the API's `setGlobal…` methods are covered to take ours away first.
 *
 * A context manager that is replaced goes on serving the requests that are under way, since their scopes are in the storage.
 */
export function ensureTracing(): void {
  try {
    forEachApiCopy(prepare);
    // Each time anew, since `trace.disable()` makes a new proxy, which needs the delegate again.
    for (const api of apiCopies()) offerFallback(api);
    provideContextManager();
    providePropagator();
  } catch (error) {
    // What is registered is foreign code (I1).
    diag.error("otel-rerun: could not set tracing up", error);
  }
  // An application of ES modules may have a copy of the API that we have not seen.
  if (process.mainModule === undefined) void findEsmApi();
}

/**
 * The half of `ensureTracing` that registers nothing: spans of the API's tracers are recorded from now on, and the first of them
 * brings the rest.
 */
export function offerTracing(): void {
  try {
    forEachApiCopy(prepare);
  } catch (error) {
    diag.error("otel-rerun: could not set tracing up", error);
  }
}

/**
 * The tracer provider that the application registered, of whatever SDK. Each copy of the API is asked: a newer one does not see what was
 * registered with an older one.
 */
export function foreignProvider(): TracerProvider | undefined {
  for (const api of apiCopies()) {
    const provider = api.trace.getTracerProvider();
    const delegate = isProxy(provider) ? provider.getDelegate() : provider;
    if (delegate !== noopProvider(api) && !FallbackTracerProvider.is(delegate)) return delegate;
  }
  return undefined;
}

/** A tracer of ours, whoever is registered. For what a registered provider is not to be told. */
export function ownTracer(name: string, version?: string): Tracer {
  return ownProvider().getTracer(name, version);
}

/** Options of the provider behind the API while nobody registers one. Counts until the first span is asked for. */
export function setFallbackOptions(options: RecordingTracerProviderOptions): void {
  fallbackOptions = options;
}

/** Once per copy of the API, also for one that is found later. */
function prepare(api: ApiCopy): void {
  beforeCalls(api.context, "setGlobalContextManager", withdrawContextManager);
  beforeCalls(api.propagation, "setGlobalPropagator", withdrawPropagator);
  offerFallback(api);
}

let fallbackOptions: RecordingTracerProviderOptions = {};
let fallback: FallbackTracerProvider | undefined;
let own: RecordingTracerProvider | undefined;

function ownProvider(): RecordingTracerProvider {
  own ??= new RecordingTracerProvider(fallbackOptions);
  return own;
}

function offerFallback(api: ApiCopy): void {
  const provider = api.trace.getTracerProvider();
  if (!isProxy(provider) || provider.getDelegate() !== noopProvider(api)) return;
  fallback ??= new FallbackTracerProvider(ownProvider(), registeredProvider);
  provider.setDelegate(fallback);
}

/** Asked at each span; where it is one of ours, it needs a context manager. */
function registeredProvider(): TracerProvider | undefined {
  const provider = foreignProvider();
  if (provider === undefined) {
    provideContextManager();
    providePropagator();
  }
  return provider;
}

const noopProviders = new WeakMap<ApiCopy, TracerProvider>();

/** What a proxy of this copy delegates to until it is told otherwise. */
function noopProvider(api: ApiCopy): TracerProvider {
  let noop = noopProviders.get(api);
  if (noop === undefined) {
    noop = new api.ProxyTracerProvider().getDelegate();
    noopProviders.set(api, noop);
  }
  return noop;
}

/** By its methods: the proxy may be of another copy of the API. */
export function isProxy(provider: TracerProvider): provider is ProxyTracerProvider {
  const { getDelegate, setDelegate } = provider as Partial<ProxyTracerProvider>;
  return typeof getDelegate === "function" && typeof setDelegate === "function";
}

let contextManager: RecordingContextManager | undefined;
let propagator: RecordingPropagator | undefined;
/** The API refused ours, for instance since another version of it registered first. Asking again would only log again. */
let isManagerRefused = false;
let isPropagatorRefused = false;

function provideContextManager(): void {
  if (isManagerRefused || processState().contextManager !== undefined || hasContextManager()) return;
  const manager = new RecordingContextManager().enable();
  if (contextApi.setGlobalContextManager(manager)) {
    contextManager = manager;
  } else {
    isManagerRefused = true;
    manager.disable();
  }
}

const PROBE = Symbol.for("otel-rerun: is there a context manager?");

function hasContextManager(): boolean {
  const probe = ROOT_CONTEXT.setValue(PROBE, true);
  return contextApi.with(probe, () => contextApi.active().getValue(PROBE) === true);
}

/** Who registered a provider has decided about headers, too: then none is set, also when he chose to send none. */
function providePropagator(): void {
  if (isPropagatorRefused || propagation.fields().length > 0 || foreignProvider() !== undefined) return;
  const candidate = new RecordingPropagator();
  if (propagation.setGlobalPropagator(candidate)) propagator = candidate;
  else isPropagatorRefused = true;
}

function withdrawContextManager(): void {
  if (contextManager !== undefined && processState().contextManager === contextManager) contextApi.disable();
  contextManager = undefined;
}

function withdrawPropagator(): void {
  if (propagator !== undefined && propagation.fields() === propagator.fields()) propagation.disable();
  propagator = undefined;
}
