import { tracingChannel } from "node:diagnostics_channel";
import { diag } from "@opentelemetry/api";
import type { Overrides } from "../override.ts";
import { enterLayer, enterMount, enterRoute, expressExchange } from "./express-request.ts";
import { isHandler, isMount, type RouterTrace } from "./express-types.ts";
import type { LayerSpan } from "./layer-span.ts";

/** Published by `router` from 2.3 on, which is behind Express 5, for every middleware, handler, error handler and parameter callback. */
const CHANNEL = "express.router.request";

/**
 * Follows requests through routers that publish.
 * @param adopt gets the stack of every router that is mounted: it may be of a copy that publishes nothing.
 */
export function installExpressChannel(overrides: Overrides, adopt: (stack: unknown) => void): void {
  const channel = tracingChannel<unknown, RouterTrace>(CHANNEL);
  const layers = new WeakMap<RouterTrace, LayerSpan>();
  const guard = (handle: (trace: RouterTrace) => void) => (message: unknown) => {
    try {
      handle(message as RouterTrace);
    } catch (error) {
      diag.error("otel-rerun: could not record a layer of Express", error);
    }
  };

  const start = guard((trace) => {
    const { req, layer, route, param, errorHandler } = trace;
    const exchange = expressExchange(req);
    if (exchange === undefined) return;
    // a parameter's callbacks run before the route's own layers do, and may answer
    const path = param === undefined ? (isHandler(layer) ? route : undefined) : layer.route?.path && route;
    if (path !== undefined && !errorHandler) enterRoute(exchange, path);
    if (isMount(layer) && param === undefined) {
      adopt(layer.handle?.stack);
      enterMount(exchange, layer, route);
      return;
    }
    const entered = enterLayer(exchange, layer, { isErrorHandler: errorHandler === true, param });
    if (entered !== undefined) layers.set(trace, entered);
  });
  const error = guard((trace) => {
    // told once, where it came from
    expressExchange(trace.req)?.fail(trace.error, layers.get(trace));
  });

  channel.start.subscribe(start);
  channel.error.subscribe(error);
  overrides.defer(() => {
    channel.start.unsubscribe(start);
    channel.error.unsubscribe(error);
  });
}
