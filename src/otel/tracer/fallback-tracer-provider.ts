import type { Context, Span, SpanOptions, Tracer, TracerOptions, TracerProvider } from "@opentelemetry/api";

/** Recognised across copies of this package. */
const BRAND = Symbol.for("otel-rerun/fallback-tracer-provider");

/**
 * Stands behind the API's proxy while nobody has registered a provider.
 *
 *   trace.getTracer(…) ──▶ FallbackTracer ──┬─▶ the registered provider's tracer   as soon as there is one
 *                                           └─▶ ours                               until then
 *
 * Applications keep tracers in variables, from before their SDK starts; so each span asks anew who is registered.
 */
export class FallbackTracerProvider implements TracerProvider {
  readonly #ours: TracerProvider;
  readonly #registered: () => TracerProvider | undefined;

  constructor(ours: TracerProvider, registered: () => TracerProvider | undefined) {
    this.#ours = ours;
    this.#registered = registered;
    Object.defineProperty(this, BRAND, { value: true });
  }

  static is(provider: object): boolean {
    return BRAND in provider;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    const ours = this.#ours.getTracer(name, version, options);
    let provider: TracerProvider | undefined;
    let theirs: Tracer = ours;
    return new FallbackTracer(() => {
      const registered = this.#registered();
      if (registered === undefined) return ours;
      if (registered !== provider) {
        provider = registered;
        theirs = registered.getTracer(name, version, options);
      }
      return theirs;
    });
  }
}

class FallbackTracer implements Tracer {
  readonly #current: () => Tracer;

  constructor(current: () => Tracer) {
    this.#current = current;
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    return this.#current().startSpan(name, options, context);
  }

  startActiveSpan<F extends (span: Span) => unknown>(...args: [name: string, fn: F]): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    ...args: [name: string, options: SpanOptions, fn: F]
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    ...args: [name: string, options: SpanOptions, context: Context, fn: F]
  ): ReturnType<F>;
  startActiveSpan(...args: unknown[]): unknown {
    const tracer = this.#current();
    return Reflect.apply(tracer.startActiveSpan, tracer, args);
  }
}
