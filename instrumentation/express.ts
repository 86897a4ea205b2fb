import type { Server } from "node:net";
import { installExpressChannel } from "./express/express-channel.ts";
import { ExpressLayers } from "./express/express-layers.ts";
import { settleRoute } from "./express/express-request.ts";
import type { ExpressRequest } from "./express/express-types.ts";
import { type RequestObserver, requestObservers } from "./http/request-observer.ts";
import type { ServerExchange } from "./http/server-exchange.ts";
import { BaseInstrumentation, INSTRUMENTATION_CONFIG, type InstrumentationConfig } from "./instrumentation.ts";
import { Overrides } from "./override.ts";

/**
 * Routes, middleware, handlers and errors of Express 4 and 5, as parts of the requests that `HttpInstrumentation` records.
 *
 * Express is not hooked when it is loaded, which would take a loader thread for ES modules and 50 to 100 ms of start-up. It is found
 * through the server that is about to answer its first request, whatever way it was loaded, and bundled or not.
 */
export class ExpressInstrumentation extends BaseInstrumentation implements RequestObserver {
  readonly #overrides = new Overrides();
  #layers: ExpressLayers | undefined;

  constructor(config: InstrumentationConfig = {}) {
    super("otel-rerun/express", config, INSTRUMENTATION_CONFIG);
  }

  /** @internal */
  firstRequest(server: Server): void {
    for (const listener of server.listeners("request")) this.#adopt(listener);
  }

  /** @internal */
  requestClosed(exchange: ServerExchange): void {
    // an application behind a wrapper shows itself here, in time for its second request
    this.#adopt((exchange.request as ExpressRequest).app);
    settleRoute(exchange);
  }

  protected install(): void {
    this.#layers = new ExpressLayers(this.#overrides);
    installExpressChannel(this.#overrides, (stack) => this.#layers?.adopt(stack));
    requestObservers.add(this);
  }

  protected uninstall(): void {
    requestObservers.delete(this);
    this.#overrides.restore();
    this.#layers = undefined;
  }

  /** An application, or a router that is used without one. */
  #adopt(listener: unknown): void {
    if (typeof listener !== "function") return;
    const stack = stackOf(listener) ?? stackOf(routerOf(listener));
    if (stack === undefined) return;
    this.#layers?.adopt(stack);
  }
}

/** Express 4 keeps its router at `_router`, and its getter `router` throws. */
function routerOf(app: object): unknown {
  const own = (app as { _router?: unknown })._router;
  if (own) return own;
  try {
    return (app as { router?: unknown }).router;
  } catch {
    return undefined;
  }
}

function stackOf(router: unknown): unknown[] | undefined {
  const stack = (router as { stack?: unknown } | undefined)?.stack;
  return Array.isArray(stack) ? stack : undefined;
}
