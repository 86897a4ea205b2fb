/** `otel-rerun/otel`: recordings as parts of an OpenTelemetry SDK, of any line from 1.30 on. */

// For applications.

export { RecordingContextManager } from "./otel/recording-context-manager.ts";
export { RecordingLogRecordExporter } from "./otel/recording-log-record-exporter.ts";
export { RecordingLogRecordProcessor } from "./otel/recording-log-record-processor.ts";
export { RecordingMetricExporter, type RecordingMetricExporterOptions } from "./otel/recording-metric-exporter.ts";
export { RecordingPropagator, type RecordingPropagatorOptions } from "./otel/recording-propagator.ts";
export { RecordingSpanExporter } from "./otel/recording-span-exporter.ts";
export { RecordingSpanProcessor, type RecordingSpanProcessorOptions } from "./otel/recording-span-processor.ts";
export { RecordingTracerProvider, type RecordingTracerProviderOptions } from "./otel/recording-tracer-provider.ts";
export { contextWithRecording, recordingFromContext } from "./recording/scope.ts";

// For other libraries.

export type { FlushScheduleOptions } from "./otel/flush-schedule.ts";
export type { IncomingRecordingsOptions } from "./otel/incoming-recordings.ts";
export type { IntakeOptions } from "./otel/intake.ts";
export type { AttachedContext } from "./otel/recording-context-manager.ts";
export type { SpanLimits } from "./otel/span-limits.ts";
export type {
  ExportCallback,
  ExportResult,
  LogRecordExporter,
  LogRecordProcessor,
  PushMetricExporter,
  ReadableLogRecord,
  ReadableSpan,
  ResourceMetrics,
  SpanExporter,
  SpanProcessor,
} from "./otel/types.ts";
