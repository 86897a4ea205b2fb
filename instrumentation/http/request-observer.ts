import type { Server } from "node:net";
import type { ServerExchange } from "./server-exchange.ts";

/** Who wants to know of servers and requests, as the Express instrumentation does. */
export interface RequestObserver {
  /** A server that was not seen before is about to handle a request. */
  firstRequest(server: Server): void;
  /** The response has closed; the last moment to set the route. */
  requestClosed(exchange: ServerExchange): void;
}

export const requestObservers = new Set<RequestObserver>();
