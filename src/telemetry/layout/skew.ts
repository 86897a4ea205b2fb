import type { Span } from "../model.ts";
import { millis } from "./labels.ts";
import { serviceOf } from "./span-facts.ts";

/** How far a span of another service sticks out of its parent: clocks differ. Nanoseconds; 0 when it does not. Times are never changed. */
export function skewOf(span: Span, parent: Span | undefined): bigint {
  if (parent === undefined || serviceOf(parent) === serviceOf(span)) return 0n;
  if (span.startTime < parent.startTime) return span.startTime - parent.startTime;
  if (span.endTime > parent.endTime && !parent.isUnfinished) return span.endTime - parent.endTime;
  return 0n;
}

export function skewMillis(span: Span, parent: Span | undefined): number | undefined {
  const skew = skewOf(span, parent);
  return skew === 0n ? undefined : millis(skew);
}

/** By how much the clocks of services differ at least. */
export class Skew {
  readonly #largest = new Map<string, bigint>();

  add(span: Span, parent: Span | undefined): void {
    const skew = skewOf(span, parent);
    if (skew === 0n) return;
    const service = serviceOf(span);
    const known = this.#largest.get(service) ?? 0n;
    if (magnitude(skew) > magnitude(known)) this.#largest.set(service, skew);
  }

  estimates(): readonly (readonly [string, bigint])[] {
    return [...this.#largest];
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
