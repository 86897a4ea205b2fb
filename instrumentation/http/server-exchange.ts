import type { IncomingMessage, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { type Context, type Exception, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { wallNanos } from "../../src/otel/wall-clock.ts";
import type { Attributes, SpanSegment, SpanStatus } from "../../src/telemetry/model.ts";
import { type LayerInfo, LayerSpan } from "../express/layer-span.ts";
import { httpActivity } from "./http-activity.ts";
import { ERROR_TYPE, errorType, HTTP_ROUTE, HTTP_STATUS, knownMethod } from "./http-attributes.ts";
import type { Exchange } from "./message-context.ts";
import { headerAttributes } from "./recorded-headers.ts";
import { requestObservers } from "./request-observer.ts";

/** The key under which every copy of OpenTelemetry's API keeps the active span; keys are `Symbol.for` underneath. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");
const EXCHANGE = Symbol.for("otel-rerun/1 server exchange");
/** Where OpenTelemetry's instrumentations of frameworks (fastify, koa, hapi, nest) put the route they have found. */
const RPC_METADATA = Symbol.for("OpenTelemetry SDK Context Key RPC_METADATA");

interface RpcMetadata {
  readonly type: "http";
  readonly span: Span;
  route?: string;
}

/** Layers that are told apart in one request (I7); what comes after belongs to the last. */
const MAX_LAYERS = 128;

/** Our own span, which takes segments; an SDK's does not. */
interface SegmentedSpan extends Span {
  addSegment(segment: SpanSegment): unknown;
}

/**
 * A request that a server answers: the OpenTelemetry context its handlers run in, its SERVER span, and the layers it has passed.
 *
 *   request ──[ json ][ validate ][ handler ············· ]── close      one span, three segments
 *                                  ▲ the active span: the current layer, so what the handler starts is its child
 *
 * One object is the context for the whole request, and answers with the layer that is current *now*: a context per layer costs
 * up to 15 µs more a request. A context derived from it (`setValue`) keeps the layer of that moment.
 */
export class ServerExchange implements Context, Exchange {
  readonly span: Span;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #base: Context;
  readonly #tracer: Tracer;
  readonly #layers: LayerSpan[] = [];
  readonly #errors: unknown[] = [];
  readonly #finishListeners: number;
  readonly #endListeners: number;
  /** The pattern that answered, such as `/users/:id`. */
  route: string | undefined;
  #rpc: RpcMetadata | undefined;
  readonly #onFinish: (() => void) | undefined;
  readonly #isHidden: boolean;
  #isThrown = false;
  #isOver = false;

  /**
   * @param base what arrived from outside, without the span.
   * @param onFinish called when the response has closed.
   * @param isHidden the active span stays that of `base`: somebody else's, who must not be told of this one.
   */
  constructor(
    base: Context,
    span: Span,
    tracer: Tracer,
    request: IncomingMessage,
    response: ServerResponse,
    onFinish?: () => void,
    isHidden = false,
  ) {
    this.#onFinish = onFinish;
    this.#isHidden = isHidden;
    this.#base = base;
    this.span = span;
    this.#tracer = tracer;
    this.request = request;
    this.response = response;
    this.#finishListeners = response.listenerCount("finish");
    this.#endListeners = request.listenerCount("end");
    httpActivity.active++;
  }

  get context(): Context {
    return this;
  }

  getValue(key: symbol): unknown {
    if (key === EXCHANGE) return this;
    if (this.#isHidden) return this.#base.getValue(key);
    if (key === SPAN) return this.#activeSpan;
    return key === RPC_METADATA ? this.#rpcMetadata : this.#base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#derived().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#derived().deleteValue(key);
  }

  isInside(context: Context): boolean {
    return context === this || context.getValue(EXCHANGE) === this;
  }

  nodeListeners(message: object, event: string | symbol): number {
    if (event === "finish" && message === this.response) return this.#finishListeners;
    return event === "end" && message === this.request ? this.#endListeners : 0;
  }

  after(message: object, event: string | symbol): void {
    if (event === "close" && message === this.response) this.finish();
  }

  /** The request enters a layer, which ends the one before. */
  enter(layer: LayerInfo): LayerSpan | undefined {
    const current = this.#layers.at(-1);
    if (this.#isOver || this.#layers.length >= MAX_LAYERS) return current;
    const now = performance.now();
    if (current !== undefined) current.endedAt = now;
    const entered = new LayerSpan(this.span, this.#layers.length, layer, now);
    this.#layers.push(entered);
    return entered;
  }

  /** An error came out of a layer, by a throw, a rejection or `next(error)`. The same error again is not a new one. */
  fail(error: unknown, layer: LayerSpan | undefined = this.#layers.at(-1)): void {
    if (this.#isOver || this.#errors.includes(error)) return;
    this.#errors.push(error);
    this.span.recordException(toException(error));
    layer?.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
  }

  /** An error came out of the server's listener itself: nobody is left to answer. */
  crash(error: unknown): void {
    this.#isThrown = true;
    this.fail(error);
  }

  /** The response has closed, answered or not. */
  finish(): void {
    if (this.#isOver) return;
    this.route ??= this.#rpc?.route;
    for (const observer of requestObservers) observer.requestClosed(this);
    this.#isOver = true;
    const { request, response, span } = this;
    const isAborted = !response.writableFinished;
    const status = response.headersSent ? response.statusCode : undefined;
    const error = this.#errors.at(-1);
    const isFailed = this.#isThrown || (status !== undefined && status >= 500);

    if (this.route !== undefined) {
      span.setAttribute(HTTP_ROUTE, this.route);
      span.updateName(`${knownMethod(request.method)} ${this.route}`);
    }
    if (status !== undefined) {
      span.setAttribute(HTTP_STATUS, status);
      span.setAttributes(headerAttributes("server", "response", (name) => response.getHeader(name)));
    }
    if (isFailed) {
      span.setAttribute(ERROR_TYPE, error === undefined ? String(status) : errorType(error));
      span.setStatus({
        code: SpanStatusCode.ERROR,
        ...(error === undefined ? undefined : { message: messageOf(error) }),
      });
    } else if (isAborted) {
      // the client went away: nothing the server did wrong
      span.setAttribute(ERROR_TYPE, "aborted");
    }
    const hasRoute = this.route !== undefined || namesRoute(span);
    this.#writeLayers();
    span.end();
    this.#onFinish?.();

    httpActivity.active--;
    httpActivity.requests++;
    if (isFailed) httpActivity.failed++;
    if (!hasRoute) httpActivity.withoutRoute++;
  }

  get #activeSpan(): Span {
    return isSegmented(this.span) ? (this.#layers.at(-1) ?? this.span) : this.span;
  }

  #derived(): Context {
    const context = this.#base.setValue(EXCHANGE, this);
    return this.#isHidden
      ? context
      : context.setValue(RPC_METADATA, this.#rpcMetadata).setValue(SPAN, this.#activeSpan);
  }

  get #rpcMetadata(): RpcMetadata {
    this.#rpc ??= { type: "http", span: this.span };
    return this.#rpc;
  }

  /** As segments of our own span; as child spans where the span is somebody else's. */
  #writeLayers(): void {
    const { span } = this;
    if (!span.isRecording()) return;
    const now = performance.now();
    const parent = isSegmented(span) ? undefined : trace.setSpan(this.#base, span);
    for (const layer of this.#layers) {
      const { name, attributes, startedAt, status } = layer;
      const endedAt = layer.endedAt ?? now;
      if (parent === undefined) {
        (span as SegmentedSpan).addSegment({
          name,
          startTime: wallNanos(startedAt),
          endTime: wallNanos(endedAt),
          status: status as SpanStatus,
          attributes: attributes as Attributes,
        });
      } else {
        const child = this.#tracer.startSpan(
          name,
          { startTime: performance.timeOrigin + startedAt, attributes },
          parent,
        );
        if (status.code !== SpanStatusCode.UNSET) child.setStatus(status);
        child.end(performance.timeOrigin + endedAt);
      }
    }
  }
}

function isSegmented(span: Span): span is SegmentedSpan {
  return "addSegment" in span;
}

/** A framework's instrumentation may have put it there itself. Spans of every SDK show their attributes. */
function namesRoute(span: Span & { readonly attributes?: Readonly<Record<string, unknown>> }): boolean {
  return span.attributes?.[HTTP_ROUTE] !== undefined;
}

function toException(error: unknown): Exception {
  return typeof error === "object" && error !== null ? (error as Exception) : messageOf(error);
}

/** Anything can be thrown, also what has no text (I1). */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return Object.prototype.toString.call(error);
  }
}
