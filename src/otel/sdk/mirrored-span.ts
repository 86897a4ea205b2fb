import { type Context, diag, type Span, type SpanOptions, type TimeInput, trace } from "@opentelemetry/api";
import { now as monotonicNow } from "../../real-time.ts";
import { RecordingStream } from "../../recording/recording-stream.ts";
import type { Resource, Scope, SpanKind } from "../../telemetry/model.ts";
import { cover } from "../cover.ts";
import { RecordingSpan } from "../tracer/recording-span.ts";
import { type SpanLimits, spanLimits } from "../tracer/span-limits.ts";
import type { ReadableSpan } from "./types.ts";

export interface MirroredStart {
  readonly name: string;
  readonly options: SpanOptions;
  readonly context: Context;
  readonly scope: Scope;
  readonly resource: Resource;
}

/** What the API lets anybody do with a span, but for its end. */
const CALLS = [
  "setAttribute",
  "setAttributes",
  "addEvent",
  "addLink",
  "addLinks",
  "setStatus",
  "updateName",
  "recordException",
] as const;

let limits: SpanLimits | undefined;
let nowhere: RecordingStream | undefined;

/**
 * A span whose provider is not built on OpenTelemetry's SDK (Sentry's is not), as one that can be read: a second
 * span that gets the calls of the first. Only what the API promises of a span is used, so it does not matter whose it is.
 */
export class MirroredSpan {
  readonly #mirror: RecordingSpan;
  /** Calls that a method of the span makes on the span itself are parts of that one. */
  #depth = 0;

  constructor(span: Span, { name, options, context, scope, resource }: MirroredStart) {
    limits ??= spanLimits();
    nowhere ??= RecordingStream.disabled();
    const spanContext = span.spanContext();
    const parent = trace.getSpanContext(context);
    this.#mirror = new RecordingSpan({
      recording: nowhere,
      recorder: undefined,
      limits,
      resource,
      scope,
      spanContext,
      // a provider may begin a trace of its own all the same
      parentSpanContext: parent?.traceId === spanContext.traceId ? parent : undefined,
      name,
      kind: (options.kind ?? 0) as SpanKind,
      startTime: readTime(options.startTime),
      attributes: options.attributes,
      links: options.links,
    });
    for (const call of CALLS) this.#follow(span, call);
  }

  get readable(): ReadableSpan {
    return this.#mirror;
  }

  end(endTime: TimeInput | undefined): void {
    this.#mirror.end(readTime(endTime));
  }

  #follow(span: Span, call: (typeof CALLS)[number]): void {
    if (typeof span[call] !== "function") return;
    const follow = (args: unknown[]): void => {
      try {
        if (this.#depth === 0 && !this.#mirror.ended) Reflect.apply(this.#mirror[call], this.#mirror, args);
      } catch (error) {
        diag.error(`otel-rerun: could not record what ${call} was given`, error);
      }
    };
    const enter = (by: 1 | -1): void => {
      this.#depth += by;
    };
    cover(span, call, (original) => {
      return function (this: unknown, ...args) {
        enter(1);
        try {
          return Reflect.apply(original, this, args);
        } finally {
          enter(-1);
          follow(args);
        }
      };
    });
  }
}

/** Sentry also takes seconds, which would be a day of 1970 in milliseconds and are too large for `performance.now()`. */
function readTime(time: TimeInput | undefined): TimeInput | undefined {
  return typeof time === "number" && time < 1e10 && time > monotonicNow() ? time * 1000 : time;
}
