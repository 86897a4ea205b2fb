import type { IncomingMessage } from "node:http";
import type { RoutePath } from "../http/request-route.ts";

// What we touch of Express 4 and 5 and of the package `router`. Most of it is nobody's public interface, so everything is optional
// and looked at before use.

export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly route?: { readonly path?: RoutePath };
  readonly app?: unknown;
}

export interface Layer {
  readonly name?: string;
  readonly handle?: Function & { readonly stack?: unknown };
  /** Set on a router's layers: the route, or undefined for middleware. */
  readonly route?: { readonly path?: RoutePath };
  /** There, even if undefined, on the layers inside of a route. */
  readonly method?: string;
  /** From `router` 2.3 on: the pattern, and the sign that the tracing channel is there. */
  readonly rawPath?: RoutePath;
  /** Until then: what `match` found. Names, or Express 4's objects. */
  readonly keys?: readonly (string | { readonly name: string | number })[];
}

export type Next = (error?: unknown) => void;

/** The subject of the channel `express.router.request`. */
export interface RouterTrace {
  readonly req: IncomingMessage;
  readonly layer: Layer;
  readonly route?: RoutePath;
  readonly param?: string;
  readonly errorHandler?: boolean;
  readonly error?: unknown;
}

/** `next("route")` and `next("router")` leave a route or a router; they are no errors. */
export function isError(error: unknown): boolean {
  return Boolean(error) && error !== "route" && error !== "router";
}

/** A layer that only hands on to a router or an application with layers of its own. */
export function isMount({ handle, name }: Layer): boolean {
  return Array.isArray(handle?.stack) || name === "mounted_app";
}

/** A handler of a route, as opposed to middleware. */
export function isHandler(layer: Layer): boolean {
  return "method" in layer && !("route" in layer && layer.route !== undefined);
}
