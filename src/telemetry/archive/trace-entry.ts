import { hasFailed, isEntryKind, serviceOf, statusName } from "../layout/span-facts.ts";
import { text } from "../layout/span-json.ts";
import type { Span } from "../model.ts";

/** A trace as lists name it. */
export interface TraceEntry {
  readonly traceId: string;
  /** Of its root span, e.g. `GET /users/:id`. */
  readonly name: string;
  readonly service: string;
  /** All services in it, the root's first. */
  readonly services: readonly string[];
  /** The response's, else `OK`, `ERROR`, `UNSET` or `UNFINISHED` of the root. */
  readonly status: string;
  /** Whether the root failed. */
  readonly failed: boolean;
  /** Of the root, in nanoseconds since the Unix epoch. */
  readonly startTime: bigint;
  /** Of the root, in nanoseconds. */
  readonly duration: bigint;
  readonly spans: number;
  readonly errors: number;
}

/** Collects what a list says of a trace, from its spans in any order, without keeping them (I7). */
export class TraceTally {
  #root: Span | undefined;
  readonly #services = new Set<string>();
  #spans = 0;
  #errors = 0;

  add(span: Span): void {
    this.#spans++;
    if (hasFailed(span)) this.#errors++;
    this.#services.add(serviceOf(span));
    if (this.#root === undefined || isBefore(span, this.#root)) this.#root = span;
  }

  /** @throws never for a trace of which a span was added. */
  entry(): TraceEntry {
    const root = this.#root as Span;
    const service = serviceOf(root);
    return {
      traceId: root.traceId,
      name: root.name,
      service,
      services: [service, ...[...this.#services].filter((other) => other !== service)],
      status: text(root.attributes["http.response.status_code"]) || statusName(root),
      failed: hasFailed(root),
      startTime: root.startTime,
      duration: root.endTime - root.startTime,
      spans: this.#spans,
      errors: this.#errors,
    };
  }
}

/** Whether a span is rather the root of their trace: it has no parent, or answers somebody, or is the earlier one. */
function isBefore(span: Span, other: Span): boolean {
  const difference = rank(span) - rank(other);
  return difference === 0 ? span.startTime < other.startTime : difference < 0;
}

function rank(span: Span): number {
  if (span.parentSpanId === undefined) return 0;
  return isEntryKind(span) ? 1 : 2;
}
