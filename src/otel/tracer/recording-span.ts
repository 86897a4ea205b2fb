import {
  type Attributes,
  diag,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from "@opentelemetry/api";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import type * as model from "../../telemetry/model.ts";
import type { TelemetryRecorder } from "../../telemetry/recorder.ts";
import { keysOf, setOwn, toText, valueAt } from "../attributes.ts";
import { nanosToHrTime, notBefore } from "../sdk/hr-time.ts";
import type { Building, ReadableScope, ReadableSpan } from "../sdk/types.ts";
import { exceptionAttributes } from "./exception-attributes.ts";
import { isAttributeValue, limitAttributes, limitLength } from "./span-attributes.ts";
import { hasIds } from "./span-ids.ts";
import type { SpanLimits } from "./span-limits.ts";
import { isTimeInput, SpanTime } from "./span-time.ts";

/** What a tracer knows of a span it starts. */
export interface RecordingSpanInit {
  readonly recording: RecordingStream;
  /** Left out: the span is made but not written (recorded by its sampler, not sampled). */
  readonly recorder: TelemetryRecorder | undefined;
  readonly limits: SpanLimits;
  readonly resource: model.Resource;
  readonly scope: model.Scope & ReadableScope;
  readonly spanContext: SpanContext;
  readonly parentSpanContext: SpanContext | undefined;
  readonly name: string;
  readonly kind: model.SpanKind;
  readonly startTime: TimeInput | undefined;
  readonly attributes: Attributes | undefined;
  readonly links: readonly Link[] | undefined;
}

interface Event extends model.SpanEvent {
  readonly droppedAttributesCount: number;
}

interface LimitedLink extends Link {
  attributes?: Attributes;
  droppedAttributesCount?: number;
}

/**
 * A span that goes straight into a recording: no processor, no queue, no copy of the SDK. It behaves as the SDK's span does, which
 * differential tests hold it to, and it is a `ReadableSpan` for whoever inspects it.
 */
export class RecordingSpan implements Span, ReadableSpan {
  readonly #recording: RecordingStream;
  readonly #recorder: TelemetryRecorder | undefined;
  readonly #limits: SpanLimits;
  readonly #spanContext: SpanContext;
  readonly #start: model.SpanStart;
  readonly #time: SpanTime;
  readonly parentSpanContext: SpanContext | undefined;
  readonly instrumentationScope: model.Scope & ReadableScope;
  readonly attributes: Attributes = {};
  readonly links: LimitedLink[] = [];
  #name: string;
  #status: SpanStatus = { code: SpanStatusCode.UNSET };
  #attributeCount = 0;
  #events: Event[] = [];
  #segments: model.SpanSegment[] | undefined;
  #endTime: bigint | undefined;
  #droppedAttributes = 0;
  #droppedEvents = 0;
  #droppedLinks = 0;

  constructor(init: RecordingSpanInit) {
    this.#recording = init.recording;
    this.#recorder = init.recorder;
    this.#limits = init.limits;
    this.#spanContext = init.spanContext;
    this.parentSpanContext = init.parentSpanContext;
    this.instrumentationScope = init.scope;
    this.#name = toText(init.name);
    this.#time = new SpanTime(init.startTime);
    const { traceId, spanId } = init.spanContext;
    const start: Building<model.SpanStart> = {
      traceId,
      spanId,
      name: this.#name,
      kind: init.kind,
      startTime: this.#time.start,
      resource: init.resource,
    };
    const parent = init.parentSpanContext;
    if (parent !== undefined) start.parentSpanId = parent.spanId;
    if (parent?.isRemote === true) start.parentIsRemote = true;
    this.#start = start;
    if (init.links) this.addLinks(init.links);
    if (init.attributes !== undefined) this.setAttributes(init.attributes);
    this.#recorder?.spanStart(this.#start);
  }

  /** The recording of a span, when it is one of ours: children go where their parent goes. */
  static recordingOf(span: object): RecordingStream | undefined {
    return #recording in span ? span.#recording : undefined;
  }

  get name(): string {
    return this.#name;
  }

  get kind(): model.SpanKind {
    return this.#start.kind;
  }

  get status(): SpanStatus {
    return this.#status;
  }

  get startTime(): [number, number] {
    return nanosToHrTime(this.#start.startTime);
  }

  /** `[0, 0]` until the span has ended, as with the SDK. */
  get endTime(): [number, number] {
    return nanosToHrTime(this.#endTime ?? 0n);
  }

  /** `[-1, -1]` until the span has ended, as with the SDK. */
  get duration(): [number, number] {
    return this.#endTime === undefined ? [-1, -1] : nanosToHrTime(this.#endTime - this.#start.startTime);
  }

  get ended(): boolean {
    return this.#endTime !== undefined;
  }

  get events(): { name: string; time: [number, number]; attributes: Attributes; droppedAttributesCount: number }[] {
    return this.#events.map((event) => ({
      name: event.name,
      time: nanosToHrTime(event.time),
      attributes: event.attributes as Attributes,
      droppedAttributesCount: event.droppedAttributesCount,
    }));
  }

  get resource(): model.Resource {
    return this.#start.resource;
  }

  get droppedAttributesCount(): number {
    return this.#droppedAttributes;
  }

  get droppedEventsCount(): number {
    return this.#droppedEvents;
  }

  get droppedLinksCount(): number {
    return this.#droppedLinks;
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }

  isRecording(): boolean {
    return this.#endTime === undefined;
  }

  setAttribute(key: string, value: unknown): this {
    if (value === null || value === undefined || this.#isOver()) return this;
    if (typeof key !== "string") return this.setAttribute(toText(key), value);
    if (key === "" || !isAttributeValue(value)) {
      diag.warn(`otel-rerun: attribute "${key}" has no name, or a value of a kind OpenTelemetry does not know`);
      return this;
    }
    if (!Object.hasOwn(this.attributes, key)) {
      if (this.#attributeCount >= this.#limits.attributeCountLimit) {
        this.#droppedAttributes++;
        return this;
      }
      this.#attributeCount++;
    }
    setOwn(this.attributes, key, limitLength(value, this.#limits.attributeValueLengthLimit));
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key of keysOf(attributes)) this.setAttribute(key, valueAt(attributes, key));
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isOver()) return this;
    const { eventCountLimit, attributePerEventCountLimit, attributeValueLengthLimit } = this.#limits;
    if (this.#events.length >= eventCountLimit) {
      this.#droppedEvents++;
      if (eventCountLimit === 0) return this;
      this.#events.shift();
    }
    const isTime = isTimeInput(attributesOrTime);
    const given = isTime ? undefined : attributesOrTime;
    const at = isTime && !isTimeInput(time) ? attributesOrTime : time;
    const { attributes, dropped } = limitAttributes(given, attributePerEventCountLimit, attributeValueLengthLimit);
    this.#events.push({
      name: toText(name),
      time: this.#time.at(at),
      attributes: attributes as model.Attributes,
      droppedAttributesCount: dropped,
    });
    return this;
  }

  /** One without a context leads nowhere. */
  addLink(link: Link): this {
    if (this.#isOver()) return this;
    if (!hasIds(link?.context)) {
      this.#droppedLinks++;
      return this;
    }
    const { linkCountLimit, attributePerLinkCountLimit, attributeValueLengthLimit } = this.#limits;
    if (this.links.length >= linkCountLimit) {
      this.#droppedLinks++;
      if (linkCountLimit === 0) return this;
      this.links.shift();
    }
    const { attributes, dropped } = limitAttributes(
      link.attributes,
      attributePerLinkCountLimit,
      attributeValueLengthLimit,
    );
    const limited: LimitedLink = { context: link.context };
    if (Object.keys(attributes).length > 0) limited.attributes = attributes;
    if (dropped > 0) limited.droppedAttributesCount = dropped;
    this.links.push(limited);
    return this;
  }

  addLinks(links: readonly Link[]): this {
    if (Array.isArray(links)) for (const link of links) this.addLink(link);
    return this;
  }

  /** OK is final, UNSET changes nothing; only an error has a message (OTel spec, "Set Status"). */
  setStatus(status: SpanStatus): this {
    if (this.#isOver() || !status?.code || this.#status.code === SpanStatusCode.OK) return this;
    this.#status =
      status.code === SpanStatusCode.ERROR && typeof status.message === "string"
        ? { code: status.code, message: status.message }
        : { code: status.code };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isOver()) this.#name = toText(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = exceptionAttributes(exception);
    if (attributes !== undefined) this.addEvent("exception", attributes, time);
  }

  /** A part of this span's own work, known by its borders only (an Express layer); the writer makes a child span of it. */
  addSegment(segment: model.SpanSegment): this {
    if (this.#isOver()) return this;
    this.#segments ??= [];
    this.#segments.push(segment);
    return this;
  }

  /** An end before the start counts as the start. Ending twice does nothing. */
  end(endTime?: TimeInput): void {
    if (this.#isOver()) return;
    this.#endTime = notBefore(this.#start.startTime, this.#time.at(endTime));
    this.#recorder?.spanEnd(this.#toModel(this.#endTime));
  }

  #toModel(endTime: bigint): model.Span {
    const { traceId, spanId, kind, startTime, resource, parentSpanId, parentIsRemote } = this.#start;
    const span: Building<model.Span> = {
      traceId,
      spanId,
      name: this.#name,
      kind,
      startTime,
      endTime,
      status: this.#status as model.SpanStatus,
      attributes: this.attributes as model.Attributes,
      events: this.#events,
      links: this.links.length === 0 ? NO_LINKS : this.links.map(toModelLink),
      scope: this.instrumentationScope,
      resource,
    };
    if (parentSpanId !== undefined) span.parentSpanId = parentSpanId;
    if (parentIsRemote !== undefined) span.parentIsRemote = parentIsRemote;
    if (this.#segments !== undefined) span.segments = this.#segments;
    if (this.#droppedAttributes > 0) span.droppedAttributes = this.#droppedAttributes;
    if (this.#droppedEvents > 0) span.droppedEvents = this.#droppedEvents;
    if (this.#droppedLinks > 0) span.droppedLinks = this.#droppedLinks;
    return span;
  }

  #isOver(): boolean {
    if (this.#endTime === undefined) return false;
    diag.warn(`otel-rerun: span "${this.#name}" has ended; what is set on it now is lost`);
    return true;
  }
}

const NO_LINKS: readonly model.SpanLink[] = [];

function toModelLink({ context, attributes }: LimitedLink): model.SpanLink {
  return { traceId: context.traceId, spanId: context.spanId, attributes: (attributes ?? {}) as model.Attributes };
}
