import type { IncomingMessage } from "node:http";
import { HTTP_ROUTE } from "../http/http-attributes.ts";
import { exchangeOf } from "../http/message-context.ts";
import { joinRoute, RequestRoute, type RoutePath } from "../http/request-route.ts";
import { ServerExchange } from "../http/server-exchange.ts";
import { type ExpressRequest, isHandler, isMount, type Layer } from "./express-types.ts";
import type { LayerInfo, LayerSpan } from "./layer-span.ts";

type LayerKind = "middleware" | "request handler" | "error handler" | "param";

const routes = new WeakMap<ServerExchange, RequestRoute>();

/** The request that our HTTP instrumentation has opened; requests it left alone are left alone here, too. */
export function expressExchange(request: IncomingMessage): ServerExchange | undefined {
  const exchange = exchangeOf(request);
  return exchange instanceof ServerExchange ? exchange : undefined;
}

function routeOf(exchange: ServerExchange): RequestRoute {
  let route = routes.get(exchange);
  if (route === undefined) {
    route = new RequestRoute();
    routes.set(exchange, route);
  }
  return route;
}

/** A layer that is a router is about to run. @param path its pattern, where it is known. */
export function enterMount(exchange: ServerExchange, layer: Layer, path: RoutePath | undefined): void {
  const { baseUrl = "", params = {} } = exchange.request as ExpressRequest;
  const names = (layer.keys ?? []).map((key) => String(typeof key === "string" ? key : key.name));
  routeOf(exchange).mount(baseUrl, path, names, params);
}

/** A route was found for the request. A later one replaces it. */
export function enterRoute(exchange: ServerExchange, path: RoutePath): void {
  exchange.route = routeOf(exchange).at((exchange.request as ExpressRequest).baseUrl ?? "", path);
}

/** A layer that does something of its own is about to run. @param param the parameter, for a callback of `router.param`. */
export function enterLayer(
  exchange: ServerExchange,
  layer: Layer,
  options: { readonly isErrorHandler?: boolean; readonly param?: string | undefined } = {},
): LayerSpan | undefined {
  if (isMount(layer) && options.param === undefined) return undefined;
  if (options.param !== undefined) return exchange.enter(layerInfo("param", options.param, exchange.route));
  if (options.isErrorHandler) return exchange.enter(layerInfo("error handler", layer.name, undefined));
  if (isHandler(layer)) return exchange.enter(layerInfo("request handler", layer.name, exchange.route));
  return exchange.enter(layerInfo("middleware", layer.name, undefined));
}

/**
 * What layer callbacks did not tell: the route of the first request of an application behind a wrapper, and of requests that a
 * middleware of a mounted router answers.
 */
export function settleRoute(exchange: ServerExchange): void {
  if (exchange.route !== undefined) return;
  const { route, baseUrl = "" } = exchange.request as ExpressRequest;
  const path = route?.path;
  exchange.route = typeof path === "string" ? joinRoute(baseUrl, path) : routes.get(exchange)?.innermost;
}

/** An application has few layers; names that are made per request must not fill memory (I7). */
const MAX_INFOS = 5000;
const infos = new Map<string, LayerInfo>();

function layerInfo(kind: LayerKind, name = "<anonymous>", route: string | undefined): LayerInfo {
  const key = `${kind}\0${name}\0${route ?? ""}`;
  let info = infos.get(key);
  if (info === undefined) {
    info = {
      name: `${kind} - ${kind === "request handler" && route !== undefined ? route : name}`,
      attributes: {
        "express.type": kind.replace(" ", "_"),
        "express.name": name,
        ...(route === undefined ? undefined : { [HTTP_ROUTE]: route }),
      },
    };
    if (infos.size < MAX_INFOS) infos.set(key, info);
  }
  return info;
}
