import { IncomingMessage, ServerResponse } from "node:http";
import { Server } from "node:net";
import {
  type Context,
  context as contextApi,
  diag,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { contextWithTraceId } from "../../src/otel/context/context-keys.ts";
import { foreignProvider, ownTracer } from "../../src/otel/install.ts";
import { getDataRecording } from "../../src/recording/context/active-recording.ts";
import {
  contextWithDefaultRecording,
  contextWithRecording,
  hasChosenRecording,
  recordingFromContext,
} from "../../src/recording/context/scope.ts";
import { processState } from "../../src/recording/process/process-state.ts";
import { servesThroughUpstream, tracesThroughSentry } from "../installed.ts";
import type { Overrides } from "../override.ts";
import { handleForeign, ownContext } from "./foreign-exchange.ts";
import { knownMethod, serverAttributes } from "./http-attributes.ts";
import { bindMessage, exchangeOf } from "./message-context.ts";
import { requestObservers } from "./request-observer.ts";
import { ServerExchange } from "./server-exchange.ts";

type Emit = (this: Server, event: string | symbol, ...args: unknown[]) => boolean;

const seenServers = new WeakSet<Server>();

/**
 * Makes a SERVER span of every request, by the `'request'` event of servers. The override is on `net.Server`, below the prototypes
 * of `http` and `https`, so neither has to be loaded for it, and who wraps those is seen (`installed.ts`). HTTP/2 is passed through.
 */
export function installHttpServer(overrides: Overrides, tracer: () => Tracer): void {
  overrides.add<Emit>(Server.prototype, "emit", (original, isOn) => {
    return function emit(...args) {
      if (args[0] !== "request" || !isOn()) return Reflect.apply(original, this, args);
      const exchange = open(this, args[1], args[2], tracer);
      if (exchange === undefined) return handleForeign(args[1], args[2], () => Reflect.apply(original, this, args));
      try {
        return contextApi.with(exchange, () => Reflect.apply(original, this, args));
      } catch (error) {
        exchange.crash(error);
        throw error;
      }
    };
  });
}

function open(server: Server, request: unknown, response: unknown, tracer: () => Tracer): ServerExchange | undefined {
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return undefined;
  // a server that hands its requests on to another one: one request, one span
  if (exchangeOf(request) !== undefined || servesThroughUpstream(server)) return undefined;
  const isHidden = tracesThroughSentry();
  const theirs = isHidden ? trace.getActiveSpan() : undefined;
  if (theirs?.isRecording() === true) return undefined;
  try {
    if (!seenServers.has(server)) {
      seenServers.add(server);
      for (const observer of requestObservers) observer.firstRequest(server);
    }
    const source = isHidden ? ownTracer("otel-rerun/http") : tracer();
    const arrived = isHidden ? besideSentry() : propagation.extract(ROOT_CONTEXT, request.headers);
    // each request has times of its own, so that `setTime` in one does not reach another (I6); what the propagator chose, stays
    const chooses = hasChosenRecording(arrived) ? undefined : processState().hooks.recordingOfRequest;
    // an SDK gives a trace that begins here its id, which may be the recording's
    const isIdTheirs = chooses !== undefined && !isHidden && foreignProvider() !== undefined;
    const own = isIdTheirs ? undefined : chooses?.(request.headers, arrived);
    const base = own === undefined ? withActiveRecording(arrived) : contextWithRecording(own.context, own.recording);
    const options = { kind: SpanKind.SERVER, attributes: serverAttributes(request) };
    const span = source.startSpan(knownMethod(request.method), options, base);
    const late = isIdTheirs ? ownContext(request, trace.setSpan(arrived, span)) : undefined;
    const active = late?.context ?? (theirs === undefined ? base : trace.setSpan(base, theirs));
    const release = (own ?? late)?.release;
    const exchange = new ServerExchange(active, span, source, request, response, release, isHidden);
    bindMessage(request, exchange);
    bindMessage(response, exchange);
    return exchange;
  } catch (error) {
    diag.error("otel-rerun: could not record a request", error);
    return undefined;
  }
}

/** As Sentry has made it for this request, with the trace id it gave, and without the span that it has decided not to record. */
function besideSentry(): Context {
  const context = contextApi.active();
  const traceId = trace.getSpanContext(context)?.traceId;
  return trace.deleteSpan(traceId === undefined ? context : contextWithTraceId(context, traceId));
}

/** Its recording is the one that is active anyway, unless a propagator chose one. */
function withActiveRecording(arrived: Context): Context {
  const recording = recordingFromContext(arrived) === undefined ? getDataRecording() : undefined;
  return recording === undefined ? arrived : contextWithDefaultRecording(arrived, recording);
}
