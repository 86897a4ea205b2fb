import { context, ProxyTracerProvider, propagation, trace } from "@opentelemetry/api";

/** What we use of one loaded copy of the API. */
export type ApiCopy = Pick<
  typeof import("@opentelemetry/api"),
  "context" | "propagation" | "ProxyTracerProvider" | "trace"
>;

type Visitor = (api: ApiCopy) => void;

/**
 * From API 1.10 on, ES modules and CommonJS get different copies of the API in one process. They share what is registered, but each
 * has its own unregistered proxy and its own methods. Ours is the CommonJS one; the other is the one an ESM application calls.
 */
let copies: ApiCopy[] | undefined;
const visitors = new Set<Visitor>();
let search: Promise<void> | undefined;

/** Calls `visit` with each copy, also with those that are found later. The same function is not taken twice. */
export function forEachApiCopy(visit: Visitor): void {
  if (visitors.has(visit)) return;
  visitors.add(visit);
  for (const api of apiCopies()) visit(api);
}

/** The copies known so far. Ours is loaded when this is first asked. */
export function apiCopies(): readonly ApiCopy[] {
  copies ??= [{ context, propagation, ProxyTracerProvider, trace }];
  return copies;
}

/** Looks for the copy that ES modules get. With API 1.9 it is the one we have. Looks once; never rejects. */
export function findEsmApi(): Promise<void> {
  search ??= import("@opentelemetry/api").then(adoptApiCopy, () => undefined);
  return search;
}

/** Takes in a further copy, for instance one that a test runner loaded. */
export function adoptApiCopy(api: ApiCopy): void {
  const known = apiCopies();
  if (known.some(({ trace }) => trace === api.trace)) return;
  copies = [...known, api];
  for (const visit of visitors) visit(api);
}
