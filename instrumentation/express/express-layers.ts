import type { IncomingMessage } from "node:http";
import type { ServerExchange } from "../http/server-exchange.ts";
import type { Overrides } from "../override.ts";
import { enterLayer, enterMount, enterRoute, expressExchange } from "./express-request.ts";
import { isError, isMount, type Layer, type Next } from "./express-types.ts";
import type { LayerSpan } from "./layer-span.ts";

type HandleRequest = (this: Layer, request: IncomingMessage, response: unknown, next: Next) => unknown;
type HandleError = (this: Layer, error: unknown, request: IncomingMessage, response: unknown, next: Next) => unknown;

/**
 * Follows requests through the layers of routers that publish nothing: Express 4, and `router` before 2.3. All layers of one
 * copy of the router share a prototype, which is reached from any stack of layers.
 */
export class ExpressLayers {
  readonly #overrides: Overrides;
  readonly #seen = new WeakSet<object>();

  constructor(overrides: Overrides) {
    this.#overrides = overrides;
  }

  /** Looks at the layers of a router; those of a copy that is known already, or that publishes, are left as they are. */
  adopt(stack: unknown): void {
    const layer: unknown = Array.isArray(stack) ? stack[0] : undefined;
    if (typeof layer !== "object" || layer === null || "rawPath" in layer) return;
    const prototype = Object.getPrototypeOf(layer) as object;
    if (this.#seen.has(prototype)) return;
    this.#seen.add(prototype);
    const is5 = "handleRequest" in prototype;
    this.#overrideRequest(prototype, is5 ? "handleRequest" : "handle_request");
    this.#overrideError(prototype, is5 ? "handleError" : "handle_error");
  }

  #overrideRequest(prototype: object, name: string): void {
    const adopt = (stack: unknown) => this.adopt(stack);
    this.#overrides.add<HandleRequest>(prototype, name, (original, isOn) => {
      return function handleRequest(request, response, next) {
        const exchange = isOn() ? expressExchange(request) : undefined;
        if (exchange === undefined || (this.handle?.length ?? 4) > 3) {
          return Reflect.apply(original, this, [request, response, next]);
        }
        if (this.route !== undefined) {
          enterRoute(exchange, this.route.path ?? "");
          return Reflect.apply(original, this, [request, response, next]);
        }
        if (isMount(this)) {
          adopt(this.handle?.stack); // may be of another copy
          enterMount(exchange, this, undefined);
          return Reflect.apply(original, this, [request, response, next]);
        }
        const layer = enterLayer(exchange, this);
        return Reflect.apply(original, this, [request, response, watchNext(exchange, layer, next)]);
      };
    });
  }

  #overrideError(prototype: object, name: string): void {
    this.#overrides.add<HandleError>(prototype, name, (original, isOn) => {
      return function handleError(error, request, response, next) {
        const exchange = isOn() && this.handle?.length === 4 ? expressExchange(request) : undefined;
        if (exchange === undefined) return Reflect.apply(original, this, [error, request, response, next]);
        exchange.fail(error);
        const layer = enterLayer(exchange, this, { isErrorHandler: true });
        return Reflect.apply(original, this, [error, request, response, watchNext(exchange, layer, next)]);
      };
    });
  }
}

/** Throws, rejections and `next(error)` all leave a layer this way; without an error handler behind it, it is the only one. */
function watchNext(exchange: ServerExchange, layer: LayerSpan | undefined, next: Next): Next {
  return function watched(...args: [error?: unknown]) {
    if (isError(args[0])) exchange.fail(args[0], layer);
    next(...args);
  };
}
