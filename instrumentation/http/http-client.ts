import { ClientRequest, type IncomingMessage, validateHeaderName, validateHeaderValue } from "node:http";
import {
  type Context,
  context as contextApi,
  diag,
  propagation,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { requestsThroughUpstream, tracesThroughSentry } from "../installed.ts";
import type { Overrides } from "../override.ts";
import { endClientSpan, failClientSpan } from "./client-span.ts";
import { headerList } from "./header-list.ts";
import { clientAttributes, HTTP_STATUS, knownMethod } from "./http-attributes.ts";
import { bindMessage, type Exchange, exchangeOf } from "./message-context.ts";
import { headerAttributes } from "./recorded-headers.ts";

type StoreHeader = (this: ClientRequest, firstLine: string, headers: unknown) => void;

/**
 * Makes a CLIENT span of every request sent by `http` and `https`, and sends its context along. `_storeHeader` is where all ways to
 * give headers meet (objects, flat and nested arrays, `setHeader`), and it runs once, when the head is made. Ours go
 * behind the request line; a header that the application has set itself stays its own.
 */
export function installHttpClient(overrides: Overrides, tracer: () => Tracer): void {
  overrides.add<StoreHeader>(ClientRequest.prototype, "_storeHeader", (original, isOn) => {
    return function _storeHeader(firstLine, headers) {
      const isOurs = isOn() && exchangeOf(this) === undefined && !requestsThroughUpstream() && !tracesThroughSentry();
      Reflect.apply(original, this, [isOurs ? firstLine + open(this, headers, tracer) : firstLine, headers]);
    };
  });
}

/** Returns the header lines to add. */
function open(request: ClientRequest, headers: unknown, tracer: () => Tracer): string {
  try {
    const parent = contextApi.active();
    const { method, path, protocol, host } = request;
    const given = headerList(headers);
    const authority = given.get("host")?.[0] ?? host;
    const attributes = {
      ...clientAttributes(method, protocol === "https:" ? "https" : "http", authority, path),
      ...headerAttributes("client", "request", (name) => given.get(name)),
    };
    const span = tracer().startSpan(knownMethod(method), { kind: SpanKind.CLIENT, attributes }, parent);
    bindMessage(request, new ClientExchange(request, parent, span));
    const carrier: Record<string, unknown> = {};
    propagation.inject(trace.setSpan(parent, span), carrier);
    let lines = "";
    for (const [name, value] of Object.entries(carrier)) {
      if (typeof value !== "string" || given.has(name.toLowerCase())) continue;
      validateHeaderName(name);
      validateHeaderValue(name, value);
      lines += `${name}: ${value}\r\n`;
    }
    return lines;
  } catch (error) {
    diag.error("otel-rerun: could not record an outgoing request", error);
    return "";
  }
}

/** An outgoing request until its response has been read, or has failed. Listeners run in the context that sent it. */
class ClientExchange implements Exchange {
  readonly context: Context;
  readonly #request: ClientRequest;
  readonly #span: Span;
  #response: IncomingMessage | undefined;

  constructor(request: ClientRequest, context: Context, span: Span) {
    this.#request = request;
    this.context = context;
    this.#span = span;
  }

  isInside(context: Context): boolean {
    return context === this.context;
  }

  nodeListeners(message: object, event: string | symbol): number {
    return event === "end" && message === this.#response ? 1 : 0;
  }

  before(message: object, event: string | symbol, argument: unknown): void {
    if (event === "error") failClientSpan(this.#span, argument);
    else if (message === this.#request && (event === "response" || event === "upgrade" || event === "connect")) {
      this.#response = argument as IncomingMessage;
      const { statusCode, headers } = this.#response;
      this.#span.setAttribute(HTTP_STATUS, statusCode ?? 0);
      this.#span.setAttributes(headerAttributes("client", "response", (name) => headers[name]));
      if (event === "response") bindMessage(this.#response, this);
    }
  }

  after(message: object, event: string | symbol): void {
    const isOver =
      message === this.#request
        ? event === "close" || event === "upgrade" || event === "connect"
        : event === "end" || event === "close";
    if (isOver) endClientSpan(this.#span, this.#response?.statusCode);
  }
}
