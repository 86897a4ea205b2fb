/** `otel-rerun/otel`: recordings as parts of an OpenTelemetry SDK, of any line from 1.30 on. */

// For applications.

export { RecordingContextManager } from "./otel/context/recording-context-manager.ts";
export { RecordingPropagator, type RecordingPropagatorOptions } from "./otel/context/recording-propagator.ts";
export { RecordingLogRecordExporter } from "./otel/sdk/recording-log-record-exporter.ts";
export { RecordingLogRecordProcessor } from "./otel/sdk/recording-log-record-processor.ts";
export { RecordingMetricExporter, type RecordingMetricExporterOptions } from "./otel/sdk/recording-metric-exporter.ts";
export { RecordingSpanExporter } from "./otel/sdk/recording-span-exporter.ts";
export { RecordingSpanProcessor, type RecordingSpanProcessorOptions } from "./otel/sdk/recording-span-processor.ts";
export {
  RecordingTracerProvider,
  type RecordingTracerProviderOptions,
} from "./otel/tracer/recording-tracer-provider.ts";
export { contextWithRecording, recordingFromContext } from "./recording/context/scope.ts";

// For other libraries.

export type { AttachedContext } from "./otel/context/recording-context-manager.ts";
export type { IntakeOptions } from "./otel/intake.ts";
export type { FlushScheduleOptions } from "./otel/recordings/flush-schedule.ts";
export type { IncomingRecordingsOptions } from "./otel/recordings/incoming-recordings.ts";
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
} from "./otel/sdk/types.ts";
export type { SpanLimits } from "./otel/tracer/span-limits.ts";
