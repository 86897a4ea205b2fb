import { installOtel } from "./otel/install.ts";
import { installPage } from "./page/install.ts";
import { installWriter } from "./writer-entry.ts";

// What this entry does when it is loaded: it fills a few hooks. Nothing runs, opens or is patched before the first row.
installWriter();
installOtel();
installPage();

export { type BlackBox, type BlackBoxOptions, blackBox, type DumpReason } from "../instrumentation/run/black-box.ts";
export { AnyValues } from "./archetypes/any-values.ts";
// For applications: recordings, what to log, when, and what goes wrong.
export * from "./archetypes/index.ts";
// For libraries that build on this one: own archetypes, contexts, thresholds, numbers.
export type { DataType } from "./arrow/datatype.ts";
export { RerunError, type RerunErrorCode } from "./errors.ts";
export { BatcherConfig } from "./pipeline/batcher-config.ts";
export type { BatcherHooks, RowInserted, RowsFlushed } from "./pipeline/batcher-hooks.ts";
export type { DropReason, FlushReason, RecordingStats } from "./pipeline/recording-stats.ts";
export type { TimeColumn } from "./pipeline/row-encoder.ts";
export type { FlushError, FlushResult } from "./recording/barriers.ts";
export type { BatcherOptions } from "./recording/batcher-settings.ts";
export type { BlueprintRowWriter, LoggableBlueprint } from "./recording/blueprint/blueprint.ts";
export type { ColumnsInput } from "./recording/component-batches.ts";
export {
  getDataRecording,
  getGlobalDataRecording,
  getThreadLocalDataRecording,
  setGlobalDataRecording,
  setThreadLocalDataRecording,
} from "./recording/context/active-recording.ts";
export { addRecordingResolver, type RecordingResolver } from "./recording/context/recording-resolvers.ts";
export type { RecordingScope } from "./recording/context/scope.ts";
export { contextWithRecording, recordingFromContext } from "./recording/context/scope.ts";
export type { WeakRecording } from "./recording/context/weak-recording.ts";
export type { EntityPathInput } from "./recording/entity-path-input.ts";
export * from "./recording/free-functions.ts";
export type { ChunksInput } from "./recording/import/chunk-copies.ts";
export type { DataFrameInput } from "./recording/import/data-frame.ts";
export type { LogFileOptions } from "./recording/import/file-import.ts";
export type { RecordBatchOptions } from "./recording/import/record-batch.ts";
export { type InitOptions, init } from "./recording/init.ts";
export type { RecordingHandle } from "./recording/process/share.ts";
export type { LogRecordExporter, MetricExporter, MetricExporterOptions } from "./recording/process/signal-exporters.ts";
export { type RecordedOptions, recorded } from "./recording/recorded.ts";
export type {
  BlueprintOptions,
  ConnectGrpcOptions,
  FlushOptions,
  GrpcOptions,
  Loggable,
  LogOptions,
  RecordingStreamOptions,
  SaveOptions,
  ServedRecording,
  ServeGrpcOptions,
  SinkOptions,
} from "./recording/recording-options.ts";
export { RecordingStream } from "./recording/recording-stream.ts";
export {
  type ParsedRerunArgs,
  parseRerunArgs,
  type RerunArgs,
  type RerunSetup,
  setupFromArgs,
} from "./recording/rerun-args.ts";
export type { BinaryStream, BinaryStreamOptions } from "./recording/sinks/binary-stream.ts";
export { type BufferedSinkOptions, bufferedSink } from "./recording/sinks/buffered-sink.ts";
export { CallbackSink } from "./recording/sinks/callback-sink.ts";
export type { MemoryRecording } from "./recording/sinks/memory-recording.ts";
export type { RecordingSink } from "./recording/sinks/recording-sink.ts";
export type { SinkHandle } from "./recording/sinks/sink-handle.ts";
export {
  type ByteSize,
  fileSink,
  grpcServerSink,
  grpcSink,
  type ListeningSink,
  stdoutSink,
} from "./recording/sinks/sink-values.ts";
export type { SpawnedViewer, SpawnOptions } from "./recording/sinks/spawn-viewer.ts";
export type { NodeWritable, ToStreamOptions } from "./recording/sinks/stream-sink.ts";
export type { WebViewer, WebViewerOptions } from "./recording/sinks/web-viewer.ts";
export type { ExportResult } from "./recording/span-intake.ts";
export { setStrictMode } from "./recording/strict.ts";
export type { TelemetryOptions } from "./recording/telemetry-options.ts";
export { type TimeColumnValues, timeColumn } from "./recording/time/time-column.ts";
export type { Moment, TimeMap, TimeValue } from "./recording/time/time-value.ts";
export { normalizeApplicationId } from "./rrd/application-id.ts";
export type { AsComponents, ComponentBatch, ComponentColumnBatch, ComponentSpec } from "./rrd/component-batch.ts";
export type { ComponentDescriptor } from "./rrd/component-descriptor.ts";
export {
  entityPath,
  entityPathParts,
  escapeEntityPathPart,
  parseEntityPath,
  parseEntityPathStrict,
} from "./rrd/entity-path.ts";
export type { LogMessage } from "./rrd/log-message.ts";
export type { ArrowInput } from "./rrd/reader/arrow-table.ts";
export type { OverflowPolicy, SinkStatus } from "./sinks/sink.ts";
export type { SinkDelivery } from "./sinks/sink-delivery.ts";
export { VERSION as version } from "./version.ts";
