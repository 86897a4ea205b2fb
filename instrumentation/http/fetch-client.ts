import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { context as contextApi, diag, propagation, type Span, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { tracesThroughSentry } from "../installed.ts";
import type { Overrides } from "../override.ts";
import { endClientSpan, failClientSpan } from "./client-span.ts";
import { type HeaderList, headerList } from "./header-list.ts";
import { clientAttributes, HTTP_STATUS, knownMethod } from "./http-attributes.ts";
import { headerAttributes } from "./recorded-headers.ts";

/** What undici, which is behind `fetch`, publishes of a request (its "Diagnostics Channel Support"). */
interface FetchRequest {
  readonly origin: string | URL;
  readonly method: string;
  readonly path: string;
  /** A flat list since undici 6, one text before. */
  readonly headers: readonly (string | readonly string[])[] | string;
  addHeader(name: string, value: string): void;
}

interface FetchMessage {
  readonly request: FetchRequest;
  /** Headers are a flat list of bytes. */
  readonly response?: { readonly statusCode: number; readonly headers: unknown };
  readonly error?: unknown;
}

interface OpenFetch {
  readonly span: Span;
  status: number | undefined;
}

/** Makes a CLIENT span of every request sent by `fetch` or undici, and sends its context along. */
export function installFetchClient(overrides: Overrides, tracer: () => Tracer): void {
  const open = new WeakMap<FetchRequest, OpenFetch>();
  const on = (event: string, handle: (message: FetchMessage) => void) => {
    const channel = `undici:request:${event}`;
    const listener = (message: unknown) => {
      try {
        handle(message as FetchMessage);
      } catch (error) {
        diag.error("otel-rerun: could not record a fetch", error);
      }
    };
    subscribe(channel, listener);
    overrides.defer(() => unsubscribe(channel, listener));
  };

  on("create", ({ request }) => {
    if (open.has(request) || tracesThroughSentry()) return;
    const given = headerList(request.headers);
    if (given.has("traceparent")) return;
    const parent = contextApi.active();
    const origin = String(request.origin);
    const at = origin.indexOf("://");
    const scheme = at < 0 ? "http" : origin.slice(0, at);
    const attributes = {
      ...clientAttributes(request.method, scheme, origin.slice(at < 0 ? 0 : at + 3), request.path),
      ...headerAttributes("client", "request", (name) => given.get(name)),
    };
    const span = tracer().startSpan(knownMethod(request.method), { kind: SpanKind.CLIENT, attributes }, parent);
    open.set(request, { span, status: undefined });
    propagation.inject(trace.setSpan(parent, span), request, {
      set: (carrier, name, value) => {
        if (!given.has(name.toLowerCase())) carrier.addHeader(name, value);
      },
    });
  });
  on("headers", ({ request, response }) => {
    const fetch = open.get(request);
    if (fetch === undefined || response === undefined) return;
    fetch.status = response.statusCode;
    fetch.span.setAttribute(HTTP_STATUS, response.statusCode);
    let given: HeaderList | undefined; // most programs ask for none
    const read = (name: string) => {
      given ??= headerList(response.headers);
      return given.get(name);
    };
    fetch.span.setAttributes(headerAttributes("client", "response", read));
  });
  on("trailers", ({ request }) => {
    const fetch = open.get(request);
    if (fetch !== undefined) endClientSpan(fetch.span, fetch.status);
  });
  on("error", ({ request, error }) => {
    const fetch = open.get(request);
    if (fetch === undefined) return;
    failClientSpan(fetch.span, error);
    endClientSpan(fetch.span, fetch.status);
  });
}
