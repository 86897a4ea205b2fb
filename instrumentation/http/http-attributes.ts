import { type IncomingMessage, METHODS } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Attributes } from "@opentelemetry/api";
import { redactQuery } from "../redact.ts";
import { headerAttributes } from "./recorded-headers.ts";

// Names of OpenTelemetry's stable HTTP semantic conventions.
export const HTTP_ROUTE = "http.route";
export const HTTP_STATUS = "http.response.status_code";
export const ERROR_TYPE = "error.type";

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

/** The method as spans are named and grouped by it: anything may stand in a request line, so what is unknown is one group. */
export function knownMethod(method: string | undefined): string {
  return method !== undefined && KNOWN_METHODS.has(method) ? method : "_OTHER";
}

/** What is known of a request when it arrives. No header is recorded but host, user agent, and those that were asked for. */
export function serverAttributes(request: IncomingMessage): Attributes {
  const { socket, headers } = request;
  const method = knownMethod(request.method);
  const { path, query } = splitTarget(request.url ?? "/");
  const attributes: Attributes = {
    "http.request.method": method,
    "url.scheme": (socket as TLSSocket | undefined)?.encrypted === true ? "https" : "http",
    "url.path": path,
    "network.protocol.version": request.httpVersion,
  };
  if (method === "_OTHER" && request.method) attributes["http.request.method_original"] = request.method;
  if (query !== undefined) attributes["url.query"] = redactQuery(query);
  addHost(attributes, headers.host);
  const client = socket?.remoteAddress;
  if (client !== undefined) attributes["client.address"] = client;
  const agent = headers["user-agent"];
  if (agent !== undefined) attributes["user_agent.original"] = agent;
  Object.assign(
    attributes,
    headerAttributes("server", "request", (name) => headers[name]),
  );
  return attributes;
}

/** What is known of an outgoing request before it is sent. `target` is the path with its query, or an absolute URL. */
export function clientAttributes(method: string, scheme: string, host: string, target: string): Attributes {
  const { path, query } = splitTarget(target);
  const attributes: Attributes = {
    "http.request.method": knownMethod(method),
    "url.full": `${scheme}://${host}${path}${query === undefined ? "" : `?${redactQuery(query)}`}`,
  };
  addHost(attributes, host);
  attributes["server.port"] ??= scheme === "https" ? 443 : 80;
  return attributes;
}

/** `/path?query`, or what a proxy is sent: `http://host/path?query`. By hand: `new URL` costs 10 µs a request. */
function splitTarget(target: string): { path: string; query: string | undefined } {
  let start = 0;
  if (target.charCodeAt(0) !== 47) {
    const scheme = target.indexOf("://");
    const slash = scheme < 0 ? -1 : target.indexOf("/", scheme + 3);
    if (slash > 0) start = slash;
  }
  const hash = target.indexOf("#", start);
  const end = hash < 0 ? target.length : hash;
  const mark = target.indexOf("?", start);
  if (mark < 0 || mark > end) return { path: target.slice(start, end), query: undefined };
  return { path: target.slice(start, mark), query: target.slice(mark + 1, end) };
}

interface Host {
  readonly address: string;
  readonly port: number | undefined;
}

/** A server has a few names; a client that sends made-up ones must not fill memory (I7). */
const MAX_HOSTS = 200;
const hosts = new Map<string, Host>();

function addHost(attributes: Attributes, header: string | undefined): void {
  if (!header) return;
  let host = hosts.get(header);
  if (host === undefined) {
    host = parseHost(header);
    if (hosts.size < MAX_HOSTS) hosts.set(header, host);
  }
  attributes["server.address"] = host.address;
  if (host.port !== undefined) attributes["server.port"] = host.port;
}

/** `name`, `name:port`, `[ipv6]:port`; a user in front of it is nobody's business. What is none of these could be anything. */
function parseHost(header: string): Host {
  const host = header.slice(header.lastIndexOf("@") + 1);
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(host) ?? [];
  const address = bracketed ?? name ?? (/^[\da-f:.]+$/i.test(host) ? host : "_OTHER");
  return { address, port: port === undefined ? undefined : Number(port) };
}

/** `error.type` of an exception: its code where it has one, as Node's errors do, else its class. */
export function errorType(error: unknown): string {
  if (typeof error !== "object" || error === null) return typeof error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code || name || "Error");
}
