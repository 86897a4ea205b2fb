import type { EndedSpan } from "../../recording/internals.ts";
import { isEntryKind, isLocalRoot } from "../../telemetry/layout/span-facts.ts";
import type { RecordingEnd } from "./keep-rules.ts";

/** What keep rules and file names go by, gathered while the spans of a recording end. */
export class RecordingFacts {
  traceId: string | undefined;
  #root: EndedSpan | undefined;
  #slowest = 0n;
  #hasFailed = false;

  add(span: EndedSpan): void {
    if (span.status.code === ERROR) this.#hasFailed = true;
    if (!isLocalRoot(span)) return;
    const duration = span.endTime - span.startTime;
    if (duration > this.#slowest) this.#slowest = duration;
    if (this.#root === undefined || isRather(span, this.#root)) this.#root = span;
  }

  end(key: string): RecordingEnd {
    return {
      key,
      traceId: this.traceId,
      name: this.#root?.name,
      attributes: this.#root?.attributes ?? {},
      durationMillis: Number(this.#slowest) / 1e6,
      hasFailed: this.#hasFailed,
    };
  }
}

const ERROR = 2;

/** A trace is known by the route that it came in by, even if a client in the same process has begun it; else by what began first. */
function isRather(span: EndedSpan, root: EndedSpan): boolean {
  const isServed = isEntryKind(span);
  return isServed === isEntryKind(root) ? span.startTime < root.startTime : isServed;
}
