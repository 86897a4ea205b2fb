/**
 * The parts of OpenTelemetry's SDK types that we read, structurally, so that one set of classes fits SDK 1.x, 2.x and 3.x and no
 * SDK package is needed: an SDK peer, even an optional one, breaks installs of the other lines.
 */
import type { Context, SpanContext } from "@opentelemetry/api";

/** Something read-only while it is put together: optional members are set one by one, which costs a tenth of spreading them. */
export type Building<T> = { -readonly [Key in keyof T]: T[Key] };

/** Seconds and nanoseconds since the Unix epoch. */
export type HrTime = readonly [seconds: number, nanoseconds: number];

/** `code` 0 is success, 1 is failure. */
export interface ExportResult {
  code: 0 | 1;
  error?: Error;
}

export type ExportCallback = (result: ExportResult) => void;

export const EXPORT_SUCCESS = 0;
export const EXPORT_FAILED = 1;

export interface ReadableResource {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Detectors still run: `attributes` is incomplete until `waitForAsyncAttributes` resolves. */
  readonly asyncAttributesPending?: boolean | undefined;
  waitForAsyncAttributes?(): Promise<void>;
}

export interface ReadableScope {
  readonly name: string;
  readonly version?: string | undefined;
}

export interface ReadableEvent {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

export interface ReadableLink {
  readonly context: SpanContext;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** A span as SDKs give it to processors and exporters. */
export interface ReadableSpan {
  readonly name: string;
  readonly kind: number;
  spanContext(): SpanContext;
  /** SDK 2.x and 3.x. */
  readonly parentSpanContext?: SpanContext | undefined;
  /** SDK 1.x. */
  readonly parentSpanId?: string | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly ReadableEvent[];
  readonly links: readonly ReadableLink[];
  readonly resource: ReadableResource;
  /** SDK 2.x and 3.x. */
  readonly instrumentationScope?: ReadableScope | undefined;
  /** SDK 1.x. */
  readonly instrumentationLibrary?: ReadableScope | undefined;
  readonly droppedAttributesCount?: number | undefined;
  readonly droppedEventsCount?: number | undefined;
  readonly droppedLinksCount?: number | undefined;
}

export interface SpanProcessor {
  onStart(span: ReadableSpan, parentContext: Context): void;
  onEnd(span: ReadableSpan): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface SpanExporter {
  export(spans: ReadableSpan[], resultCallback: ExportCallback): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface ReadableLogRecord {
  readonly hrTime: HrTime;
  readonly hrTimeObserved?: HrTime | undefined;
  readonly spanContext?: SpanContext | undefined;
  readonly severityText?: string | undefined;
  readonly severityNumber?: number | undefined;
  readonly body?: unknown;
  readonly eventName?: string | undefined;
  readonly resource: ReadableResource;
  readonly instrumentationScope: ReadableScope;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface LogRecordProcessor {
  onEmit(record: ReadableLogRecord, context?: Context): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface LogRecordExporter {
  export(records: ReadableLogRecord[], resultCallback: ExportCallback): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** `DataPointType` of the metrics SDK. */
export const DATA_POINT_TYPE = { histogram: 0, exponentialHistogram: 1, gauge: 2, sum: 3 } as const;

/** `AggregationTemporality` of the metrics SDK; OTLP's numbers are one higher. */
export const TEMPORALITY = { delta: 0, cumulative: 1 } as const;

export interface ReadableDataPoint {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

export interface ReadableMetric {
  readonly descriptor: { readonly name: string; readonly description?: string; readonly unit?: string };
  readonly aggregationTemporality?: number;
  readonly dataPointType: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly ReadableDataPoint[];
}

export interface ResourceMetrics {
  readonly resource: ReadableResource;
  readonly scopeMetrics: readonly { readonly scope: ReadableScope; readonly metrics: readonly ReadableMetric[] }[];
}

export interface PushMetricExporter {
  export(metrics: ResourceMetrics, resultCallback: ExportCallback): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  selectAggregationTemporality?(instrumentType: string): number;
}
