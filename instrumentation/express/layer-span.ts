import {
  type Attributes,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from "@opentelemetry/api";
import { segmentSpanId } from "../../src/telemetry/segment-id.ts";

/** What a layer is called; the same object for every request that passes it. */
export interface LayerInfo {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * One layer of a request (a middleware, a handler) as the active span. It is not a span of its own but a segment of the request's:
 * two readings of the clock, until somebody asks for more. Its id derives from the request's, so it can be a parent at once.
 *
 * What a user puts on it is kept: attributes, name and status here, events and links on the request's span.
 */
export class LayerSpan implements Span {
  readonly #request: Span;
  readonly #index: number;
  readonly #info: LayerInfo;
  /** Readings of `performance.now()`. */
  readonly startedAt: number;
  endedAt: number | undefined;
  #spanContext: SpanContext | undefined;
  #name: string | undefined;
  #attributes: Attributes | undefined;
  #status: SpanStatus = { code: SpanStatusCode.UNSET };

  constructor(request: Span, index: number, info: LayerInfo, startedAt: number) {
    this.#request = request;
    this.#index = index;
    this.#info = info;
    this.startedAt = startedAt;
  }

  get name(): string {
    return this.#name ?? this.#info.name;
  }

  get attributes(): Attributes {
    return this.#attributes ?? this.#info.attributes;
  }

  get status(): SpanStatus {
    return this.#status;
  }

  spanContext(): SpanContext {
    if (this.#spanContext === undefined) {
      const context = this.#request.spanContext();
      this.#spanContext = { ...context, spanId: segmentSpanId(context.spanId, this.#index) };
    }
    return this.#spanContext;
  }

  isRecording(): boolean {
    return this.#request.isRecording();
  }

  setAttribute(key: string, value: Attributes[string]): this {
    this.#attributes ??= { ...this.#info.attributes };
    this.#attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key of Object.keys(attributes)) this.setAttribute(key, attributes[key]);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    this.#request.addEvent(name, attributesOrTime, time);
    return this;
  }

  addLink(link: Link): this {
    this.#request.addLink(link);
    return this;
  }

  addLinks(links: Link[]): this {
    this.#request.addLinks(links);
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (status.code !== SpanStatusCode.UNSET && this.#status.code !== SpanStatusCode.OK) this.#status = status;
    return this;
  }

  updateName(name: string): this {
    this.#name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.#request.recordException(exception, time);
  }

  /** A layer ends when the next one starts or the response closes; it is not for a user to end. */
  end(): void {}
}
