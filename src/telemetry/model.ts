/**
 * The neutral model: spans, logs and metric points as every source delivers them (our tracer, OTel SDK 1/2/3, OTLP, Jaeger,
 * Zipkin) and as the one layout draws them. Times are nanoseconds since the Unix epoch; ids are lower-case hex.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** OTel JS numbering; OTLP's is one higher. */
export const SpanKind = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } as const;
export type SpanKind = (typeof SpanKind)[keyof typeof SpanKind];

/** 0 unset, 1 ok, 2 error. */
export interface SpanStatus {
  readonly code: 0 | 1 | 2;
  readonly message?: string;
}

export interface Scope {
  readonly name: string;
  readonly version?: string;
}

export interface Resource {
  readonly attributes: Attributes;
}

export interface SpanEvent {
  readonly name: string;
  readonly time: bigint;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** What is known when a span starts. */
export interface SpanStart {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** The parent lives in another process: this span is a local root. */
  readonly parentIsRemote?: boolean;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: bigint;
  readonly resource: Resource;
}

/**
 * A part of a span's own work that is known by its borders only (an Express layer). Segments cost the caller no span: the writer
 * makes child spans of them, with ids from `segmentSpanId(span.spanId, index)`, so a segment can be a parent before it is written.
 */
export interface SpanSegment {
  readonly name: string;
  readonly startTime: bigint;
  readonly endTime: bigint;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
}

export interface Span extends SpanStart {
  readonly endTime: bigint;
  readonly segments?: readonly SpanSegment[];
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly scope: Scope;
  readonly droppedAttributes?: number;
  readonly droppedEvents?: number;
  readonly droppedLinks?: number;
  /** It was open when the recording ended; `endTime` is the last that is known of it. */
  readonly isUnfinished?: true;
}

/** Severity as in OTel: 1–4 trace, 5–8 debug, 9–12 info, 13–16 warn, 17–20 error, 21–24 fatal. */
export interface LogRecord {
  readonly time: bigint;
  readonly severityNumber?: number;
  readonly severityText?: string;
  /** Text, or anything else as JSON. */
  readonly body: AttributeValue;
  readonly eventName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes: Attributes;
  readonly scope: Scope;
  readonly resource: Resource;
}

export interface MetricPoint {
  readonly name: string;
  readonly unit: string;
  readonly description?: string;
  readonly time: bigint;
  readonly startTime?: bigint;
  readonly attributes: Attributes;
  readonly resource: Resource;
  readonly data:
    | { readonly type: "gauge"; readonly value: number }
    | { readonly type: "sum"; readonly value: number; readonly isMonotonic: boolean; readonly isDelta: boolean }
    | {
        readonly type: "histogram";
        readonly isDelta: boolean;
        readonly count: number;
        readonly sum?: number;
        readonly min?: number;
        readonly max?: number;
        /** Upper bounds; one less than the counts. */
        readonly bounds: readonly number[];
        readonly counts: readonly number[];
      }
    | {
        readonly type: "exponential-histogram";
        readonly isDelta: boolean;
        readonly count: number;
        readonly sum?: number;
        readonly scale: number;
        readonly zeroCount: number;
        readonly positive: { readonly offset: number; readonly counts: readonly number[] };
        readonly negative: { readonly offset: number; readonly counts: readonly number[] };
      };
}
